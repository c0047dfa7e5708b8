"""Passwords are hashed a few at a time, so that pages keep threads, processors and memory.

One hash takes 100 MB and, by design, all the time it can get. Whoever sends many logins
at once gets a quick "busy" for most of them, and everybody else still gets a page. One
network has one login in hand at a time, so that a stranger never takes every place.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

from newsletter.common.errors import Refused

# Together at most half of the threads of the site (newsletter.web.server).
AT_ONCE, WAITING = 2, 2
SECONDS = 1.0

_working = threading.BoundedSemaphore(AT_ONCE)
_admitted = threading.BoundedSemaphore(AT_ONCE + WAITING)
_networks: set[str] = set()
_entering = threading.Lock()


class Busy(Refused):
    """Too many passwords are being looked at; ask again after ``retry_after`` seconds."""

    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "login.busy",
            "지금은 로그인하려는 요청이 많습니다. 잠시 뒤에 다시 시도해 주세요.",
            "Too many people are logging in at this moment. Please try again in a few seconds.",
        )


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 as Django sets it, ``AT_ONCE`` at a time; raises :class:`Busy` to the others."""

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether the password is the one of this hash."""
        with _turn():
            return super().verify(password, encoded)

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a new password."""
        with _turn():
            return super().encode(password, salt)


@contextmanager
def only_login_of(network: str) -> Iterator[None]:
    """Hold the one login of this network; raises :class:`Busy` while another one is in hand."""
    with _entering:
        if network in _networks:
            raise Busy
        _networks.add(network)
    try:
        yield
    finally:
        with _entering:
            _networks.discard(network)


@contextmanager
def _turn() -> Iterator[None]:
    if not _admitted.acquire(blocking=False):
        raise Busy
    try:
        if not _working.acquire(timeout=SECONDS):
            raise Busy
        try:
            yield
        finally:
            _working.release()
    finally:
        _admitted.release()
