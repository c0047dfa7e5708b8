"""Parsers that go wrong in every way that a limit is for; run in a child only."""

import contextlib
import ctypes
import importlib
import os
import re
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

from newsletter.common.clock import SEOUL
from newsletter.common.confined import parser
from newsletter.common.errors import BadInput
from newsletter.common.findings import Finding


@parser
def well(text: bytes) -> tuple[Finding, datetime]:
    return Finding("a.code", "한국어", text.decode()), datetime(2026, 1, 5, tzinfo=SEOUL)


@parser
def spins(text: str) -> bool:
    """Hold the interpreter in C, where no signal handler of Python's would run."""
    return bool(re.match(r"(?:a|aa)+$", text))


@parser
def eats_memory() -> int:
    return len([bytes(10_000_000) for _ in range(1_000)])


@parser
def sleeps(note: str = "") -> None:
    """Wait for ever; tell of its process and its parent in a file of this name."""
    if note:
        Path(note + ".new").write_text(f"{os.getpid()} {os.getppid()}")
        Path(note + ".new").rename(note)
    time.sleep(600)


@parser
def kills_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@parser
def crashes() -> None:
    ctypes.string_at(0)


@parser
def leaves() -> None:
    os._exit(0)


@parser
def answers_too_much() -> bytes:
    return bytes(70_000_000)


@parser
def answers_with_a_function() -> object:
    return os.system


@parser
def prints() -> str:
    print("{}", flush=True)
    os.write(1, b"to standard output")
    return "well"


@parser
def scribbles() -> str:
    """Write to every file that it finds open."""
    for file in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError):
            os.write(int(file.name), b"x" * 100)
    return "well"


@parser
def refuses() -> None:
    raise BadInput("a.code", "한국어", "English", place="line 3")


@parser
def is_wrong() -> None:
    raise KeyError("words of the input")


@parser
def surroundings() -> dict[str, object]:
    """Tell what the child knows: its modules, its environment, its parent, itself."""
    return {
        "modules": sorted(sys.modules),
        "environment": dict(os.environ),
        "server": os.getppid(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
    }


@parser
def imported(module: str) -> str:
    """Tell which file the child imports under this name."""
    return str(importlib.import_module(module).__file__)


def not_registered() -> str:
    return "never"
