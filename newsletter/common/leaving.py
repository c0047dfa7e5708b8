"""Whether this worker was asked to go: told by its main process, read by the processes of its pool.

A page of memory that both share, made before the fork. A signal would end a process of
the pool in the middle of a letter; this lets it finish what it hands over, and stop there.
"""

import mmap

_asked = mmap.mmap(-1, 1)


def ask() -> None:
    """Ask this process, and all that it has forked, to begin nothing more."""
    _asked[0] = 1


def forget() -> None:
    """Take it back: a new worker has nobody to go for."""
    _asked[0] = 0


def is_asked() -> bool:
    """Tell whether somebody asked."""
    return bool(_asked[0])
