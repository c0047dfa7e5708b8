"""Which SMTP server letters go to, read from one URL.

``smtp://user:password@host:587``            STARTTLS, and nothing is sent without it
``smtps://user:password@host``               TLS from the first byte
``smtp://host:25?tls=none&connections=8``    plain text, because the operator says so

``?ca=/path/to/ca.pem`` trusts a private authority, ``?letters=100`` opens a new
connection after so many letters, as some servers ask for. TLS is never given up
silently: a server that does not offer it gets no letter.
"""

import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from newsletter.common.errors import ConfigurationError

# RFC 5321, 4.5.3.2.6 asks for ten minutes after the final dot, lest a letter be sent twice. A task
# does not live so long (celeryconfig.py); and nothing is sent twice here, for what was not
# answered is in doubt, and is told apart later.
PATIENCE_SECONDS = 120.0
_PORTS = {"smtp": 587, "smtps": 465}
_OPTIONS = {"tls", "connections", "ca", "letters"}


class Tls(StrEnum):
    """When the connection is encrypted."""

    NONE = "none"
    STARTTLS = "required"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to connect, how, and as whom."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = ""
    connections: int = 4
    ca_file: str = ""
    letters: int = 0
    """How many letters a connection may carry; 0 for any number."""
    local_name: str = "localhost"
    patience: float = PATIENCE_SECONDS
    """How long a reply may take."""

    def context(self) -> ssl.SSLContext:
        """Return what certificates are checked against; they always are."""
        return ssl.create_default_context(cafile=self.ca_file or None)


def parse_server(url: str, local_name: str) -> SmtpServer:
    """Read ``url``; raises :class:`ConfigurationError` that says which part is wrong."""
    parts, port = _split(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _wrong("smtp://… 또는 smtps://…", "an smtp:// or smtps:// URL")
    options = dict(parse_qsl(parts.query))
    if unknown := set(options) - _OPTIONS:
        raise _wrong(f"알려진 옵션만 ({unknown.pop()} 아님)", f"one of {sorted(_OPTIONS)}")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=_tls(parts, options.get("tls", Tls.STARTTLS)),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        connections=_connections(options.get("connections", "4")),
        ca_file=options.get("ca", ""),
        letters=_letters(options.get("letters", "0")),
        local_name=local_name,
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a bracket without its pair, a port that is no number
        raise _wrong("smtp://host:587", "a host and a port as in smtp://host:587") from None
    return parts, port


def _tls(parts: SplitResult, wish: str) -> Tls:
    if parts.scheme == "smtps":
        return Tls.IMPLICIT
    if wish not in {Tls.NONE, Tls.STARTTLS}:
        raise _wrong("tls=required 또는 tls=none", "tls=required or tls=none")
    return Tls(wish)


def _connections(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:  # noqa: PLR2004 - no server welcomes more
        raise _wrong("connections=1 … 100", "connections=1 to 100")
    return int(text)


def _letters(text: str) -> int:
    if not text.isdecimal():
        raise _wrong("letters=100", "letters=100")
    return int(text)


def _wrong(ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(
        "config.smtp_url", f"SMTP_URL 형식: {ko}", f"SMTP_URL must have {en}.", place="SMTP_URL"
    )
