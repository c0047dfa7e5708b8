"""Keeps the children of the system running, under one parent, until it is told to stop.

One parent for one data folder: a lock refuses the second. A child that ends is
started again, after 1 second, then 2, 4 … 30; a quiet minute forgives. The first
signal stops them in turn: SIGTERM, as a deployment sends it, waits for what is being
sent, the others only for a moment. A second signal kills them; and when the parent itself is
killed the kernel tells each of them (see ``newsletter.common.tether``). A child
that runs but does not work is killed, and so starts again.

Children are started from the main thread only: the kernel's promise is bound to
the thread that forked.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType

from newsletter.commands.children import Child
from newsletter.commands.logs import Log
from newsletter.commands.watchdog import LOOK_EVERY
from newsletter.common import places, tether
from newsletter.common.errors import Refused

logger = logging.getLogger(__name__)

TICK = 0.1
START_LIMIT, STOP_LIMIT, LAST_WORDS = 30.0, 3.0, 0.5
FIRST_DELAY, LONGEST_DELAY, QUIET_MINUTE = 1.0, 30.0, 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130

Say = Callable[[str, str], None]
"""Told of what happened: the name of the child, and the event (``started``, ``ended`` …)."""


class Running:
    """One child while the system is up: its process, its log, and when it may start again."""

    def __init__(self, child: Child, log: Log) -> None:
        self.child, self.log = child, log
        self.process: subprocess.Popen[bytes] | None = None
        self.delay = FIRST_DELAY
        self.started = self.due = 0.0

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process, in a session of its own so that Ctrl-C reaches the parent only."""
        tied = (sys.executable, "-I", "-S", tether.__file__)
        who = (str(int(self.child.orphaned)), str(os.getpid()))
        with self.log.open() as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own children
                (*tied, *who, *self.child.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={**os.environ, **places.same_code(), **self.child.environment},
            )
        self.started = time.monotonic()

    def postpone(self) -> None:
        """Decide when it may start again: later each time, unless it ran well for a while."""
        self.send(signal.SIGKILL)  # nothing that it had started may work on beside the next one
        now = time.monotonic()
        if now - self.started >= QUIET_MINUTE:
            self.delay = FIRST_DELAY
        self.due = now + self.delay
        self.delay = min(self.delay * 2, LONGEST_DELAY)
        self.process = None

    def send(self, what: signal.Signals) -> None:
        """Send a signal to the child, or, to kill, to everything it started."""
        if what is signal.SIGKILL:
            self.send_to_all(what)
        elif self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(what)

    def send_to_all(self, what: signal.Signals) -> None:
        """Send a signal to the child and to everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, what)


class Supervisor:
    """The one parent of all children."""

    def __init__(
        self,
        children: Sequence[Child],
        data_dir: Path,
        say: Say,
        *,
        look_every: float = LOOK_EVERY,
    ) -> None:
        logs = data_dir / "log"
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._all = [Running(child, Log(logs / f"{child.name}.log")) for child in children]
        self._say, self._look_every = say, look_every
        self._signals = 0
        self._patient = False
        self._job_ended = False
        self._result: int | BaseException | None = None

    def run(self, job: Callable[[], int] | None = None, ready: Callable[[], object] = bool) -> int:
        """Start everything, call ``ready``, and run until a signal or until the job is done.

        Returns the job's result; 0 after a signal without a job; 130 where a
        signal cut the job short. What the job raised is raised again.
        """
        previous = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        try:
            self._start()
            if not self._signals:
                ready()
                self._watch(job)
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)
        return self._answer(job is not None)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        self._patient = number == signal.SIGTERM

    def _start(self) -> None:
        waiting: list[Running] = []
        for running in self._all:
            running.start()
            waiting.append(running)
            if running.child.foundation:
                self._await(waiting)
                waiting.clear()
        self._await(waiting)

    def _await(self, children: Iterable[Running]) -> None:
        deadline = time.monotonic() + START_LIMIT
        for running in children:
            while not self._signals and not running.child.ready():
                if not running.alive or time.monotonic() > deadline:
                    raise _failed(running)
                time.sleep(TICK / 2)
            self._say(running.child.name, "ready")

    def _watch(self, job: Callable[[], int] | None) -> None:
        threading.Thread(target=self._look_after, name="watchdog", daemon=True).start()
        if job is not None:
            threading.Thread(target=self._run_job, args=(job,), name="job", daemon=True).start()
        while not self._signals and not self._job_ended:
            time.sleep(TICK)
            for running in self._all:
                self._tend(running)

    def _run_job(self, job: Callable[[], int]) -> None:
        try:
            self._result = job()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._result = error
        self._job_ended = True

    def _look_after(self) -> None:
        """Kill what runs but does not work; the main thread starts it again."""
        while not self._signals:
            time.sleep(self._look_every)
            for running in self._all:
                if running.alive and self._is_stuck(running.child):
                    self._say(running.child.name, "stuck")
                    running.send(signal.SIGKILL)

    def _is_stuck(self, child: Child) -> bool:
        try:
            return child.stuck()
        except Exception:
            # The others are still to be looked at, now and the next time.
            logger.exception("%s could not be looked at", child.name)
            return False

    def _tend(self, running: Running) -> None:
        running.log.cap()
        if running.alive:
            return
        if running.process is not None:
            running.postpone()
            self._say(running.child.name, "ended")
        elif time.monotonic() >= running.due:
            running.start()
            self._say(running.child.name, "restarted")

    def _stop(self) -> None:
        """Stop what stands on others first, all at once; then the foundations, last first."""
        foundations = [running for running in self._all if running.child.foundation]
        above = [running for running in self._all if not running.child.foundation]
        longest = max((running.child.patience for running in self._all), default=0.0)
        last = time.monotonic() + STOP_LIMIT + (longest if self._patient else 0.0)
        for together in (above, *([running] for running in reversed(foundations))):
            self._see_off(together, last)

    def _see_off(self, together: Sequence[Running], last: float) -> None:
        """Ask all of them at once; what outlives its grace may write down what it did, and goes."""
        asked = time.monotonic()
        for running in reversed(together):
            running.send(signal.SIGTERM)
        for running in together:
            self._wait(running, min(asked + self._grace(running.child), last))
        late = [running for running in together if running.alive and running.child.patience]
        if late and self._signals <= 1:
            for running in late:
                running.send_to_all(signal.SIGTERM)
            words = min(time.monotonic() + LAST_WORDS, last)
            for running in late:
                self._wait(running, words)
        for running in together:
            running.send(signal.SIGKILL)
        for running in together:
            if running.process is not None:
                running.process.wait()

    def _grace(self, child: Child) -> float:
        return max(child.grace, child.patience) if self._patient else child.grace

    def _wait(self, running: Running, deadline: float) -> None:
        while running.alive and self._signals <= 1 and time.monotonic() < deadline:
            time.sleep(TICK / 5)

    def _answer(self, had_job: bool) -> int:
        if isinstance(self._result, BaseException):
            raise self._result
        if self._result is not None:
            return self._result
        return INTERRUPTED if had_job else 0


def _failed(running: Running) -> Refused:
    name, log = running.child.name, running.log
    return Refused(
        "child.failed",
        f"{name} 프로세스가 시작되지 않았습니다. 기록의 끝: {log.last_line()}",
        f"the process {name} did not start; its log ends with: {log.last_line()}",
        place=str(log.path),
    )
