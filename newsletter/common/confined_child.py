"""The process that parses foreign input: a fork server, and one short-lived child for each job.

It is started by :mod:`newsletter.common.confined` as a program of its own, so it knows
no Django, no database and no secret of the environment. It imports the module of a job
once; the child that is forked for the job then costs a few milliseconds, and reads the
job itself: foreign input never enters the server. Whatever becomes of the
process that asked, neither server nor child outlives it.
"""

import contextlib
import gc
import importlib
import os
import pickle
import resource
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import NoReturn

from newsletter.common import confined_wire as wire
from newsletter.common.confined_wire import Job, Limits
from newsletter.common.errors import NewsletterError
from newsletter.common.tether import tie_to_parent

PARSER = "confined_parser"
"""The attribute by which a function says that it may be called here."""

_LONGEST_NAME = 500
_LARGEST_JOB = 200 * wire.MEGABYTE


class Server:
    """Forks a child for each job that comes over ``control``, and tells how each one ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._children: dict[int, socket.socket] = {}
        """Whom to tell of each child."""
        self._alarm, self._bell = socket.socketpair()
        self._selector.register(self._alarm, selectors.EVENT_READ)
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> None:
        """Fork and tell until whoever started us is gone."""
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            for peer in ready:
                if peer is self._alarm:
                    self._alarm.recv(4096)
                elif peer is self._control:
                    if not self._take_job():
                        self._kill(list(self._children))
                        return
                else:  # who asked says no more: it has its answer, or has given up
                    self._kill(
                        [pid for pid, exit_socket in self._children.items() if exit_socket is peer]
                    )
            self._reap()

    def _take_job(self) -> bool:
        """Fork a child for the next job; ``False`` where there is nobody any more."""
        try:
            module, fds, _, _ = socket.recv_fds(self._control, _LONGEST_NAME, 2)
        except OSError:
            return False
        if not module or len(fds) != 2:  # noqa: PLR2004 - the job's socket, and the one for its end
            return False
        _import(module.decode())
        work, exit_socket = (socket.socket(fileno=fd) for fd in fds)
        with work, contextlib.suppress(OSError):
            self._fork(work, exit_socket)
        self._control.send(b".")
        return True

    def _fork(self, work: socket.socket, exit_socket: socket.socket) -> None:
        try:
            pid = os.fork()
        except OSError:  # no memory, no process left: whoever asked hears nothing, and knows
            exit_socket.close()
            raise
        if pid == 0:
            exit_socket.close()
            self._leave_to_the_child()
            _live(work)
        self._children[pid] = exit_socket
        self._selector.register(exit_socket, selectors.EVENT_READ)

    def _leave_to_the_child(self) -> None:
        """Close in the child what belongs to the server and to other children."""
        signal.set_wakeup_fd(-1)
        self._selector.close()
        for peer in (self._control, self._alarm, self._bell, *self._children.values()):
            peer.close()

    def _kill(self, children: list[int]) -> None:
        for pid in children:  # none is reaped yet, so the number is still its own
            self._selector.unregister(self._children[pid])
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self._children.pop(pid).close()

    def _reap(self) -> None:
        for pid in list(self._children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                exit_socket = self._children.pop(pid)
                self._selector.unregister(exit_socket)
                with exit_socket, contextlib.suppress(OSError):
                    wire.send_status(exit_socket, os.waitstatus_to_exitcode(status))


def _import(module: str) -> None:
    """Import the module of a job here, once; a child would have to do it each time."""
    if module not in sys.modules:
        with contextlib.suppress(Exception):  # the child meets it again, and tells
            importlib.import_module(module)
            gc.collect()
            gc.freeze()  # so that collecting in a child copies no page of ours


def _live(work: socket.socket) -> NoReturn:
    """Do one job and end, whatever happens: nothing may return into the server's loop."""
    try:
        tie_to_parent()
        _, data = wire.receive(work, _LARGEST_JOB)
        job: Job = pickle.loads(data)  # noqa: S301 - packed by the process that started us
        del data
        _limit(job.limits)
        what, answer = _answer(job)
        if len(answer) > job.limits.answer:
            os._exit(wire.ANSWER_TOO_LARGE)
        wire.send(work, what, answer)
        os._exit(os.EX_OK)
    except MemoryError:
        os._exit(wire.OUT_OF_MEMORY)
    finally:
        os._exit(os.EX_SOFTWARE)


def _limit(limits: Limits) -> None:
    """Bind this process; the kernel ends it, for a pattern in C listens to nobody else."""
    for number in (signal.SIGALRM, signal.SIGXCPU, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    if sys.platform == "linux":  # elsewhere the size to begin with cannot be known
        most = _size() + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        with contextlib.suppress(OSError):  # where memory runs out, we go and not a worker
            Path("/proc/self/oom_score_adj").write_text("1000")


def _size() -> int:
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def _answer(job: Job) -> tuple[bytes, bytes]:
    try:
        return wire.RETURNED, wire.pack(_function(job)(*job.args))
    except NewsletterError as error:
        return wire.RAISED, wire.pack(error)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a parser's mistake is reported like one
        # Not its words: they may quote the input.
        where = extract_tb(error.__traceback__)[-1]
        return wire.BROKE, f"{type(error).__name__} at {where.name}:{where.lineno}".encode()


def _function(job: Job) -> Callable[..., object]:
    function: Callable[..., object] = getattr(importlib.import_module(job.module), job.name)
    if not getattr(function, PARSER, False):
        raise PermissionError(f"{job.module}:{job.name} is no parser")
    return function


def main() -> None:
    """Serve the socket whose number is the one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    Server(socket.socket(fileno=int(sys.argv[1]))).serve()


if __name__ == "__main__":
    main()
