"""Runs parsers over shapes in a process of its own, and says what each cost.

Started as a module. One case in a line comes in, as JSON: parser, shape, size. For each,
one line goes out: the seconds of CPU time, and by how many bytes the memory grew at
its highest. A case that passes its limit is given up and told as such; one that cannot
be given up ends the process by the kernel's hand, and whoever started it sees which.
"""

import gc
import json
import logging
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType

MOST_SECONDS = 20


class OutOfTime(BaseException):
    """A case passed its limit. No handler of a parser may take it for a mistake of its own."""


def measured(parser: object, told: str) -> tuple[float, int]:
    """Return the CPU time of one call and the growth of memory during it."""
    gc.collect()
    # Begins the highest mark anew (proc(5), clear_refs).
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    began = _spent()
    limit(began + MOST_SECONDS)
    try:
        parser(told)  # type: ignore[operator]  # any function of one text
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return _spent() - began, _status("VmHWM") - before


def limit(seconds: float) -> None:
    """Allow CPU time up to here; twenty seconds later the kernel ends the process."""
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    hard = int(seconds) + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.RLIM_INFINITY))


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime


def main() -> None:
    """Measure the cases that stand in the input."""
    import django

    django.setup()
    logging.disable()
    from tests.linear.parsers import PARSERS
    from tests.linear.shapes import SHAPES

    # What is imported by now is no garbage; to look through it before each case costs ten times the case.
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGPROF, _give_up)
    for line in sys.stdin:
        parser, shape, size = json.loads(line)
        told = SHAPES[shape](size)
        raised = ""
        try:
            seconds, grew = measured(PARSERS[parser], told)
        except OutOfTime:
            seconds, grew = MOST_SECONDS, 0
        except Exception as error:  # noqa: BLE001 - what a parser raises is a result too
            seconds, grew, raised = 0, 0, repr(error)[:200]
        print(json.dumps([parser, shape, size, seconds, grew, raised]), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    main()
