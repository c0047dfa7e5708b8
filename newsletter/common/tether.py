"""Ties a process to its parent: when the parent dies, however it dies, so does this one.

As a script, ``tether.py SIGNAL PARENT COMMAND…`` ties itself and becomes the command.
A script and not a ``preexec_fn``, because the parent has threads: between fork
and exec, Python code may wait for ever on a lock that another thread held.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tie_to_parent(sent: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send ``sent`` to this process as soon as its parent is gone.

    Linux only; elsewhere it does nothing. It outlives ``exec`` but not ``fork``.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sent)


def main() -> None:
    """Become the command of the arguments, tied to the parent that they name."""
    sent, parent, *command = sys.argv[1:]
    tie_to_parent(signal.Signals(int(sent)))
    # The parent may have died before it was tied: then nobody would ever tell us.
    if os.getppid() != int(parent):
        sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606 - the supervisor chose the command


if __name__ == "__main__":
    main()
