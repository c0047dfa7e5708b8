"""One request at a time to servers that ask for it, over all workers and all machines.

Which those are, the host of the address decides (``FETCH_PAUSES``), whoever asks and for
whatever: all names below a host share one lane.

A row says from when on the server is free. Who moves it on with a compare-and-set
has the turn: while asking, until the end of a lease (so a worker that dies gives
the turn back by itself), and then for the pause that the server wants. The clock
is the database's, so that workers need not agree on the time.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.functions import Now

from newsletter.collect.feed_errors import Fault
from newsletter.collect.models import Turn

# Longer than any fetch may take.
_LEASE = timedelta(seconds=60)
PATIENCE = 120.0
_LOOKS_PER_PAUSE = 10


@dataclass(frozen=True, slots=True)
class Lane:
    """A server that wants one request at a time, and ``seconds`` between two of them."""

    name: str
    seconds: float


def lane_of(url: str) -> Lane | None:
    """Return the lane of an address, ``None`` where its server asks for no pause."""
    host = urlsplit(url).hostname or ""
    for name, seconds in settings.FETCH_PAUSES.items():
        if host == name or host.endswith(f".{name}"):
            return Lane(name, seconds)
    return None


@contextmanager
def turn(lane: Lane, *, patience: float = PATIENCE) -> Iterator[None]:
    """Wait for a turn in this lane and hold it for the block; raise ``feed.turn`` after a while."""
    holder = secrets.token_hex(8)
    Turn.objects.get_or_create(lane=lane.name, defaults={"free_at": Now()})
    gives_up = time.monotonic() + patience
    while not _take(lane, holder):
        if time.monotonic() > gives_up:
            raise Fault.TURN.at(lane.name)
        time.sleep(lane.seconds / _LOOKS_PER_PAUSE)
    try:
        yield
    finally:
        _leave(lane, holder)


def _take(lane: Lane, holder: str) -> bool:
    free = Turn.objects.filter(lane=lane.name, free_at__lte=Now())
    return free.update(holder=holder, free_at=Now() + _LEASE) == 1


def _leave(lane: Lane, holder: str) -> None:
    """Free the lane after its pause; not if the lease has passed and it is another's by now."""
    own = Turn.objects.filter(lane=lane.name, holder=holder)
    own.update(holder="", free_at=Now() + timedelta(seconds=lane.seconds))
