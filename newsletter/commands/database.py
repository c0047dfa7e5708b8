"""Brings the database to this version, once, however many processes start at the same time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsletter.common.errors import Refused

# Any number will do, as long as nobody else takes it.
_LOCK = 20260105


def prepare_database() -> None:
    """Apply what migrations are missing.

    A file lock keeps two processes of one machine apart, an advisory lock of
    PostgreSQL two machines. Raises :class:`Refused` where the database is newer
    than this code.
    """
    with (settings.DATA_DIR / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _alone_among_machines():
            executor = MigrationExecutor(connection)
            _refuse_newer(executor)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone_among_machines() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _refuse_newer(executor: MigrationExecutor) -> None:
    loader = executor.loader
    unknown = sorted(
        name
        for app, name in set(loader.applied_migrations or ()) - set(loader.disk_migrations or ())
        if app in (loader.migrated_apps or ())
    )
    if unknown:
        raise Refused(
            "schema.newer",
            "데이터베이스가 이 프로그램보다 새 버전입니다. 프로그램을 올려 주세요.",
            "The database is newer than this program; upgrade the program.",
            place=unknown[0],
        )
