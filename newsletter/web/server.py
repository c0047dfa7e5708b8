"""The site's HTTP server: requests are taken in whole before a thread looks at them.

One thread moves the bytes of all connections (waitress); a few others run the pages. A
client that sends or reads slowly costs a socket and no thread, and only for so long:
see :class:`Patience`. What is late is closed.
"""

import os
import signal
import time
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

HOST = "127.0.0.1"
THREADS = 8
# Under the 1,024 files that a process may usually have open; what is late frees its place.
CONNECTIONS = 900
_SECONDS_BETWEEN_LOOKS = 1.0
# More than any page or webhook reads: those refuse in their own words.
_LARGEST_BODY, _LARGEST_HEAD = 8 * 1024 * 1024, 32 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a client has: from its first byte, and however it spreads them."""

    request: float = 20.0
    """For the first byte of a request, and then for the whole of it, head and body."""
    answer: float = 120.0
    """To read an answer to its end."""


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection whose client has a limited time for each request and each answer."""

    _taken = 0
    _phase: object = None
    _since = 0.0

    def service(self) -> None:
        """Answer one request; where the client has taken it all, its time begins anew."""
        super().service()
        self._taken += not self.total_outbufs_len

    def is_late(self, patience: Patience) -> bool:
        """Tell whether the client has kept us waiting for too long; asked every second.

        On a clock that nobody can set, as the wall clock of waitress can be. More
        requests while an answer is not read, and single bytes of it, win no time.
        """
        now = time.monotonic()
        reads, works = bool(self.total_outbufs_len), bool(self.requests)
        phase = (self._taken, reads, not reads and (works, self.request is not None))
        if phase != self._phase:
            self._phase, self._since = phase, now
        if reads:
            return now - self._since > patience.answer
        return not works and now - self._since > patience.request


class Server(TcpWSGIServer):  # type: ignore[misc]  # as above
    """A server that closes the connections of late clients, and leaves between two waits."""

    channel_class = Channel
    patience = Patience()

    _next_look = 0.0
    _is_to_leave = False

    def leave(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End :meth:`run` before its next wait; a handler of signals.

        An exception would come up wherever the loop just is, maybe with a lock in its hand.
        """
        self._is_to_leave = True
        self.pull_trigger()

    def readable(self) -> bool:
        """Look for late clients once a second; waitress asks this before each wait."""
        if self._is_to_leave:
            raise SystemExit
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _SECONDS_BETWEEN_LOOKS
            self._close_late()
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Leave it to :meth:`readable`: waitress looks, and judges, by the wall clock."""

    def _close_late(self) -> None:
        """Close what is late, at once: waitress would wait until there is room to write."""
        for channel in list(self.active_channels.values()):
            if channel.is_late(self.patience):
                channel.will_close = True
                channel.handle_close()


def serve(port: int, *, threads: int = THREADS, patience: Patience | None = None) -> None:
    """Serve the site on this loopback port until SIGTERM or SIGINT.

    Then each thread has five seconds for the request that it has in hand. Requests that still
    wait for a thread are dropped, and so is what a client has not yet taken of its answer.
    """
    from newsletter.wsgi import application

    server = Server(application, adj=_adjustments(port, threads))
    server.patience = patience or server.patience
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.leave)
    server.run()


def _adjustments(port: int, threads: int) -> Adjustments:
    return Adjustments(
        listen=f"{HOST}:{port}",
        threads=threads,
        connection_limit=CONNECTIONS,
        backlog=1024,
        asyncore_use_poll=True,  # select() ends at descriptor 1,024
        max_request_header_size=_LARGEST_HEAD,
        max_request_body_size=_LARGEST_BODY,
        # Whether a proxy is believed is decided by TRUSTED_PROXIES, which needs its headers.
        clear_untrusted_proxy_headers=False,
        ident="",
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    serve(settings.WEB_PORT)
