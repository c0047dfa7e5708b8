"""Who may use what lies in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def umask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what others may use of the folder, but for what this test writes itself."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name != "terminal" and path.lstat().st_mode & 0o077
    )
