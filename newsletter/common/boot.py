"""Which boot of the machine this is: an id that the kernel makes anew at each."""

from pathlib import Path

# random(4). In a container it is the host's: to start a container again is no boot.
_KERNEL = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Return the id of this boot; empty on systems that have none."""
    try:
        return _KERNEL.read_text().strip()
    except OSError:
        return ""
