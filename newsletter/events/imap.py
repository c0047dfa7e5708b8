"""Reads the mailbox that bounces come back to, over IMAP.

``imaps://user:password@host/INBOX``         TLS from the first byte
``imap://user:password@host``                STARTTLS, and nothing is read without it
``imap://user:password@host?tls=none``       plain text, because the operator says so

``?ca=/path/to/ca.pem`` trusts a private authority. A message is marked as seen only after what it tells is in the database, so a crash
reads it again and nothing is lost; what was not understood is flagged for a person.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from newsletter.common.errors import ConfigurationError, Refused

_SECONDS = 30
_PORTS = {"imap": 143, "imaps": 993}
# More wait for the next turn, so that one turn ends before its task's time does.
_AT_ONCE = 500

Take = Callable[[bytes], bool]
"""Keeps what a message tells; ``False`` if it was not understood."""


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where to connect, how, and as whom."""

    host: str
    port: int
    implicit_tls: bool
    plain: bool
    user: str
    password: str
    folder: str
    ca_file: str = ""

    def context(self) -> ssl.SSLContext:
        """Return what certificates are checked against; they always are."""
        return ssl.create_default_context(cafile=self.ca_file or None)


@dataclass(frozen=True, slots=True)
class MailboxRead:
    """How many messages were read, and how many of them are left to a person."""

    read: int = 0
    flagged: int = 0


def parse_server(url: str) -> ImapServer:
    """Read ``BOUNCE_IMAP_URL``; raises :class:`ConfigurationError` that says how it should look."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
        raise ConfigurationError(
            "config.bounce_imap_url",
            "BOUNCE_IMAP_URL 형식: imaps://사용자:비밀번호@호스트/폴더",
            "BOUNCE_IMAP_URL must look like imaps://user:password@host/folder",
            place="BOUNCE_IMAP_URL",
        )
    options = dict(parse_qsl(parts.query))
    return ImapServer(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        implicit_tls=parts.scheme == "imaps",
        plain=options.get("tls") == "none",
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ca_file=options.get("ca", ""),
    )


def read_mailbox(server: ImapServer, take: Take, largest: int) -> MailboxRead:
    """Hand every message that nobody has seen to ``take``. Raises :class:`Refused` where it cannot."""
    read = flagged = 0
    try:
        with _logged_in(server) as box:
            for uid in _unseen(box):
                understood = take(_message(box, uid, largest))
                flags = r"(\Seen)" if understood else r"(\Seen \Flagged)"
                _said(box.uid("STORE", uid, "+FLAGS.SILENT", flags))
                read, flagged = read + 1, flagged + (not understood)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Refused(
            "bounces.mailbox",
            f"반송 메일함을 읽지 못했습니다: {type(error).__name__}",
            f"The bounce mailbox could not be read: {type(error).__name__}",
            place=f"{server.host}:{server.port}",
        ) from error
    return MailboxRead(read, flagged)


@contextmanager
def _logged_in(server: ImapServer) -> Iterator[imaplib.IMAP4]:
    box = _connected(server)
    try:
        if not (server.implicit_tls or server.plain):
            _said(box.starttls(server.context()))
        _said(box.login(server.user, server.password))
        folder = server.folder.replace("\\", "\\\\").replace('"', '\\"')
        _said(box.select(f'"{folder}"'))
        yield box
        box.logout()
    except Exception:
        with suppress(OSError):
            box.shutdown()  # the library leaves a broken connection open
        raise


def _connected(server: ImapServer) -> imaplib.IMAP4:
    if server.implicit_tls:
        return imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=server.context(), timeout=_SECONDS
        )
    return imaplib.IMAP4(server.host, server.port, timeout=_SECONDS)


def _unseen(box: imaplib.IMAP4) -> list[str]:
    found = _said(box.uid("SEARCH", "UNSEEN"))[0]
    return found.decode("ascii").split()[:_AT_ONCE] if isinstance(found, bytes) else []


def _message(box: imaplib.IMAP4, uid: str, largest: int) -> bytes:
    """Return the first octets of a message; a bounce tells its story long before they end."""
    parts = _said(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{largest}>)"))
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")


def _said(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """Return the data of an answer that said OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
