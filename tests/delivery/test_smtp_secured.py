"""F15: encryption and login that are asked for are never given up in silence."""

import pytest
from aiosmtpd.smtp import AuthResult

from newsletter.common.errors import ConfigurationError
from newsletter.delivery.backends.base import HaltSending, SendReceipt, Unavailable
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import Tls, parse_server
from tests.delivery.given import a_letter, a_message
from tests.delivery.smtp_servers import Script, scripted_server, smtp_server


def send(url, count=5):
    """Send letters 1…count; return what became of each."""
    backend = SmtpBackend(parse_server(url, "localhost"))
    outcomes = list(backend.send(a_letter(), [a_message(n) for n in range(1, count + 1)]))
    backend.close()
    return {outcome.delivery_id: outcome.result for outcome in outcomes}


def kinds(results):
    return [type(results[number]) for number in sorted(results)]


def test_a_server_that_does_not_offer_starttls_gets_no_letter():
    """STARTTLS stripped on the way: never downgraded."""
    script = Script()
    with scripted_server(script) as port:
        results = send(f"smtp://user:secret@127.0.0.1:{port}")
    assert kinds(results) == [HaltSending] * 5
    assert script.received == []
    assert not [line for line in script.commands if line.startswith(("AUTH", "MAIL"))]


class Keeping:
    """Keeps who logged in and what came."""

    def __init__(self):
        self.login, self.letters, self.encrypted = None, [], []

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 - aiosmtpd finds it by this name
        self.letters += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 ok"

    def __call__(self, _server, _session, _envelope, mechanism, data):
        self.login = (mechanism, data.login, data.password)
        return AuthResult(success=data.password == b"s3cret@", handled=False)


def test_starttls_then_the_password(certificate):
    ca, context = certificate
    handler = Keeping()
    options = {"tls_context": context, "authenticator": handler, "auth_required": True}
    with smtp_server(handler, require_starttls=True, **options) as port:
        results = send(f"smtp://user:s3cret%40@127.0.0.1:{port}?ca={ca}")
    assert kinds(results) == [SendReceipt] * 5
    assert handler.encrypted == [True] * 5
    assert handler.login == ("PLAIN", b"user", b"s3cret@")


def test_tls_from_the_first_byte_and_login_where_plain_is_not_offered(certificate):
    ca, context = certificate
    handler = Keeping()
    options = {"authenticator": handler, "auth_exclude_mechanism": ["PLAIN"]}
    with smtp_server(handler, implicit_tls=context, auth_require_tls=False, **options) as port:
        results = send(f"smtps://user:s3cret%40@127.0.0.1:{port}?ca={ca}")
    assert kinds(results) == [SendReceipt] * 5
    assert handler.login == ("LOGIN", b"user", b"s3cret@")


def test_a_wrong_password_stops_everything(certificate):
    ca, context = certificate
    handler = Keeping()
    options = {"tls_context": context, "authenticator": handler}
    with smtp_server(handler, require_starttls=True, **options) as port:
        results = send(f"smtp://user:wrong@127.0.0.1:{port}?ca={ca}")
    assert kinds(results) == [HaltSending] * 5
    assert handler.letters == []


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(certificate):
    _, context = certificate
    handler = Keeping()
    with smtp_server(handler, tls_context=context) as port:
        results = send(f"smtp://127.0.0.1:{port}")
    assert kinds(results) == [Unavailable] * 5
    assert handler.letters == []


def test_the_url_says_it_all():
    server = parse_server("smtp://me:p%40ss@mx.example.org?connections=9", "news.example.org")
    assert (server.host, server.port, server.tls) == ("mx.example.org", 587, Tls.STARTTLS)
    assert (server.user, server.password, server.connections) == ("me", "p@ss", 9)
    assert parse_server("smtps://mx.example.org", "x").port == 465


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mx.example.org",
        "http://x",
        "smtp://x?tls=maybe",
        "smtp://x?conections=3",
        "smtp://x?connections=0",
        "smtp://x:587x",
        "smtp://[::1",
    ],
)
def test_a_url_that_means_nothing_is_refused(url):
    with pytest.raises(ConfigurationError) as refused:
        parse_server(url, "localhost")
    assert refused.value.place == "SMTP_URL"
