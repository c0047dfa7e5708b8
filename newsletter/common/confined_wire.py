"""What travels between a process and the child that parses for it: limits, a job, an answer.

A job is pickled by us and read by our own code. An answer comes from a process that
ran over foreign input, so it is read by an unpickler that builds plain values, and of
ours only frozen dataclasses, enums and errors of modules that are loaded already: it
imports nothing and calls nothing else.
"""

import io
import pickle
import socket
import struct
import sys
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.common.errors import NewsletterError

MEGABYTE = 1_000_000
# How a child says by its exit code what it may not be able to say in words.
OUT_OF_MEMORY, ANSWER_TOO_LARGE = 77, 78
RETURNED, RAISED, BROKE = b"V", b"E", b"B"
"""The function returned a value, raised one of our errors, or met a defect."""

_HEAD = struct.Struct(">cQ")
_STATUS = struct.Struct(">i")
_PLAIN: dict[tuple[str, str], type] = {
    (kind.__module__, kind.__name__): kind
    for kind in (date, datetime, timedelta, timezone, ZoneInfo, set, frozenset)
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one parse may cost."""

    cpu_seconds: int = 2
    memory: int = 512 * MEGABYTE
    """Octets of address space beyond what the child begins with."""
    seconds: float = 90.0
    """From its fork to its answer; far longer than the CPU time, for others want a processor too."""
    answer: int = 64 * MEGABYTE
    """Octets of its answer."""


def limits_by_length(content: bytes) -> Limits:
    """Return what parsing a feed of this length may cost: two seconds more for three megabytes more.

    An ordinary one takes 0.6 s of CPU for each megabyte, and may have ten of them.
    """
    more = max(len(content) - MEGABYTE, 0) * 2 // (3 * MEGABYTE)
    usual = Limits()
    return replace(usual, cpu_seconds=usual.cpu_seconds + more)


@dataclass(frozen=True, slots=True)
class Job:
    """A function, by its module and name, and what it is called with."""

    module: str
    name: str
    args: tuple[Any, ...]
    limits: Limits


class TooLarge(Exception):
    """A frame is larger than it may be."""


def send(peer: socket.socket, what: bytes, data: bytes) -> None:
    """Send one frame."""
    peer.sendall(_HEAD.pack(what, len(data)))
    peer.sendall(data)


def receive(peer: socket.socket, most: int) -> tuple[bytes, bytes]:
    """Return one frame; raises ``EOFError`` where it ends early, :class:`TooLarge`, ``OSError``."""
    what, length = _HEAD.unpack(_exactly(peer, _HEAD.size))
    if length > most:
        raise TooLarge
    return what, _exactly(peer, length)


def send_status(peer: socket.socket, exit_code: int) -> None:
    """Send how a child ended: its exit code, or the number of its signal below zero."""
    peer.sendall(_STATUS.pack(exit_code))


def receive_status(peer: socket.socket) -> int:
    """Return how a child ended; raises ``EOFError`` where nobody could say it, ``OSError``."""
    code: int = _STATUS.unpack(_exactly(peer, _STATUS.size))[0]
    return code


def _exactly(peer: socket.socket, length: int) -> bytes:
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = peer.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return bytes(data)


def pack(value: object) -> bytes:
    """Return the octets of an answer."""
    out = io.BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def unpack(data: bytes) -> Any:
    """Return the value of an answer; raises ``pickle.UnpicklingError`` for what none may hold."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # what is no pickle, or builds no value, breaks in any way
        raise pickle.UnpicklingError(type(error).__name__) from error


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        """Write a zone by its key: its own way is a method, which no answer may name."""
        return (ZoneInfo, (value.key,)) if isinstance(value, ZoneInfo) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = _PLAIN.get((module, name)) or _ours(module, name)
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}"[:200])
        return found


def _ours(module: str, name: str) -> type | None:
    loaded = sys.modules.get(module) if module.startswith("newsletter.") else None
    found = vars(loaded).get(name) if loaded else None
    if not isinstance(found, type):
        return None
    frozen = is_dataclass(found) and getattr(found, "__dataclass_params__").frozen  # noqa: B009 - mypy knows no such name
    return found if frozen or issubclass(found, (Enum, NewsletterError)) else None
