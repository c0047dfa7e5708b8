"""Notices a worker that runs but no longer takes work (F05).

After a broker's restart a worker can be connected, answer, and consume nothing.
The queue tells: its oldest task stays the same while the worker has nothing in hand.
"""

import time
from collections.abc import Callable, Sequence

import redis

LOOK_EVERY = 20.0
PATIENCE = 80.0


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
