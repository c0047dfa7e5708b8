"""Real servers for tests, each private to one run: Redis, PostgreSQL, the inbox, a browser.

``python tests/servers.py COMMAND…`` runs a command with ``DATABASE_URL`` naming a new
PostgreSQL server that ends with it. No server of the machine is ever touched.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

# How many seconds what must come may take where other programs want the processors as well. What
# never comes is as broken after three minutes as after one; a promise of time is not tested by it.
PATIENCE = 180.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as ``true()`` is; fail with ``what`` when it never comes."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.02)


@contextlib.contextmanager
def running(*command: str | Path, log: Path, **options: object) -> Iterator[subprocess.Popen]:
    """Run a program until the block ends; terminated, and killed if it will not go."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(family: int, address: object) -> bool:
    """Return whether something accepts a connection there."""
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The broker that settings name, run by the binary that the product itself runs."""
    from django.conf import settings

    from newsletter.commands.children import redis_binary

    path = settings.REDIS_SOCKET
    options = ("--port", "0", "--unixsocket", path, "--save", "", "--dir", settings.DATA_DIR)
    with running(redis_binary(), *options, log=settings.DATA_DIR / "redis.log"):
        wait_until(lambda: answers(socket.AF_UNIX, str(path)), "redis")
        yield settings.REDIS_URL


@pytest.fixture(scope="session")
def inbox_server() -> Iterator[int]:
    """The built-in inbox as its own process; its port."""
    from django.conf import settings

    command = (sys.executable, "-m", "newsletter.delivery.inbox_server")
    with running(*command, log=settings.DATA_DIR / "inbox.log") as process:
        address = ("127.0.0.1", settings.INBOX_PORT)
        wait_until(
            lambda: process.poll() is not None or answers(socket.AF_INET, address), "the inbox"
        )
        assert process.poll() is None, (settings.DATA_DIR / "inbox.log").read_text()
        yield settings.INBOX_PORT


@pytest.fixture
def live_site(live_server, settings) -> str:
    """The site, served to a real browser; the address where it answers."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the distribution's own Chromium."""
    found = [path for path in map(shutil.which, CHROMIUM) if path]
    assert found, "chromium is missing: run scripts/test, or install the package chromium"
    return found[0]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict, chromium: str) -> dict:
    """Drive that Chromium, not one that Playwright would download."""
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(CHROMIUM_FLAGS)}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A new PostgreSQL server; the DATABASE_URL of its empty database."""
    with postgresql() as url:
        yield url


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL server in a folder that is thrown away; yield its DATABASE_URL.

    Tests do not need what they wrote to survive the machine; benchmarks have to pay for it.
    """
    with tempfile.TemporaryDirectory(prefix="newsletter-pg-") as folder:
        home = Path(folder)
        owner = unprivileged_account()
        if owner:
            shutil.chown(home, owner, owner)
        account = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
        initdb = [
            postgres_program("initdb"),
            "-D",
            home / "data",
            "-U",
            "newsletter",
            "-A",
            "trust",
        ]
        options = {"cwd": home, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **account}
        made = subprocess.run(
            [*initdb, "-E", "UTF8", "-N"], capture_output=True, text=True, check=False, **options
        )
        assert made.returncode == 0, made.stderr
        server = (
            postgres_program("postgres"),
            "-D",
            home / "data",
            "-k",
            home,
            "-c",
            "listen_addresses=",
            # Two test processes, and in each a hundred callers at once.
            "-c",
            "max_connections=300",
        )
        fast = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
        earnest = ("-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB")
        # SIGTERM would wait for every client to leave; SIGINT asks them to.
        with running(*server, *(earnest if durable else fast), log=home / "log", **options):
            wait_until(lambda: (home / ".s.PGSQL.5432").exists() and _ready(home), "postgresql")
            yield f"postgresql://newsletter@/postgres?host={quote(str(home), safe='')}"


def _ready(home: Path) -> bool:
    check = [postgres_program("pg_isready"), "-q", "-h", home, "-U", "newsletter"]
    return subprocess.run(check, check=False).returncode == 0


def postgres_program(name: str) -> str:
    """Return the path of a PostgreSQL program: on PATH, else where Debian keeps the newest."""
    if found := shutil.which(name):
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: float(path.name))
    assert versions, "PostgreSQL is missing: run scripts/test, or install the package postgresql"
    return str(versions[-1] / "bin" / name)


def unprivileged_account() -> str | None:
    """Return the account for a server that refuses to be root, where we are root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def main() -> int:
    """Run the command of the arguments on a new PostgreSQL server; return its exit code."""
    # Ended from outside, it still has to take the server with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with postgresql() as url:
        command = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False)
        return command.returncode


if __name__ == "__main__":
    sys.exit(main())
