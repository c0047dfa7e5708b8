"""The real web server as a proxy in front of it meets it, header by header."""

import http.client
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

from newsletter.commands import children
from tests.servers import running, wait_until

HTTPS = ("X-Forwarded-Proto", "https")


@contextmanager
def site(system, **more: str) -> Iterator[None]:
    """Run the web server of ``newsletter up`` as a site with https, behind a proxy."""
    system.command("status")
    own = {"BASE_URL": "https://news.example.com", "WEB_PORT": str(settings.WEB_PORT), **more}
    environment = {**os.environ, **system.settings, **own}
    web = next(child for child in children.system() if child.name == "web")
    with running(*web.command, log=system.data_dir / "terminal", env=environment):
        wait_until(web.ready, "the web server")
        yield


def ask(method: str, path: str, headers: Sequence[tuple[str, str]], body: str = ""):
    """Speak as a proxy does: the headers as they are, each on its own line."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.WEB_PORT, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", str(len(body))),
    ]
    for name, value in [("Host", "news.example.com"), *headers, *(form if body else ())]:
        connection.putheader(name, value)
    connection.endheaders(body.encode() or None)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def sign_up(number: int, *hops: tuple[str, str]) -> int:
    """Fill the form in, through a proxy that adds these lines; return the status."""
    page = ask("GET", "/", [HTTPS])
    token = page.headers["Set-Cookie"].partition("csrftoken=")[2].partition(";")[0]
    headers = [("Cookie", f"csrftoken={token}"), ("Origin", "https://news.example.com"), HTTPS]
    body = f"csrfmiddlewaretoken={token}&email=r{number}%40example.com&cadences=weekly&language=ko"
    return ask("POST", "/subscribe/", [*headers, *hops], body).status


def test_a_header_that_a_visitor_sends_opens_no_new_count(system):
    with site(system, TRUSTED_PROXIES="127.0.0.1"):
        for number in range(6):
            status = sign_up(
                number,
                ("X-Forwarded-For", f"192.0.2.{number}"),
                ("X_Forwarded_For", f"192.0.2.{number}"),
                ("Forwarded", f"for=192.0.2.{number}"),
                ("X-Real-IP", f"192.0.2.{number}"),
                ("X-Forwarded-For", f"203.0.113.9:{4000 + number}"),
            )
        assert status == 429
        assert sign_up(7, ("X-Forwarded-For", "203.0.113.10")) == 200


def test_https_is_promised_to_whom_a_declared_proxy_served_by_https(system):
    with site(system, TRUSTED_PROXIES="127.0.0.1"):
        promised = ask("GET", "/", [HTTPS]).headers["Strict-Transport-Security"]
        assert promised == "max-age=2592000"
        assert ask("GET", "/", []).headers["Strict-Transport-Security"] is None
        # It is the proxy that redirects: a health check or a one-click POST must never be.
        assert ask("GET", "/healthz", []).status == 200


def test_no_visitor_moves_the_site_below_another_path(system):
    with site(system, TRUSTED_PROXIES="127.0.0.1"):
        for name in ("SCRIPT_NAME", "PATH_INFO", "Script-Name"):
            assert ask("GET", "/", [HTTPS, (name, "/desk")]).status == 200


def test_the_doctor_finds_a_proxy_that_is_not_declared(system):
    with site(system):
        for visitor in ("198.51.100.1", "198.51.100.2"):
            assert ask("GET", "/", [("X-Forwarded-For", visitor)]).status == 200
    finding = next(one for one in settings_found(system) if "TRUSTED_PROXIES" in one["en"])
    assert finding["level"] == "WARN"
    assert "127.0.0.1" in finding["ko"]
    assert finding["remedy_en"].endswith("TRUSTED_PROXIES=127.0.0.1")
    assert not settings_found(system, TRUSTED_PROXIES="127.0.0.1")
    (more,) = settings_found(system, TRUSTED_PROXIES="10.0.0.0/8")
    assert more["remedy_en"].endswith("TRUSTED_PROXIES=10.0.0.0/8,127.0.0.1")


def settings_found(system, **more: str) -> list[dict]:
    checks = json.loads(system.command("doctor", "--json", **more).stdout)["checks"]
    return [check for check in checks if "TRUSTED_PROXIES" in check["en"]]
