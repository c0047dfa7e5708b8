"""Two at the same moment: something just before a statement, and somebody else in a thread.

Nothing here waits and hopes. Who acts beside the test is waited for until they are done, or
until the database says that they stand and wait for a lock.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tests.servers import wait_until

Act = Callable[[], object]


@contextmanager
def just_before(statement: str, happens: Act) -> Iterator[None]:
    """Let something happen in the database at the last moment before a statement."""

    def listen(execute, sql, *others):
        if statement in sql and not happened:
            happened.append(sql)
            happens()
        return execute(sql, *others)

    happened: list[str] = []
    with connection.execute_wrapper(listen):
        yield
    assert happened, "the statement was never run"


class Other:
    """Somebody who does something in a thread, with a database connection of their own."""

    def __init__(self, act: Act) -> None:
        self.result: object = None
        self.error: BaseException | None = None
        self._act = act
        self._pid = 0
        self._writes = self._done = False
        self._thread = threading.Thread(target=self._run)

    def begin(self) -> None:
        """Let them go as far as they can: to the end, or to a lock that somebody else holds."""
        self._thread.start()
        wait_until(lambda: self._done or self._stands(), "the other is done, or waits for a lock")

    def end(self) -> None:
        """Wait until they are done; raises what they met."""
        self.wait()
        if self.error:
            raise self.error

    def wait(self) -> None:
        """Wait until they are done; ``error`` is what they met, and ``result`` what they got."""
        self._thread.join(30)
        assert self._done, "the other never came to an end"

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                self._pid = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._note):
                self.result = self._act()
        except BaseException as error:  # noqa: BLE001 - what they met is what the test looks at
            self.error = error
        finally:
            connection.close()
            self._done = True

    def _note(self, execute, sql, *others):
        self._writes = self._writes or not sql.lstrip().startswith("SELECT")
        return execute(sql, *others)

    def _stands(self) -> bool:
        """Whether they wait; on SQLite every write does while the test is in a transaction."""
        if connection.vendor == "sqlite":
            return connection.in_atomic_block and self._writes
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._pid])
            return bool(cursor.fetchone()[0])


def meanwhile(first: Act, second: Act) -> Other:
    """Let ``second`` begin when ``first`` is done and not committed; return how it ended."""
    other = Other(second)
    with transaction.atomic():
        first()
        other.begin()
    other.wait()
    return other
