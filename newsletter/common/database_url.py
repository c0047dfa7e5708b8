"""Django's settings for the database, read from one URL.

``sqlite:////srv/newsletter.sqlite3``                    a file on this machine
``postgresql://user:password@host:5432/name``            a server
``postgresql:///name?host=/run/postgresql``              its socket
``postgresql://…/name?sslmode=verify-full&sslrootcert=/etc/ca.pem``

The options of libpq that this house has a use for are handed on. Any other one is
refused: dropped in silence, a connection would be less safe than its URL says.
"""

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.common.errors import ConfigurationError

# WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the
# beginning, because a read that turns into a write fails with "database is locked".
# FULL, for with WAL a commit under NORMAL survives a killed process and no power cut
# (https://www.sqlite.org/pragma.html#pragma_synchronous): letters that had left would
# be queued again, and who had unsubscribed would be a reader again.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
_SERVERS = {"postgres", "postgresql"}
_HANDED_ON = (
    "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "connect_timeout",
    "application_name", "target_session_attrs",
)  # fmt: skip


def parse_database(url: str, idle_seconds: int) -> dict[str, Any]:
    """Read ``DATABASE_URL``; raises :class:`ConfigurationError` that says which part is wrong.

    PostgreSQL ends the transaction of a client that does nothing in it for ``idle_seconds``:
    a process that was stopped, or a machine that fell off the net, would hold its row
    locks for hours, and whoever waits for one would stand still with it.
    """
    parts, port = _split(url)
    if parts.scheme == "sqlite":
        return _file(parts)
    if parts.scheme not in _SERVERS:
        raise _wrong("sqlite:///… 또는 postgresql://…", "sqlite:///… or postgresql://…")
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise _wrong(
            "데이터베이스 이름으로 끝나는 주소", "an address that ends with a database's name"
        )
    options = _options(parts)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | {"options": f"-c idle_in_transaction_session_timeout={idle_seconds}s"},
    }


def _file(parts: SplitResult) -> dict[str, Any]:
    if parts.netloc or parts.query or parts.fragment:
        raise _wrong(
            "sqlite:/// 뒤에 경로만 있는 주소", "sqlite:/// and a path, with nothing else in it"
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
        "OPTIONS": _SQLITE_OPTIONS,
    }


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # a bracket without its pair, a port that is no number
        raise _wrong("올바른 포트가 있는 주소", "an address with a real port") from error
    return parts, port


def _options(parts: SplitResult) -> dict[str, str]:
    """Return what stands behind the question mark, all of it known and said once."""
    told = [pair.partition("=")[::2] for pair in parts.query.split("&") if pair]
    options = {name: unquote(value) for name, value in told}
    known = options.keys() <= {"host", *_HANDED_ON} and all(options.values())
    if not known or len(options) < len(told) or parts.fragment:
        allowed = ", ".join(("host", *_HANDED_ON))
        raise _wrong(
            f"옵션이 다음 중 하나인 주소({allowed})",
            f"an address with no other options than {allowed}, each with a value, and %-escapes for special characters",
        )
    return options


def _wrong(ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(
        "config.invalid",
        f"DATABASE_URL 값은 {ko}여야 합니다.",
        f"DATABASE_URL must be {en}.",
        place="DATABASE_URL",
    )
