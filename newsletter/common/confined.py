"""The one door through which foreign input is parsed: in a child process, within limits.

A pattern that backtracks holds the interpreter, and so every thread of a process; a
tree of parts eats its memory; either ends its locks and transactions with it. So the
bytes of strangers are parsed by :mod:`newsletter.common.confined_child`: CPU time,
memory, time and the size of the answer are bound, and a child that passes a bound
costs its own source and nobody else. Each process that parses has a fork server
of its own, started by the first call, and no two of them share one.
"""

import atexit
import contextlib
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from signal import SIGALRM, SIGXCPU
from typing import Any, ParamSpec, TypeVar

from newsletter.common import confined_child, places
from newsletter.common import confined_wire as wire
from newsletter.common.confined_wire import Job, Limits
from newsletter.common.errors import BadInput, NewsletterError, Refused

P = ParamSpec("P")
T = TypeVar("T")

LIMITS = Limits()
_TRIES = 2
# The child's own alarm comes first; beyond it, the kernel or the machine is late.
_GRACE = 10.0
# Nothing else of the environment is a parser's business; the folder names whose it is.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "NEWSLETTER_DATA_DIR")


class Limit(StrEnum):
    """Which bound a parse has passed."""

    CPU = "cpu"
    MEMORY = "memory"
    TIME = "time"
    ANSWER = "answer"
    DIED = "died"
    """None of these by our own doing: it crashed, or somebody killed it."""


_SENTENCES = {
    Limit.CPU: (
        "내용을 분석하는 데 CPU 시간 {cpu}초를 넘겨 중단했습니다.",
        "Parsing the content took more than {cpu} seconds of CPU time and was stopped.",
    ),
    Limit.MEMORY: (
        "내용을 분석하는 데 메모리 {memory:g}MB를 넘겨 중단했습니다.",
        "Parsing the content took more than {memory:g} MB of memory and was stopped.",
    ),
    Limit.TIME: (
        "내용을 {seconds:g}초 안에 분석하지 못해 중단했습니다.",
        "Parsing the content took more than {seconds:g} seconds and was stopped.",
    ),
    Limit.ANSWER: (
        "내용을 분석한 결과가 {answer:g}MB를 넘어 사용하지 않았습니다.",
        "What the content was parsed into exceeds {answer:g} MB and was not used.",
    ),
    Limit.DIED: (
        "내용을 분석하던 프로세스가 중간에 종료되었습니다 (종료 코드 {exit_code}).",
        "The process that parsed the content died (exit code {exit_code}).",
    ),
}


class ParserFailed(BadInput):
    """An input that cannot be parsed; ``code`` begins with ``parser.``."""

    may_pass = False
    """Whether another try may go well, for it was perhaps the machine and not the input."""


class OverLimit(ParserFailed):
    """An input that cannot be parsed within its limits; ``code`` is ``parser.`` and the limit."""

    def __init__(self, limit: Limit, limits: Limits, exit_code: int = 0) -> None:
        ko, en = _SENTENCES[limit]
        values = {
            "cpu": limits.cpu_seconds,
            "memory": limits.memory / wire.MEGABYTE,
            "seconds": limits.seconds,
            "answer": limits.answer / wire.MEGABYTE,
            "exit_code": exit_code,
        }
        super().__init__(f"parser.{limit}", ko.format(**values), en.format(**values))
        self.limit = limit
        # A machine that stands still, or whose kernel kills for want of memory, looks the same.
        self.may_pass = limit in {Limit.TIME, Limit.DIED}


class ParserBroke(ParserFailed):
    """A parser met a defect of its own: which kind of error, and where in our code."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "parser.broke",
            f"내용을 분석하는 코드에 결함이 있습니다 ({where}).",
            f"The code that parses the content has a defect ({where}).",
        )


class _ServerGone(Exception):
    """The fork server itself has ended, which no input can bring about by itself."""


def parser(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function of a module be called through :func:`call`; it stays as it is."""
    setattr(function, confined_child.PARSER, True)
    return function


def call(function: Callable[..., T], *args: Any, place: str = "", limits: Limits = LIMITS) -> T:
    """Return what a :func:`parser` makes of these values, in a child.

    Raises :class:`ParserFailed` at ``place``: :class:`OverLimit` where it passes a limit,
    :class:`ParserBroke` where it raises what is no error of ours; those come as they are. Raises
    :class:`Refused` (``parser.unavailable``) where this machine can start no process.
    """
    job = Job(function.__module__, function.__qualname__, args, limits)
    try:
        with _slots:
            what, data = _run(job)
        return _value(what, data, limits)  # type: ignore[no-any-return] # what the function returns
    except ParserFailed as error:
        error.place = place[:200]
        raise


