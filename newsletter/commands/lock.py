"""One system per data folder: the lock that a second start meets."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.common import clock
from newsletter.common.errors import Refused


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; raises :class:`Refused` where another process holds it.

    The kernel lets go of it when the holder dies, so there is no stale lock.
    """
    with (data_dir / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held(holder(data_dir)) from None
        file.truncate(0)
        file.write(
            f"pid {os.getpid()} since {clock.now().astimezone(clock.SEOUL):%Y-%m-%dT%H:%M:%S%z}"
        )
        file.flush()
        yield


def holder(data_dir: Path) -> str:
    """Return who holds the lock, as ``pid … since …``; empty where nobody does."""
    path = data_dir / "up.lock"
    if not path.exists():
        return ""
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip()
        return ""


def _held(by: str) -> Refused:
    return Refused(
        "lock.held",
        f"이 폴더에서 이미 실행 중입니다 ({by}). 먼저 그 프로세스를 Ctrl-C로 끝내 주세요.",
        f"lock.held by {by}: the system already runs on this folder; stop that one first.",
        place="up.lock",
    )
