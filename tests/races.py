"""Two callers at once: what another does while the transaction of the first is still open."""

import threading
from collections.abc import Callable

from django.db import connection, connections, transaction

from tests.servers import wait_until

# On SQLite nobody can see who waits; there the second caller gets so long to come to the lock.
_SECONDS = 0.5


class Other(threading.Thread):
    """A second caller, with a database connection of its own."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act
        self.result: object = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.result = self.act()
        except Exception as error:  # noqa: BLE001 - what it raises is what the test looks at
            self.error = error
        finally:
            connections.close_all()


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> Other:
    """Let ``second`` begin when ``first`` is done and not committed; return how it ended."""
    other = Other(second)
    with transaction.atomic():
        first()
        other.start()
        _wait_for_the_lock(other)
    other.join()
    return other


def _wait_for_the_lock(other: Other) -> None:
    if connection.vendor == "postgresql":
        wait_until(lambda: not other.is_alive() or _somebody_waits(), "a lock that is waited for")
    else:
        other.join(_SECONDS)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
