"""A PostgreSQL server that a test may break: restarted at once, as if its machine had fallen over.

Unlike the one of ``tests/servers.py`` it keeps what it has committed.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import psycopg

from tests.ports import free_port
from tests.servers import postgres_program, unprivileged_account, wait_until


class Postgres:
    """One server on a loopback port, so that a proxy may stand before it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        owner = unprivileged_account()
        if owner:
            shutil.chown(home, owner, owner)
        account = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
        self.options = {"cwd": home, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
        self.options |= account
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextlib.contextmanager
    def running(cls, like: Path | None = None) -> Iterator[Self]:
        """Run a new server until the block ends; with the data of a stopped one, if it is named."""
        with tempfile.TemporaryDirectory(prefix="newsletter-pg-") as folder:
            server = cls(Path(folder))
            if like is None:
                server.initialize()
            else:
                subprocess.run(["cp", "-a", like, Path(folder) / "data"], check=True)
            server.start()
            yield server
            server.stop()

    @classmethod
    @contextlib.contextmanager
    def prepared(cls) -> Iterator[Path]:
        """The data of a stopped server with all tables: a test that copies it need not make them."""
        with tempfile.TemporaryDirectory(prefix="newsletter-pg-") as folder:
            server = cls(Path(folder))
            server.initialize()
            server.start()
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
                env={**os.environ, "DATABASE_URL": server.url()},
                check=True,
            )
            server.stop(signal.SIGINT)
            yield Path(folder) / "data"

    def initialize(self) -> None:
        """Make an empty cluster."""
        command = [postgres_program("initdb"), "-D", "data", "-U", "newsletter", "-A", "trust"]
        subprocess.run(
            [*command, "-E", "UTF8", "-N"], check=True, capture_output=True, **self.options
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [postgres_program("postgres"), "-D", "data", "-k", "", "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self.options)
        wait_until(self.answers, "postgresql")

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it, by default at once: no goodbye to clients, and a recovery at the next start."""
        self.process.send_signal(how)
        self.process.wait()

    def restart(self) -> None:
        """Fall over, and come back."""
        self.stop()
        self.start()

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url()):
            return True
        return False

    def url(self, port: int | None = None) -> str:
        """The ``DATABASE_URL``, by the port of a proxy where one stands in between."""
        return f"postgresql://newsletter@127.0.0.1:{port or self.port}/postgres"

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask a question."""
        with psycopg.connect(self.url()) as connection:
            return connection.execute(query).fetchall()


def nothing_is_held(ask: Callable[[str], list[tuple[object, ...]]]) -> bool:
    """Whether no worker holds a batch any more: one whose goodbye was lost holds it for its lease."""
    held = "SELECT count(*) FROM delivery_batch WHERE holder <> ''"
    with contextlib.suppress(psycopg.OperationalError, sqlite3.OperationalError):
        return ask(held) == [(0,)]
    return False


def nothing_moves(ask: Callable[[str], list[tuple[object, ...]]]) -> bool:
    """Whether no letter is queued or on its way any more, as far as the database answers."""
    moving = "SELECT count(*) FROM delivery_delivery WHERE status IN ('queued', 'sending')"
    with contextlib.suppress(psycopg.OperationalError, sqlite3.OperationalError):
        return ask(moving) == [(0,)]
    return False
