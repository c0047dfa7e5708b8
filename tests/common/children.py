"""The processes that parse, as the kernel tells of them."""

import os
from pathlib import Path

from newsletter.common import confined
from tests.common import hostile_parsers

# Of its CPU time: a child that has answered and is about to end took less.
_BUSY = 0.2


def fork_server() -> int:
    """Return the fork server of this process, started if it was not yet."""
    return confined.call(hostile_parsers.surroundings)["server"]


def is_running(pid: int) -> bool:
    """Return whether a process is there, and no mere entry that waits to be collected."""
    fields = _stat(pid)
    return bool(fields) and fields[0] != "Z"


def busy_children_of(server: int) -> list[int]:
    """Return the children of a fork server that have parsed for a while."""
    told = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(pid) for pid in told if is_running(int(pid)) and _cpu(int(pid)) > _BUSY]


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
