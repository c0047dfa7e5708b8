"""A real site on a real port, among clients that send half, read slowly, or log in by the dozen."""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self

import httpx
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from newsletter.commands import children
from newsletter.subscribers.models import Subscriber
from newsletter.web.server import Patience
from tests.faults.engine import test_database_url
from tests.faults.sizes import SOAK, sized
from tests.ports import free_port
from tests.readers import a_reader, gets, unsubscribe_path
from tests.servers import running, wait_until
from tests.web.a_site import Site

CLIENTS = 40
# What a site has open for itself (on PostgreSQL a connection for each thread), and a visitor.
FEW = 20
COMMAND = (sys.executable, "-m", "newsletter.web.server")
PASSWORD = "a long and quiet morning"
# In a full run, the times of earnest; else short ones, so that their end is seen.
PATIENCE = Patience() if SOAK else Patience(request=3, answer=4)
IMPATIENT = (sys.executable, "-c", (
    "import sys; from newsletter.web.server import Patience, serve;"
    f"serve(int(sys.argv[1]), patience={PATIENCE})"
))  # fmt: skip
SECONDS = sized(2, soak=60)
# How soon a page has to come: a second, where the machine is quiet.
SOON = sized(10, soak=1)

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /webhooks/sendgrid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n["
)
HALF_A_CHUNK = (
    b"POST /webhooks/sendgrid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFF\r\n["
)
# More than all the buffers on the way, and then one byte at a time is read.
MANY_PICTURES = b"GET /static/web/card-site.png HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
NOTHING = b""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def serve(port, tmp_path) -> Iterator[Callable[..., Site]]:
    """Start the site on the test's database, with this command."""
    environment = {"WEB_PORT": str(port), "DATABASE_URL": test_database_url(), "BASE_URL": ""}
    with ExitStack() as stack:

        def start(*command: str, **settings: str) -> Site:
            log = tmp_path / "web.log"
            own = {**os.environ, "PYTHONFAULTHANDLER": "1", **environment, **settings}
            program = running(*command, log=log, env=own)
            process = stack.enter_context(program)
            wait_until(lambda: children.serves(port), f"the site: {log.read_text()}")
            return Site(f"http://127.0.0.1:{port}", process, log)

        yield start


@pytest.fixture
def site(serve, port) -> Site:
    """The site as ``newsletter up`` starts it, only less patient."""
    return serve(*IMPATIENT, str(port))


