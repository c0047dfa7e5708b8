"""Several conversations in one thread: whoever waits for its socket lets the others go on.

Each is written as if it were alone, and runs as a greenlet. Threads would say the same, but
five of them that take turns at the interpreter cost a third more than the letters they carry.
"""

import select
from collections.abc import Callable, Generator
from socket import socket
from time import monotonic

from greenlet import GreenletExit, getcurrent, greenlet

READABLE, WRITABLE = select.POLLIN, select.POLLOUT


class Conversations:
    """Conversations that wait together, all begun and driven by the caller that made this."""

    def __init__(self) -> None:
        self._caller = getcurrent()
        self._poll = select.poll()
        self._waiting: dict[int, tuple[greenlet, float]] = {}

    def hold(self, talk: Callable[[], None], number: int) -> Generator[None, None, None]:
        """Hold ``talk`` so many times at once; yield whenever all of them wait.

        An error in one of them ends all. So does closing the iterator: each ends where it waits,
        by ``GreenletExit``.
        """
        begun = [_Conversation(talk, self) for _ in range(number)]
        try:
            for one in begun:
                one.switch()
            yield
            while self._waiting:
                self._go_on()
                yield
        finally:
            for one in begun:
                # Whoever forgot the iterator may be closing it, by chance in another conversation.
                one.parent = getcurrent()
                one.throw(GreenletExit)

    def suspend(self, one: greenlet, descriptor: int, events: int, seconds: float) -> bool:
        """Let the others go on; tell whether ``descriptor`` is ready, or the time is over."""
        self._poll.register(descriptor, events)
        self._waiting[descriptor] = one, monotonic() + seconds
        try:
            return bool(self._caller.switch())
        finally:
            del self._waiting[descriptor]
            self._poll.unregister(descriptor)

    def _go_on(self) -> None:
        """Wait until some conversations can go on, and let them."""
        left = min(until for _, until in self._waiting.values()) - monotonic()
        ready = self._poll.poll(max(left, 0) * 1000)
        for descriptor, _ in ready:
            self._waiting[descriptor][0].switch(True)
        now = monotonic()
        for one, until in list(self._waiting.values()):
            if until < now:
                one.switch(False)


def wait(connection: socket, events: int, seconds: float) -> None:
    """Wait until a socket is ready, while others go on. Raises :class:`TimeoutError`."""
    one = getcurrent()
    if isinstance(one, _Conversation):
        ready = one.among.suspend(one, connection.fileno(), events, seconds)
    else:
        ready = _poll(connection, events, seconds)
    if not ready:
        raise TimeoutError


def is_readable(connection: socket) -> bool:
    """Tell whether something can be read at once."""
    return _poll(connection, READABLE, 0)


def _poll(connection: socket, events: int, seconds: float) -> bool:
    alone = select.poll()
    alone.register(connection, events)
    return bool(alone.poll(max(seconds, 0) * 1000))


class _Conversation(greenlet):
    def __init__(self, talk: Callable[[], None], among: Conversations) -> None:
        super().__init__(talk)
        self.among = among
