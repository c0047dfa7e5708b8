"""The house that every test runs in: a data folder, ports and keys of its own.

All of it is settled here, at import, before Django reads its settings and before
the conftest of any folder below imports a model. The database is a SQLite file
unless ``DATABASE_URL`` names a PostgreSQL server (see ``servers.py``).
"""

import atexit
import contextlib
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
import pytest

from tests.faults.sizes import SOAK
from tests.ports import free_port

pytest_plugins = ["tests.servers", "tests.skips"]

# What a developer has set for real work must never reach a test, least of all an account.
FOREIGN = (
    "BASE_URL",
    "DEBUG",
    "EDITOR_ADDRESSES",
    "MAIL_BACKEND",
    "MAIL_FROM",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SENDGRID_API_KEY",
    "SENDGRID_BASE_URL",
    "SMTP_URL",
)


def move_in() -> dict[str, str]:
    """Return the environment of this test process, with a new and empty data folder."""
    home = Path(tempfile.mkdtemp(prefix="newsletter-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return {
        "DJANGO_SETTINGS_MODULE": "newsletter.settings",
        # The browser's own event loop runs in the thread that also asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        "NEWSLETTER_DATA_DIR": str(home),
        "BASE_URL": "http://127.0.0.1:8000",
        "WEB_PORT": str(free_port()),
        "INBOX_PORT": str(free_port()),
    }


for name in FOREIGN:
    os.environ.pop(name, None)
HOUSE = move_in()
os.environ.update(HOUSE)
django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Leave nothing of this house to the workers: each of them moves into its own."""
    for name in HOUSE:
        del os.environ[name]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark what needs the database, so that ``-m database`` runs just that on PostgreSQL.

    A test that brings a PostgreSQL server of its own would do the same thing twice, and one
    that says so shows what is no database's doing.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "postgres" in fixtures or (item.get_closest_marker("any_database") and not SOAK):
            continue
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Keep SQLite's test database in a file, as in life: several processes, WAL, real locks."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "tests.sqlite3")


@contextlib.contextmanager
def a_data_dir() -> Iterator[Path]:
    """Make a data folder for a program that tests start; short, for a socket's path is too."""
    folder = Path(tempfile.mkdtemp(prefix="newsletter-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder for a program that this test starts."""
    with a_data_dir() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_data_dir() -> Iterator[Path]:
    """A data folder for a program that the tests of one file look at."""
    with a_data_dir() as folder:
        yield folder


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that is its own authority, and the server's side of it."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        f" -keyout {folder}/key.pem -out {folder}/ca.pem -subj /CN=localhost"
        " -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


@pytest.fixture(scope="session")
def base_url() -> None:
    """No base address: pytest-playwright's own fixture is a method, which pytest 9 warns of."""
