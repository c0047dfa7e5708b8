"""The links in a reader's mail that need no login: made here, and read back here.

An unsubscribe link never expires: the law says so, and old mail is read late.
"""

import hmac
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from newsletter.common import clock, tokens
from newsletter.common.tokens import Purpose
from newsletter.subscribers.gone import LinkUsed, ReaderGone
from newsletter.subscribers.models import AddressChange, Subscriber
from newsletter.subscribers.moving import GOOD_FOR

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
        raise ReaderGone
    return reader


def token_of_wish(wish_id: int) -> str:
    """Return the token of the button that takes a reader to another address."""
    until = clock.now() + GOOD_FOR
    return tokens.signer(Purpose.CONFIRM, _for_addresses(_keys()[0]), until=until)(wish_id)


def wish_of(text: str) -> AddressChange:
    """Return the wish that a token names, open or carried out.

    Raises :class:`~newsletter.common.tokens.InvalidToken` for a token that is wrong or
    expired, and :class:`LinkUsed` where a newer wish has taken the place of this one.
    """
    keys = [_for_addresses(key) for key in _keys()]
    wish_id = tokens.verify(Purpose.CONFIRM, text, keys, now=clock.now())
    wish = AddressChange.objects.select_related("subscriber").filter(pk=wish_id).first()
    if wish is None or (not wish.changed_at and wish.asked_at + GOOD_FOR <= clock.now()):
        raise LinkUsed
    return wish


def _for_addresses(key: bytes) -> bytes:
    """Return a key of its own: a wish is numbered apart, and must not confirm a subscription."""
    return hmac.digest(key, b"new address", "sha256")


def _keys() -> list[bytes]:
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