def _run(job: Job) -> tuple[bytes, bytes]:
    for _ in range(_TRIES):
        server = _server()
        try:
            return server.run(job)
        except _ServerGone:
            _forget(server)
    raise Refused(
        "parser.unavailable",
        "내용을 분석할 프로세스를 시작할 수 없습니다. 메모리와 프로세스 수를 확인해 주세요.",
        "No process to parse with could be started; look at the memory and the number of processes.",
    )


def _value(what: bytes, data: bytes, limits: Limits) -> Any:
    if what == wire.BROKE:
        raise ParserBroke(data[:200].decode(errors="replace"))
    try:
        value = wire.unpack(data)
    except pickle.UnpicklingError as error:
        raise OverLimit(Limit.DIED, limits) from error
    if what == wire.RETURNED:
        return value
    raise value if isinstance(value, NewsletterError) else OverLimit(Limit.DIED, limits)


class _Server:
    """The fork server of this process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._control, theirs = socket.socketpair()
        # One that was stopped never answers, and whoever waits for it holds the turn of all.
        self._control.settimeout(_GRACE)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", confined_child.__name__, str(number)],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
            )

    def run(self, job: Job) -> tuple[bytes, bytes]:
        """Return the frame that a child answers with; raises :class:`OverLimit`, ``_ServerGone``."""
        with self._hand_over(job.module) as (work, exit_socket):
            for peer in (work, exit_socket):
                peer.settimeout(job.limits.seconds + _GRACE)
            try:
                # The job is read to its end by a child that lives.
                wire.send(work, b"J", pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
                return wire.receive(work, job.limits.answer)
            except wire.TooLarge:
                raise OverLimit(Limit.ANSWER, job.limits) from None
            except TimeoutError:
                raise OverLimit(Limit.TIME, job.limits) from None
            except (EOFError, OSError):
                raise _ended(exit_socket, job.limits) from None

    @contextlib.contextmanager
    def _hand_over(self, module: str) -> Iterator[tuple[socket.socket, socket.socket]]:
        """Have a child forked; yield the socket to talk to it, and that which tells of its end."""
        (work, work_peer), (exit_socket, exit_peer) = socket.socketpair(), socket.socketpair()
        with work, exit_socket:
            with work_peer, exit_peer, self._turn:
                try:
                    fds = [work_peer.fileno(), exit_peer.fileno()]
                    socket.send_fds(self._control, [module.encode()], fds)
                    taken = self._control.recv(1)
                except OSError as error:  # its time is over as well
                    raise _ServerGone from error
            if not taken:
                raise _ServerGone
            yield work, exit_socket

    def end(self) -> None:
        """End it: it lives as long as its socket does."""
        self._control.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def leave(self) -> None:
        """Let go of it after a fork: it is the parent's."""
        self._control.close()


def _ended(exit_socket: socket.socket, limits: Limits) -> Exception:
    """Return the error that says how a child ended which did not answer."""
    try:
        code = wire.receive_status(exit_socket)
    except TimeoutError:
        return OverLimit(Limit.TIME, limits)
    except (EOFError, OSError):
        return _ServerGone()
    known = {
        -SIGXCPU: Limit.CPU,
        -SIGALRM: Limit.TIME,
        wire.OUT_OF_MEMORY: Limit.MEMORY,
        wire.ANSWER_TOO_LARGE: Limit.ANSWER,
    }
    return OverLimit(known.get(code, Limit.DIED), limits, code)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | places.same_code()


# By the process: a pool forks after it has imported us, and a server answers to one parent.
_servers: dict[int, _Server] = {}
_starting = threading.Lock()
# More at once than there are processors would only be slower, and take their memory together.
_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


def _server() -> _Server:
    with _starting:
        if os.getpid() not in _servers:
            _servers[os.getpid()] = _Server()
        return _servers[os.getpid()]


def _forget(server: _Server) -> None:
    """Make sure of its end, so that the next call starts another one."""
    with _starting:
        if _servers.get(os.getpid()) is server:
            del _servers[os.getpid()]
            server.end()


def _after_fork() -> None:
    global _starting, _slots  # noqa: PLW0603 - another thread may have held them in the parent
    _starting = threading.Lock()
    _slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
    for server in _servers.values():
        server.leave()


def _at_exit() -> None:
    if server := _servers.pop(os.getpid(), None):
        server.end()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
