"""Opaque signed tokens for links that need no login.

A token names its subject and is bound to one purpose, so that a link to the
preferences can never unsubscribe anyone. The tag is HMAC-SHA256 cut to 128
bits (RFC 2104, section 5). Tokens are short on purpose: a ``List-Unsubscribe``
line over 78 columns is where mail libraries begin to break the URL.

``3k.mVd0…``      subject 128, for ever (an unsubscribe link in old mail must work)
``3k-f1x9.Qd7…``  the same subject until a day, counted from 1970
"""

import hmac
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product

from newsletter.common.errors import BadInput

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Three digits at a time: every letter carries two tokens, and a million letters two million.
_THREE_DIGITS = ["".join(digits) for digits in product(_DIGITS, repeat=3)]
_STEP = len(_THREE_DIGITS)
_TAG_BYTES = 16
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Purpose(StrEnum):
    """What a token may be used for; a token of one purpose is refused for another."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    READ = "read"


class InvalidToken(BadInput):
    """The token was altered, cut, or made for another purpose."""


class ExpiredToken(InvalidToken):
    """The token was right once, but its day has passed."""


def signer(purpose: Purpose, key: bytes, *, until: datetime | None = None) -> Callable[[int], str]:
    """Return a function that makes the token of one subject after the other, at 2 µs each.

    ``until`` is rounded up to the end of its UTC day.
    """
    end = "" if until is None else "-" + base36((until - _EPOCH) // timedelta(days=1) + 1)

    def signed(subject: int) -> str:
        name = base36(subject) + end
        return f"{name}.{_tag(purpose, name, key)}"

    return signed


def verify(purpose: Purpose, token: str, keys: Sequence[bytes], *, now: datetime) -> int:
    """Return the subject of ``token``, tried against every key still valid.

    Raises :class:`InvalidToken` or :class:`ExpiredToken`; neither says which
    part was wrong.
    """
    name, _, tag = token.partition(".")
    good = [hmac.compare_digest(_tag(purpose, name, key).encode(), tag.encode()) for key in keys]
    if not any(good):
        raise InvalidToken("token.invalid", "링크가 올바르지 않습니다.", "This link is not valid.")
    subject, _, day = name.partition("-")
    if day and now >= _EPOCH + timedelta(days=int(day, 36)):
        raise ExpiredToken(
            "token.expired", "링크의 유효 기간이 지났습니다.", "This link has expired."
        )
    return int(subject, 36)


def _tag(purpose: Purpose, name: str, key: bytes) -> str:
    # By its name OpenSSL makes it in one call; the function would be called through Python.
    digest = hmac.digest(key, f"{purpose.value}:{name}".encode(), "sha256")
    return b2a_base64(digest[:_TAG_BYTES], newline=False)[:-2].translate(_URL_SAFE).decode()


def base36(number: int) -> str:
    """Return a whole number of 0 or more in the digits 0-9a-z; ``int(text, 36)`` reads it back."""
    digits = ""
    while number >= _STEP:
        number, rest = divmod(number, _STEP)
        digits = _THREE_DIGITS[rest] + digits
    return (_THREE_DIGITS[number] + digits).lstrip("0") or "0"
