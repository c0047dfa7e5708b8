"""The links in a reader's mail that need no login: made here, and read back here.

An unsubscribe link never expires: the law says so, and old mail is read late.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from newsletter.common import clock, tokens
from newsletter.common.tokens import Purpose
from newsletter.subscribers.models import Subscriber


class ReaderGone(tokens.InvalidToken):
    """The token is ours, but its reader has been erased since."""


_LIFETIMES = {
    Purpose.UNSUBSCRIBE: None,
    Purpose.READ: None,
    Purpose.PREFERENCES: timedelta(days=30),
    Purpose.CONFIRM: timedelta(hours=48),
}


def maker(purpose: Purpose) -> Callable[[int], str]:
    """Return what makes tokens of one purpose at this moment, for many readers in a row."""
    lifetime, key = _LIFETIMES[purpose], _keys()[0]
    until = clock.now() + lifetime if lifetime else None
    return tokens.signer(purpose, key, until=until)


def token(purpose: Purpose, subscriber_id: int) -> str:
    """Return a token for this reader, good for the lifetime of its purpose."""
    return maker(purpose)(subscriber_id)


def reader_of(purpose: Purpose, text: str) -> Subscriber:
    """Return the reader whom a token names.

    Raises :class:`~newsletter.common.tokens.InvalidToken` for a token that is
    wrong or expired, and :class:`ReaderGone` where nobody is left to be named.
    """
    subscriber_id = tokens.verify(purpose, text, _keys(), now=clock.now())
    reader = Subscriber.objects.filter(pk=subscriber_id).first()
    if reader is None:
        raise ReaderGone(
            "token.reader_gone",
            "이미 삭제되어 남아 있는 정보가 없습니다.",
            "This reader has been erased; nothing is kept.",
        )
    return reader


def _keys() -> list[bytes]:
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
