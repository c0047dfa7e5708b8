"""SendGrid, against an honest fake of its documented API: requests, limits and families of errors."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from email.utils import formatdate

import pytest

from newsletter.common.errors import ConfigurationError
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    NotHandedOver,
    SendReceipt,
    Throttled,
    Unavailable,
)
from newsletter.delivery.backends.sendgrid import SendGridBackend
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.delivery.given import a_letter, a_message


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


def send(fake, count=5, messages=None, key=KEY, **options):
    backend = SendGridBackend(key, fake.url, **options)
    messages = messages or [a_message(n) for n in range(1, count + 1)]
    outcomes = list(backend.send(a_letter(), messages))
    assert sorted(o.delivery_id for o in outcomes) == sorted(m.delivery_id for m in messages)
    return {o.delivery_id: o.result for o in outcomes}


def only(kind, results):
    assert {type(result) for result in results.values()} == {kind}
    return next(iter(results.values()))


def says(status, errors=None, **headers):
    body = None if errors is None else {"errors": errors}
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: answer(handler, status, body, fields)


def test_a_thousand_readers_are_one_request_and_more_are_more(sendgrid):
    receipt = only(SendReceipt, send(sendgrid, 1001))
    assert [len(body["personalizations"]) for body in sendgrid.requests] == [1000, 1]
    assert receipt.provider_id.startswith("sg-")
    assert len({mail["to"] for mail in sendgrid.mails}) == 1001


def test_a_slice_is_one_request_so_no_more_than_that_can_be_in_doubt(sendgrid):
    assert SendGridBackend(KEY, sendgrid.url, readers=250).slice_size == 250
    only(SendReceipt, send(sendgrid, 25, readers=10))
    assert [len(body["personalizations"]) for body in sendgrid.requests] == [10, 10, 5]


def test_the_body_travels_once_and_nobody_is_tracked(sendgrid):
    send(sendgrid, 3)
    (body,) = sendgrid.requests
    assert len(body["content"]) == 2
    assert {setting["enable"] for setting in body["tracking_settings"].values()} == {False}


def test_only_opaque_ids_travel_as_arguments(sendgrid):
    send(sendgrid, 1)
    assert sendgrid.mails[0]["custom_args"] == {"delivery": "1", "attempt": "a1"}


def test_an_address_that_comes_twice_goes_into_two_requests(sendgrid):
    messages = [a_message(1, address="a@example.com"), a_message(2, address="A@example.com")]
    only(SendReceipt, send(sendgrid, messages=messages))
    assert len(sendgrid.requests) == 2


def test_a_refusal_of_the_letter_itself_stops_everything(sendgrid):
    sendgrid.misbehave.append(says(400, [{"message": "not verified", "field": "from.email"}]))
    assert only(HaltSending, send(sendgrid, 1500)).reason == "http 400 from.email"
    assert len(sendgrid.requests) == 1


def test_f14_too_large_is_sent_in_halves(sendgrid):
    sendgrid.misbehave.append(says(413, [{"message": "too large", "field": None}]))
    only(SendReceipt, send(sendgrid, 100))
    assert [len(body["personalizations"]) for body in sendgrid.requests] == [100, 50, 50]


@pytest.mark.parametrize("status", [401, 403])
def test_f14_a_key_that_is_refused_stops_everything_after_one_request(sendgrid, status):
    sendgrid.misbehave.append(says(status, [{"message": "no", "field": None}]))
    only(HaltSending, send(sendgrid, 3000))
    assert len(sendgrid.requests) == 1


def test_a_wrong_key_is_refused_by_the_fake_too(sendgrid):
    only(HaltSending, send(sendgrid, key="SG.other"))


def in_seconds(seconds):
    return formatdate(time.time() + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X_RateLimit_Reset": lambda: str(int(time.time()) + 90)}, range(85, 91)),
        ({"Retry_After": lambda: "7"}, range(7, 8)),
        ({"Retry_After": lambda: in_seconds(120)}, range(115, 121)),
        ({"X_RateLimit_Reset": lambda: "soon", "Retry_After": lambda: "5"}, range(5, 6)),
        ({"X_RateLimit_Reset": lambda: "9999999999"}, range(600, 601)),
        ({"Retry_After": lambda: "1000000000"}, range(600, 601)),
    ],
)
def test_f11_a_limit_is_honoured_and_capped(sendgrid, headers, seconds):
    told = {name: value() for name, value in headers.items()}
    sendgrid.misbehave.append(says(429, [{"message": "slow", "field": None}], **told))
    began = time.monotonic()
    told_to_wait = only(Throttled, send(sendgrid, 3000)).retry_after
    late = time.monotonic() - began
    assert seconds[0] - late <= told_to_wait <= seconds[-1]
    assert len(sendgrid.requests) == 1, "nothing more in this call"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_RateLimit_Reset": "soon"},
        {"X_RateLimit_Reset": "1"},
        {"X_RateLimit_Reset": "9" * 40},
        {"Retry_After": "-5"},
        {"Retry_After": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"Retry_After": "1 Jan 99999999999 00:00:00 GMT"},
    ],
)
def test_f11_a_limit_without_a_time_or_with_nonsense_is_one_all_the_same(sendgrid, headers):
    sendgrid.misbehave.append(says(429, [{"message": "slow"}], **headers))
    assert only(Throttled, send(sendgrid)).retry_after is None


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_that_sendgrid_itself_reports_is_for_later(sendgrid, status):
    sendgrid.misbehave.append(says(status, [{"message": "oops", "field": None}]))
    only(Unavailable, send(sendgrid))


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_that_somebody_in_between_reports_leaves_it_in_doubt(sendgrid, status):
    sendgrid.misbehave.append(says(status))
    only(AmbiguousSendError, send(sendgrid))


def test_f10_an_answer_that_never_comes_leaves_it_in_doubt(sendgrid):
    sendgrid.misbehave.append(lambda _: time.sleep(0.5))
    backend = SendGridBackend(KEY, sendgrid.url, timeout=0.2)
    (outcome,) = backend.send(a_letter(), [a_message()])
    assert isinstance(outcome.result, AmbiguousSendError)


def test_f10_a_connection_cut_instead_of_an_answer_leaves_it_in_doubt(sendgrid):
    sendgrid.misbehave.append(lambda handler: handler.connection.shutdown(socket.SHUT_RDWR))
    only(AmbiguousSendError, send(sendgrid))


def test_f09_a_host_that_is_not_there_is_for_later(sendgrid):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sendgrid.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        only(Unavailable, send(sendgrid))


def test_without_a_key_it_does_not_start():
    with pytest.raises(ConfigurationError) as refused:
        SendGridBackend("")
    assert refused.value.place == "SENDGRID_API_KEY"


def test_f10_after_a_missing_answer_nothing_more_is_put_in_doubt(sendgrid):
    sendgrid.betray.append(lambda handler: handler.connection.shutdown(socket.SHUT_RDWR))
    results = send(sendgrid, 2500)
    kinds = [type(results[n]) for n in (1, 1000, 1001, 2500)]
    assert kinds == [AmbiguousSendError, AmbiguousSendError, NotHandedOver, NotHandedOver]
    assert len(sendgrid.mails) == 1000


def test_f09_a_certificate_that_is_not_trusted_is_for_later(sendgrid, tmp_path):
    with tls_server(tmp_path) as port:
        sendgrid.url = f"https://127.0.0.1:{port}"
        assert only(Unavailable, send(sendgrid)).reason == "connect SSLCertVerificationError"


def test_an_answer_that_is_no_yes_is_not_taken_for_one(sendgrid):
    """Such as the login page of a network in between."""
    sendgrid.misbehave.append(says(200))
    only(AmbiguousSendError, send(sendgrid))


def test_in_the_sandbox_everything_is_checked_and_nothing_sent(sendgrid):
    only(SendReceipt, send(sendgrid, sandbox=True))
    assert sendgrid.requests[0]["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert sendgrid.mails == []


def test_a_subject_that_could_break_a_header_stops_everything(sendgrid):
    letter = a_letter("주제\r\nBcc: a@example.com")
    (outcome,) = SendGridBackend(KEY, sendgrid.url).send(letter, [a_message()])
    assert isinstance(outcome.result, HaltSending)
    assert sendgrid.requests == []


@pytest.mark.parametrize("url", ["http://api.example.com", "ftp://127.0.0.2", "api.sendgrid.com"])
def test_the_key_never_travels_in_the_clear(url):
    with pytest.raises(ConfigurationError) as refused:
        SendGridBackend(KEY, url)
    assert refused.value.place == "SENDGRID_BASE_URL"


def test_the_european_region_is_an_address():
    SendGridBackend(KEY, "https://api.eu.sendgrid.com")


def self_signed(folder):
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -keyout {folder}/key.pem -out {folder}/cert.pem -subj /CN=localhost"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@contextlib.contextmanager
def tls_server(folder):
    """A server with a certificate that nobody signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(folder))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse_handshakes, args=(listener, context), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def refuse_handshakes(listener, context):
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client, contextlib.suppress(OSError):
                context.wrap_socket(client, server_side=True).close()
