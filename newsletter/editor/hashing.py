"""Passwords are hashed a few at a time, so that pages keep threads, processors and memory.

One hash takes 100 MB and, by design, all the time it can get. Whoever sends many logins
at once gets a quick "busy" for most of them, and everybody else still gets a page. Each
asker has one login in hand at a time, and the browsers that editors have used before have
a place that no stranger can take.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.auth.hashers import Argon2PasswordHasher

from newsletter.common.errors import Refused

# Together, with the two of known browsers, at most six of the eight threads of the site.
AT_ONCE, WAITING = 2, 2
SECONDS = 1.0
# An editor behind other editors waits for them instead of pressing the button again.
SECONDS_FOR_THE_KNOWN = 10.0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who logs in: the id of a known browser, or a network."""

    name: str
    is_known: bool


class Places:
    """How many hashes are worked on, and how many more may wait for one of these places."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._working = threading.BoundedSemaphore(at_once)
        self._admitted = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place; raises :class:`Busy` where none comes free in time."""
        if not self._admitted.acquire(blocking=False):
            raise Busy
        try:
            if not self._working.acquire(timeout=self._seconds):
                raise Busy
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._admitted.release()


OF_STRANGERS = Places(AT_ONCE, WAITING, SECONDS)
OF_THE_KNOWN = Places(1, 1, SECONDS_FOR_THE_KNOWN)
_places: ContextVar[Places] = ContextVar("places", default=OF_STRANGERS)
_in_hand: set[Asker] = set()
_entering = threading.Lock()


class Busy(Refused):
    """Too many passwords are being looked at; ask again after ``retry_after`` seconds."""

    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "login.busy",
            "지금은 로그인 요청이 많아 비밀번호를 확인하지 못했습니다. 몇 초 뒤에 다시 시도해 주세요.",
            "Too many logins at this moment; your password was not looked at. "
            "Please try again in a few seconds.",
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
def only_login_of(asker: Asker) -> Iterator[None]:
    """Hold the one login of this asker; raises :class:`Busy` while another one is in hand."""
    with _entering:
        if asker in _in_hand:
            raise Busy
        _in_hand.add(asker)
    places = _places.set(OF_THE_KNOWN if asker.is_known else OF_STRANGERS)
    try:
        yield
    finally:
        _places.reset(places)
        with _entering:
            _in_hand.discard(asker)


def _turn() -> AbstractContextManager[None]:
    return _places.get().one()
