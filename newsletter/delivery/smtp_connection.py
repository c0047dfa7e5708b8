"""One SMTP connection: opened, greeted, encrypted and logged in, then lines in and out.

Everything that goes wrong before a letter was offered is a ``SendError``:
``Unavailable`` where another try may help (DNS, refused, TLS broken, 4xx),
``HaltSending`` where a person must mend it (no STARTTLS, wrong password). What
goes wrong later is :class:`ConnectionLost`, and only the caller knows what it meant.
"""

import errno
import os
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from newsletter.delivery import conversations
from newsletter.delivery.backends.base import HaltSending, Unavailable
from newsletter.delivery.smtp_server import SmtpServer, Tls

CONNECT_SECONDS = 10
_MOST_LINES = 100
_CLOSING = 421
_CODE = re.compile(rb"[2-5]\d\d")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_MAX_LINE = 4096
# Servers hang up on a silent client after minutes; a letter written into a dead connection
# would be in doubt.
_IDLE_SECONDS = 5
# RFC 8446, 5.1. What is written record by record is known to have left, record by record.
_TLS_RECORD = 16_384

_T = TypeVar("_T")


class ConnectionLost(Exception):
    """The connection is over; ``unsent`` octets of the last write never left."""

    def __init__(self, reason: str, *, unsent: int = 0, said_so: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.unsent, self.said_so = reason, unsent, said_so


class Reply(NamedTuple):
    """What the server answered."""

    code: int
    text: str

    @property
    def ok(self) -> bool:
        """Whether the command was taken."""
        return self.code < 400  # noqa: PLR2004 - RFC 5321, 4.2.1

    def reason(self, step: str) -> str:
        """Return step, code and enhanced code. The text is left out: it may hold an address."""
        enhanced = _ENHANCED.match(self.text)
        return f"{step} {self.code} {enhanced[0] if enhanced else ''}".strip()


class Connection:
    """An SMTP connection, ready for its first MAIL command. While it waits, others go on."""

    def __init__(self, server: SmtpServer) -> None:
        """Connect. Raises :class:`Unavailable` or :class:`HaltSending`."""
        self._server = server
        self._received = b""
        self._last_heard = time.monotonic()
        self.taken = 0
        """How many letters were offered on this connection."""
        self.features: dict[str, str] = {}
        try:
            self._connect()
        except OSError as error:
            raise Unavailable(f"connect {type(error).__name__}") from error
        try:
            self._introduce()
        except BaseException as error:
            self.close()
            if isinstance(error, ConnectionLost):
                raise Unavailable(f"greeting {error.reason}") from error
            if isinstance(error, OSError):
                raise Unavailable(f"greeting {type(error).__name__}") from error
            raise

    def offers(self, feature: str) -> bool:
        """Tell whether the server announced a service extension."""
        return feature in self.features

    def is_alive(self) -> bool:
        """Tell whether the connection can be used again; asks the server if it was long idle."""
        if self.has_more_to_say():  # unasked: that it is over
            return False
        if time.monotonic() - self._last_heard < _IDLE_SECONDS:
            return True
        try:
            return self.command("NOOP").ok
        except ConnectionLost:
            return False

    def write(self, octets: Sequence[bytes]) -> None:
        """Send it all, or raise :class:`ConnectionLost` with what did not leave."""
        left = sum(map(len, octets))
        encrypted = isinstance(self._socket, ssl.SSLSocket)
        try:
            if not encrypted:
                # One system call and no copy, as a rule; TLS has to copy.
                left -= self._patiently(
                    lambda: self._socket.sendmsg(octets), conversations.WRITABLE
                )
            rest = memoryview(b"".join(octets))[-left:] if left else b""
            while left:
                piece = rest[-left:][:_TLS_RECORD] if encrypted else rest[-left:]
                left -= self._patiently(partial(self._socket.send, piece), conversations.WRITABLE)
        except OSError as error:
            raise ConnectionLost(type(error).__name__, unsent=left) from error

    def reply(self) -> Reply:
        """Return the next reply. A 421 is the server's last word: :class:`ConnectionLost`."""
        said = [self._line()]
        if said[0][3:4] == b"-":
            said += self._further_lines()
        code = said[-1][:3]
        if not _CODE.fullmatch(code):
            raise ConnectionLost("garbage")
        text = b"\n".join([line[4:] for line in said]).decode("utf-8", "replace")
        reply = Reply(int(code), text)
        if reply.code == _CLOSING:
            raise ConnectionLost(reply.reason(""), said_so=True)
        return reply

    def has_more_to_say(self) -> bool:
        """Tell whether a reply is there, or the end of the connection, without waiting for it."""
        return bool(self._received) or conversations.is_readable(self._socket)

    def command(self, line: str) -> Reply:
        """Send one command and return its reply."""
        self.write([line.encode("ascii") + b"\r\n"])
        return self.reply()

    def close(self) -> None:
        """Let go of the connection without ceremony."""
        self._socket.close()

    def quit(self) -> None:
        """Say goodbye, then let go. Whether the server hears it does not matter."""
        try:
            self.write([b"QUIT\r\n"])
        except ConnectionLost:
            pass
        finally:
            self.close()

    def _connect(self) -> None:
        """Connect to the first address that answers, as ``socket.create_connection`` would."""
        trouble = OSError("no address")
        host = (self._server.host, self._server.port)
        for *kind, _, address in socket.getaddrinfo(*host, type=socket.SOCK_STREAM):
            try:
                self._socket = socket.socket(*kind)
                self._try_address(address)
            except OSError as error:
                trouble = error
            else:
                return
        raise trouble

    def _try_address(self, address: tuple[Any, ...]) -> None:
        try:
            self._connect_to(address)
        except BaseException:  # the end of this conversation too
            self.close()
            raise

    def _connect_to(self, address: tuple[Any, ...]) -> None:
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = self._socket.connect_ex(address)
        if code == errno.EINPROGRESS:
            conversations.wait(self._socket, conversations.WRITABLE, CONNECT_SECONDS)
            code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))

    def _encrypt(self) -> None:
        encrypted = self._server.context().wrap_socket(
            self._socket, server_hostname=self._server.host, do_handshake_on_connect=False
        )
        self._socket = encrypted
        self._patiently(encrypted.do_handshake, conversations.READABLE)

    def _introduce(self) -> None:
        if self._server.tls is Tls.IMPLICIT:
            self._encrypt()
        self._expect(self.reply(), "greeting")
        self._ehlo()
        if self._server.tls is Tls.STARTTLS:
            self._start_tls()
        if self._server.user:
            self._log_in()

    def _ehlo(self) -> None:
        reply = self._expect(self.command(f"EHLO {self._server.local_name}"), "ehlo")
        words = [line.partition(" ") for line in reply.text.upper().splitlines()[1:]]
        self.features = {word: rest for word, _, rest in words}

    def _start_tls(self) -> None:
        if "STARTTLS" not in self.features:
            raise HaltSending("starttls not offered")
        self._expect(self.command("STARTTLS"), "starttls")
        # What was sent in plain text before the handshake is not the server's (RFC 3207, 4.2).
        if self._received:
            raise HaltSending("starttls injected")
        self._encrypt()
        self._ehlo()

    def _log_in(self) -> None:
        user, password = self._server.user, self._server.password
        if "PLAIN" in self.features.get("AUTH", "").split():
            secret = b64encode(f"\0{user}\0{password}".encode()).decode()
            self._expect(self.command(f"AUTH PLAIN {secret}"), "auth")
            return
        self._expect(self.command("AUTH LOGIN"), "auth")
        self._expect(self.command(b64encode(user.encode()).decode()), "auth")
        self._expect(self.command(b64encode(password.encode()).decode()), "auth")

    @staticmethod
    def _expect(reply: Reply, step: str) -> Reply:
        if reply.ok:
            return reply
        if reply.code < 500:  # noqa: PLR2004 - RFC 5321, 4.2.1
            raise Unavailable(reply.reason(step))
        raise HaltSending(reply.reason(step))

    def _further_lines(self) -> list[bytes]:
        gives_up = time.monotonic() + self._server.patience
        said = [self._line()]
        while said[-1][3:4] == b"-":
            if len(said) == _MOST_LINES or time.monotonic() > gives_up:
                raise ConnectionLost("garbage")
            said.append(self._line())
        return said

    def _line(self) -> bytes:
        line, ended, rest = self._received.partition(b"\n")
        if not ended:
            self._receive_line()
            line, _, rest = self._received.partition(b"\n")
        self._received = rest
        return line.rstrip(b"\r")

    def _receive_line(self) -> None:
        """Read until a line is whole; a server that drips may not take longer than a silent one."""
        gives_up = time.monotonic() + self._server.patience
        while b"\n" not in self._received:
            if len(self._received) > _MAX_LINE or time.monotonic() > gives_up:
                raise ConnectionLost("garbage")
            self._received += self._read()

    def _read(self) -> bytes:
        try:
            if not isinstance(self._socket, ssl.SSLSocket):  # which may hold what it has read
                conversations.wait(self._socket, conversations.READABLE, self._server.patience)
            octets = self._patiently(lambda: self._socket.recv(65536), conversations.READABLE)
        except OSError as error:
            raise ConnectionLost(type(error).__name__) from error
        if not octets:
            raise ConnectionLost("closed")
        self._last_heard = time.monotonic()
        return octets

    def _patiently(self, act: Callable[[], _T], events: int) -> _T:
        """Do something with the socket as soon as it is ready for it."""
        gives_up = 0.0
        while True:
            try:
                return act()
            except ssl.SSLWantReadError:
                events = conversations.READABLE
            except ssl.SSLWantWriteError:
                events = conversations.WRITABLE
            except BlockingIOError:
                pass
            now = time.monotonic()
            gives_up = gives_up or now + self._server.patience
            conversations.wait(self._socket, events, gives_up - now)
