"""Notices a process that runs but does nothing: it hangs, was stopped, or takes no work (F05).

Each is asked what shows it alive: the site and the servers for an answer, beat for a sign
that it wrote down. A worker is told by its queue: after a broker's restart it can be
connected, answer, and consume nothing, while the oldest task stays the same.
"""

import time
from collections.abc import Callable, Sequence

import redis

LOOK_EVERY = 20.0
PATIENCE = 80.0
LOOKS = 4


class Watch:
    """Watches one process; ask it again and again whether it stands still.

    ``is_well`` has to say no so many times in a row. Looks are counted and not seconds:
    where the whole machine was stopped for an hour, nobody is to blame.
    """

    def __init__(self, is_well: Callable[[], bool], looks: int = LOOKS) -> None:
        self._is_well, self._looks = is_well, looks
        self._bad = 0

    def stands_still(self) -> bool:
        """Return whether it was found unwell each time; the next one has as long again."""
        self._bad = 0 if self._is_well() else self._bad + 1
        if self._bad < self._looks:
            return False
        self._bad = 0
        return True


def changes(read: Callable[[], object]) -> Callable[[], bool]:
    """Return a question that is answered yes if ``read`` says another thing than the last time."""
    last: list[object] = [None]

    def has_changed() -> bool:
        before, last[0] = last[0], read()
        return last[0] != before

    return has_changed


class QueueWatch:
    """Watches the queues of one worker; ask it again and again whether they stand still."""

    def __init__(
        self,
        broker: redis.Redis,
        queues: Sequence[str],
        is_idle: Callable[[], bool],
        patience: float = PATIENCE,
    ) -> None:
        self._broker, self._queues, self._is_idle = broker, queues, is_idle
        self._patience = patience
        self._oldest: list[object] = []
        self._since = 0.0

    def stands_still(self) -> bool:
        """Return whether the same task has waited all the while for a worker with nothing to do."""
        oldest = self._look()
        if oldest != self._oldest or not any(oldest) or not self._is_idle():
            self._oldest, self._since = oldest, time.monotonic()
        return time.monotonic() - self._since > self._patience

    def _look(self) -> list[object]:
        try:
            # Celery pushes on the left and takes from the right.
            return [self._broker.lindex(queue, -1) for queue in self._queues]
        except redis.RedisError:
            return []  # no broker, no work: not the worker's fault
