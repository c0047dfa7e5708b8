"""Files that are whole after a power cut: their old content or their new one.

What was only written lies in memory for half a minute, and a file that was made in
that time is empty after a cut, or was never there. So new content goes into a file
beside the old one, is synced (fsync(2)), and takes the name in one step (rename(2),
link(2)); then the folder is synced, because the name is an entry in it.

Whatever the umask, only the owner may read them.
"""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What FAT, exFAT, and many a file system of FUSE or CIFS answer to link(2).
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
# And to the fsync(2) of a folder, where its entries cannot be synced apart.
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def write(path: Path, text: str) -> None:
    """Give the file this content, and return when a power cut can no longer take it away.

    Readers see the old content or the new one, whole. Raises :class:`OSError`, and then
    the old content is still there.
    """
    with _beside(path, text) as made:
        made.replace(path)
    _sync(path.parent)


def create(path: Path, text: str) -> bool:
    """Write the file unless there is one; tell whether it was made.

    Of processes that come at the same moment one makes it, and none of them ever finds
    it half written.
    """
    if path.exists():
        return False
    with _beside(path, text) as made:
        if not _take_name(made, path):
            return False
    _sync(path.parent)
    return True


def make_folder(path: Path) -> None:
    """Make the folder and those above it that are missing, for the owner alone, to stay."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in missing:
        _sync(folder.parent)


@contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    """Yield a synced file of this content in the same folder; what is left of it goes away."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _take_name(made: Path, path: Path) -> bool:
    """Give the file this name unless there is one; tell whether it has it."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _rename_alone(made, path)
    return True


def _rename_alone(made: Path, path: Path) -> bool:
    """Do the same without links: rename(2) replaces what is there, so one at a time looks first."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if path.exists():
            return False
        made.replace(path)
        return True
    finally:
        os.close(folder)


def _sync(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:  # one may be written to and not read: nothing of it can be synced
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)
