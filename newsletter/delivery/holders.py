"""Who holds a lease, told so well that its death can be seen at once on the same machine.

``host:boot:namespace:pid:start`` names one process for ever: a pid comes back,
but not with the same start time in the same boot. A holder on another machine, or
in another container, can only be judged by its lease.
"""

import os
import socket
from functools import lru_cache
from pathlib import Path

_FIELDS = 5


def this_process() -> str:
    """Return the name of this process as a holder; right after a fork, too."""
    return _name_of(os.getpid())


def is_gone(holder: str) -> bool:
    """Tell whether ``holder`` certainly does not run any more."""
    if holder.count(":") != _FIELDS - 1:
        return False
    host, boot, namespace, pid, start = holder.split(":")
    here = _machine()
    if host != here[0]:
        return False
    if boot != here[1]:
        return True  # this machine was started anew since
    return namespace == here[2] and start != _start_time(int(pid))


@lru_cache(maxsize=1)
def _name_of(pid: int) -> str:
    return ":".join([*_machine(), str(pid), _start_time(pid)])


@lru_cache(maxsize=1)
def _machine() -> tuple[str, str, str]:
    """Return host, boot and pid namespace; empty words where a system has no /proc."""
    host = socket.gethostname().replace(":", "-")[:40]
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
        namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        boot, namespace = "", ""
    return host, boot, namespace


def _start_time(pid: int) -> str:
    """Return when ``pid`` was started, in ticks since the boot; empty if there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The second field is the program's name and may contain anything but a last ")".
    state, *numbers = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else numbers[18]
