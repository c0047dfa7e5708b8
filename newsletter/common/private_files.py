"""Keeps what the system writes to its owner: the umask of every process, and the modes of files.

Databases, logs and queues hold addresses of readers, and the secret key opens every link.
The folder they lie in may be open to others (systemd makes a ``StateDirectory`` so), thus each file is private.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

_OTHERS, _GROUP_AND_OTHERS = 0o007, 0o077
# What this project writes into its data folder; whatever else lies there is somebody else's.
_OURS = (
    "*.sqlite3*",
    "*-key",
    "*-port",
    "*.lock",
    "*.json",
    "*.sock",
    "*.log",
    "redis",
    "beat",
    "log",
)
_original_umask: list[int] = []


def begin() -> None:
    """Write for the owner alone from now on; to be called at the entrance of every process."""
    _original_umask.append(os.umask(_GROUP_AND_OTHERS))


def write_for_others(path: Path, content: bytes) -> None:
    """Write a file that a person asked for by name, with the mode that their own umask gives."""
    is_new = not path.exists()
    path.write_bytes(content)
    if is_new and _original_umask:
        path.chmod(0o666 & ~_original_umask[0])


def written_to(folder: Path) -> Iterator[Path]:
    """Yield every file and folder that the system wrote below its data folder."""
    for pattern in _OURS:
        for path in sorted(folder.glob(pattern)):
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from sorted(path.rglob("*"))


def with_companions(database: Path) -> list[Path]:
    """Return a SQLite file and what SQLite keeps beside it."""
    return [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm", "-journal"))]


def open_to_others(paths: Iterable[Path], *, group: bool = True) -> list[Path]:
    """Return which of ``paths`` others may use; the members of its group count, where ``group``."""
    bits = _GROUP_AND_OTHERS if group else _OTHERS
    return [path for path in paths if _mode(path) & bits]


def close_to_others(paths: Iterable[Path]) -> None:
    """Take from all but the owner the use of what is this user's own."""
    for path in open_to_others(paths):
        try:
            if path.lstat().st_uid == os.geteuid():
                path.chmod(_mode(path) & ~_GROUP_AND_OTHERS)
        except OSError:
            # It has gone meanwhile, or the file system keeps no modes: the doctor tells.
            continue


def _mode(path: Path) -> int:
    """Return the permission bits; 0 for what is not there, and for a link, which has none."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(found.st_mode) else stat.S_IMODE(found.st_mode)