class Crowd:
    """Clients that have said what they say, and from then on give and take a byte a second."""

    def __init__(self, port: int, words: bytes, *, read: bool) -> None:
        self._clients = [self._client(port, words) for _ in range(CLIENTS)]
        self._read = read
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._trickle)

    def _client(self, port: int, words: bytes) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(words)
        client.setblocking(False)
        return client

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for client in self._clients:
            client.close()

    def _trickle(self) -> None:
        while not self._over.wait(1):
            for client in self._clients:
                with contextlib.suppress(OSError):  # nothing to read yet, or shut out
                    _ = client.recv(1) if self._read else client.send(b"x")


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(HALF_A_HEAD, id="half a head"),
        pytest.param(HALF_A_BODY, id="half a body"),
        pytest.param(HALF_A_CHUNK, id="half a chunk"),
        pytest.param(MANY_PICTURES, id="slow readers"),
        pytest.param(NOTHING, id="a byte at a time from the first"),
    ],
)
def test_forty_slow_clients_keep_nobody_waiting_and_are_shut_out_in_the_end(site, port, words):
    with Crowd(port, words, read=words is MANY_PICTURES):
        wait_until(lambda: site.connections() >= CLIENTS, "forty connections")
        over = time.monotonic() + SECONDS
        while time.monotonic() < over:
            assert httpx.get(f"{site.url}/healthz", timeout=SOON).status_code == 200
            time.sleep(0.2)
        wait_until(lambda: site.connections() < FEW, "their end", PATIENCE.answer + 30)
        assert httpx.get(f"{site.url}/healthz", timeout=SOON).status_code == 200


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_clock_that_is_put_back_an_hour_wins_a_slow_client_no_time(serve, port, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0")
    # The library alone: the program of that name hands no signal on.
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    by_file = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    faked = {"LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", **by_file}
    site = serve(*IMPATIENT, str(port), **faked)
    clock.write_text("-3600")
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(HALF_A_HEAD)
        client.settimeout(PATIENCE.request + 30)
        assert client.recv(1) == b"", "shut out"
    date = parsedate_to_datetime(httpx.get(f"{site.url}/healthz").headers["Date"])
    assert date.timestamp() < time.time() - 3000, "the clock was put back"


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_client_that_is_only_quiet_between_two_requests_may_go_on(site):
    """A connection is not judged by its age: each request has its own time."""
    peers = set()
    with httpx.Client() as client:
        over = time.monotonic() + PATIENCE.request * 2
        while time.monotonic() < over:
            answer = client.get(f"{site.url}/healthz")
            assert answer.status_code == 200
            peers.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
            time.sleep(PATIENCE.request / 6)
    assert len(peers) == 1, "one connection for all"


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_logins_by_the_dozen_keep_no_page_and_no_farewell_waiting(serve, tmp_path):
    site = serve(*COMMAND)
    User.objects.create(username="minji", password=make_password(PASSWORD))
    readers = [a_reader(f"reader{number}@example.com") for number in range(5)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        logins = [
            pool.submit(log_in, site, "a guess", name=f"somebody{number}")
            for number in range(CLIENTS)
        ]
        for reader in readers:
            assert httpx.get(f"{site.url}/healthz", timeout=SOON).status_code == 200
            farewell = httpx.post(
                site.url + unsubscribe_path(reader),
                data={"List-Unsubscribe": "One-Click"},
                timeout=SOON,
            )
            assert farewell.status_code == 200
        told = [login.result() for login in logins]
    assert [gets(reader) for reader in readers] == [set()] * 5
    busy = [answer for answer in told if answer.status_code == 503]
    assert busy, "not everybody can be looked at"
    assert {answer.headers["Retry-After"] for answer in busy} == {"5"}
    assert "몇 초 뒤에 다시 시도해 주세요" in busy[0].text
    assert "Service Unavailable" not in (tmp_path / "web.log").read_text(), "a line for each"
    assert log_in(site, PASSWORD).headers["Location"] == "/desk/", "and then the door is open"


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_stranger_who_logs_in_without_end_keeps_no_editor_out(serve):
    """A network has one place of those in which passwords are hashed."""
    site = serve(*COMMAND, TRUSTED_PROXIES="127.0.0.1")
    User.objects.create(username="minji", password=make_password(PASSWORD))
    over = threading.Event()

    def log_in_without_end(number: int) -> int:
        tried = 0
        while not over.is_set():
            name = f"somebody{number}-{tried}"
            tried += log_in(site, "a guess", name=name, by="203.0.113.66").status_code == 200
        return tried

    with ThreadPoolExecutor(6) as pool:
        strangers = [pool.submit(log_in_without_end, number) for number in range(6)]
        try:
            wait_until(lambda: site.connections() > 1, "the strangers")
            editors = [log_in(site, PASSWORD, by="198.51.100.7") for _ in range(3)]
        finally:
            over.set()
        assert [answer.status_code for answer in editors] == [302] * 3
        assert sum(stranger.result() for stranger in strangers), "they were hashed for, too"


def log_in(site: Site, password: str, *, name: str = "minji", by: str = "") -> httpx.Response:
    """Try to log in, as a browser does that has opened the form before."""
    headers = {"accept-language": "ko"} | ({"x-forwarded-for": by} if by else {})
    with httpx.Client(base_url=site.url, timeout=60, headers=headers) as browser:
        browser.get("/desk/login/")
        form = {"username": name, "password": password}
        return browser.post(
            "/desk/login/", data={**form, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        )


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_request_in_hand_is_answered_before_the_site_goes(serve):
    """A deployment stops it while a page still waits for the database."""
    site, reader = serve(*COMMAND), a_reader()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Subscriber.objects.select_for_update().get(pk=reader.pk)
            before = site.connections()
            farewell = pool.submit(
                httpx.post,
                site.url + unsubscribe_path(reader),
                data={"List-Unsubscribe": "One-Click"},
                timeout=30,
            )
            wait_until(lambda: site.connections() > before, "the request")
            # What came earlier is read earlier, and so the request is in hand by now.
            httpx.get(f"{site.url}/healthz", timeout=SOON)
            site.process.send_signal(signal.SIGTERM)
        assert farewell.result().status_code == 200
    assert site.ended() == 0
    assert gets(reader) == set()


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("trusted", "counted_apart"), [("127.0.0.1", True), ("", False)])
def test_a_proxy_says_who_asks_where_it_is_believed_and_only_there(serve, trusted, counted_apart):
    """The server hands the proxy's word on as it came; the setting decides."""
    site = serve(*COMMAND, TRUSTED_PROXIES=trusted)
    asked = [sign_up(site, f"reader{n}@example.com", "203.0.113.7") for n in range(6)]
    assert asked[-1] == 429
    other = sign_up(site, "somebody@example.com", "198.51.100.9")
    assert (other != 429) is counted_apart


def sign_up(site: Site, address: str, forwarded_for: str) -> int:
    headers = {"X-Forwarded-For": forwarded_for}
    with httpx.Client(base_url=site.url, headers=headers, timeout=60) as browser:
        browser.get("/")
        token = browser.cookies["csrftoken"]
        form = {"email": address, "cadences": ["weekly"], "language": "ko"}
        return browser.post("/subscribe/", data={**form, "csrfmiddlewaretoken": token}).status_code
