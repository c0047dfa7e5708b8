"""Reads the mailbox that bounces come back to, over IMAP.

``imaps://user:password@host/INBOX``         TLS from the first byte
``imap://user:password@host``                STARTTLS, and nothing is read without it
``imap://user:password@host?tls=none``       plain text, because the operator says so

``?ca=/path/to/ca.pem`` trusts a private authority. A message is marked as seen only
after what it tells is in the database, so a crash reads it again and nothing is lost.
What was not understood is flagged for a person, and so is a message that breaks its
reader or cannot be parsed within limits: one of them must not keep the others waiting for ever.
"""

import imaplib
import logging
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from traceback import extract_tb
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from newsletter.common.confined import ParserFailed
from newsletter.common.errors import ConfigurationError, Refused
from newsletter.delivery.defects import is_defect

logger = logging.getLogger(__name__)

_SECONDS = 30
_PORTS = {"imap": 143, "imaps": 993}
_OPTIONS = {"tls", "ca"}
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
    parts, port = _split(url)
    whole = parts.scheme in _PORTS and parts.hostname and parts.username and not parts.fragment
    if not whole:
        raise _wrong(
            "imaps://사용자:비밀번호@호스트/폴더", "look like imaps://user:password@host/folder"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(options) - _OPTIONS or options.get("tls", "none") != "none":
        raise _wrong(
            "물음표 뒤에는 tls=none과 ca=파일만", "have no options but tls=none and ca=file"
        )
    return ImapServer(
        host=parts.hostname or "",
        port=port or _PORTS[parts.scheme],
        implicit_tls=parts.scheme == "imaps",
        plain=options.get("tls") == "none",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ca_file=options.get("ca", ""),
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a bracket without its pair, a port that is no number
        raise _wrong(
            "imaps://호스트:993", "name a host and a port as in imaps://host:993"
        ) from None
    return parts, port


def _wrong(ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(
        "config.bounce_imap_url",
        f"BOUNCE_IMAP_URL 형식: {ko}",
        f"BOUNCE_IMAP_URL must {en}.",
        place="BOUNCE_IMAP_URL",
    )


def read_mailbox(server: ImapServer, take: Take, largest: int) -> MailboxRead:
    """Hand every message that nobody has seen to ``take``. Raises :class:`Refused` where it cannot."""
    read = flagged = 0
    try:
        with _logged_in(server) as box:
            for uid in _unseen(box):
                understood = _understood(take, _message(box, uid, largest), uid)
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


def _understood(take: Take, message: bytes, uid: str) -> bool:
    """Hand one message over; one that breaks ``take`` counts as not understood, and is logged.

    Where it is not the message but the database that fails, or no process can be
    started to parse it in, the error goes on.
    """
    try:
        return take(message)
    except ParserFailed as error:
        logger.error(  # noqa: TRY400 - it happened in another process
            "message %s of the bounce mailbox is left to a person: %s", uid, error
        )
        return False
    except Refused:
        raise
    except Exception as error:
        if not is_defect(error):
            raise
        # The words of an error may quote the message, and a log names no address.
        where = extract_tb(error.__traceback__)[-1]
        logger.error(  # noqa: TRY400 - likewise a traceback
            "message %s of the bounce mailbox is left to a person: %s at %s:%s",
            uid,
            type(error).__name__,
            where.name,
            where.lineno,
        )
        return False


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
