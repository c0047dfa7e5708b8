"""What the system stands on: Python, the data folder, the database."""

import os
import platform
import shutil
import sqlite3
import sys

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from newsletter.commands.checkup.diagnosis import Diagnosis, Level

# Up to these, the standard library let an encoded newline through into a mail
# header (CVE-2024-6923). Ours refuses it before; the library should, too.
_MENDED_PYTHON = {11: (3, 11, 10), 12: (3, 12, 5)}
# Several processes in WAL mode could corrupt the file when it is reset (F08).
_SQLITE_WITH_WAL_BUG = ((3, 7, 0), (3, 51, 2))
_MEGABYTE = 1024 * 1024
_LITTLE_SPACE, _NO_SPACE = 1024 * _MEGABYTE, 100 * _MEGABYTE


def python() -> Diagnosis:
    """Whether this Python has the repairs that mail needs."""
    version = platform.python_version()
    if sys.version_info >= _MENDED_PYTHON.get(sys.version_info.minor, (3, 11)):
        return Diagnosis("python", Level.OK, version, version)
    mended = ".".join(map(str, _MENDED_PYTHON[sys.version_info.minor]))
    return Diagnosis(
        "python",
        Level.WARN,
        f"{version}: 메일 헤더 보안 수정(CVE-2024-6923) 이전 버전입니다. 자체 검사가 막고 있습니다.",
        f"{version} lacks a repair of mail headers (CVE-2024-6923); our own guard stands in.",
        f"Python {mended} 이상으로 올려 주세요.",
        f"Upgrade to Python {mended} or newer.",
    )


def data_folder() -> Diagnosis:
    """Whether the data folder can be written to, and has room."""
    folder = settings.DATA_DIR
    if not os.access(folder, os.W_OK | os.X_OK):
        return Diagnosis(
            "data folder",
            Level.FAIL,
            f"{folder}에 쓸 수 없습니다.",
            f"{folder} cannot be written to.",
            "폴더의 주인을 바꾸거나 NEWSLETTER_DATA_DIR을 정해 주세요.",
            "Give the folder to this user, or set NEWSLETTER_DATA_DIR.",
        )
    free = shutil.disk_usage(folder).free
    level = Level.FAIL if free < _NO_SPACE else Level.WARN if free < _LITTLE_SPACE else Level.OK
    return Diagnosis(
        "data folder",
        level,
        f"{folder}, 남은 공간 {free // _MEGABYTE:,}MB",
        f"{folder}, {free // _MEGABYTE:,} MB free",
        *(("", "") if level is Level.OK else ("공간을 비워 주세요.", "Make room on the disk.")),
    )


def database() -> Diagnosis:
    """Whether the database answers and is of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Diagnosis(
            "database",
            Level.FAIL,
            f"데이터베이스에 연결하지 못했습니다({type(error).__name__}).",
            f"The database does not answer ({type(error).__name__}).",
            "DATABASE_URL과 서버를 확인해 주세요.",
            "Check DATABASE_URL and the server.",
        )
    if missing:
        return Diagnosis(
            "database",
            Level.FAIL,
            f"마이그레이션 {len(missing)}개가 적용되지 않았습니다.",
            f"{len(missing)} migrations are not applied.",
            "newsletter up을 실행하면 적용됩니다.",
            "Run newsletter up, which applies them.",
        )
    return _version()


def _version() -> Diagnosis:
    if connection.vendor != "sqlite":
        name = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
        return Diagnosis("database", Level.OK, name, name)
    version = f"SQLite {sqlite3.sqlite_version}"
    oldest, newest = _SQLITE_WITH_WAL_BUG
    if not oldest <= sqlite3.sqlite_version_info <= newest:
        return Diagnosis("database", Level.OK, version, version)
    return Diagnosis(
        "database",
        Level.WARN,
        f"{version}: 여러 프로세스가 쓸 때 드물게 WAL 파일이 손상될 수 있는 버전입니다.",
        f"{version} can, rarely, corrupt its WAL file when several processes write.",
        "실제 운영에는 DATABASE_URL로 PostgreSQL을 쓰고, SQLite는 자주 백업해 주세요.",
        "In earnest use PostgreSQL (DATABASE_URL); back SQLite up often.",
    )
