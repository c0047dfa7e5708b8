"""Whether a webhook's body really comes from the provider, and not from an old recording.

ECDSA on P-256 with SHA-256 over the timestamp and the raw bytes, so it is checked
before anything is parsed. The provider's own helper does not look at the age, and
lets a signature that is no base64 escape as an exception.
"""

from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings

from newsletter.common import clock
from newsletter.common.errors import ConfigurationError, Refused

# Our clock and theirs may differ a little.
_AHEAD = timedelta(minutes=15)
_LONGEST_TIMESTAMP = 12
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Untrusted(Refused):
    """What came in is not from the provider, as far as can be told."""


def check(raw: bytes, timestamp: str, signature: str) -> None:
    """Raise :class:`Untrusted` unless the body bears a fresh signature by one of our keys."""
    keys = settings.SENDGRID_WEBHOOK_KEY
    if not keys:
        _allow_unsigned()
        return
    if not is_signed(raw, timestamp, signature, keys):
        raise Untrusted(
            "webhook.signature", "서명이 올바르지 않습니다.", "The signature is not valid."
        )
    if not _is_fresh(timestamp):
        raise Untrusted(
            "webhook.stale",
            "서명한 지 너무 오래된 요청입니다.",
            "The request was signed too long ago.",
        )


def is_signed(raw: bytes, timestamp: str, signature: str, keys: Sequence[str]) -> bool:
    """Tell whether one of the keys signed exactly these bytes at this timestamp."""
    try:
        mark = b64decode(signature, validate=True)
        signed = timestamp.encode("ascii") + raw
    except ValueError:
        return False
    return any(_verifies(_public_key(key), mark, signed) for key in keys)


def _verifies(key: EllipticCurvePublicKey, mark: bytes, signed: bytes) -> bool:
    try:
        key.verify(mark, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def _public_key(text: str) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(b64decode(text, validate=True))
    except ValueError as error:
        raise _no_key() from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise _no_key()
    return key


def _is_fresh(timestamp: str) -> bool:
    if not timestamp.isdecimal() or len(timestamp) > _LONGEST_TIMESTAMP:
        return False
    age = clock.now() - datetime.fromtimestamp(int(timestamp), UTC)
    return -_AHEAD <= age <= timedelta(hours=settings.WEBHOOK_MAX_AGE_HOURS)


def _allow_unsigned() -> None:
    """Let unsigned events in where nobody but this machine can send them."""
    if urlsplit(settings.BASE_URL).hostname not in _LOOPBACK:
        raise Untrusted(
            "webhook.unsigned",
            "SENDGRID_WEBHOOK_KEY가 없어 이벤트를 받지 않습니다.",
            "Without SENDGRID_WEBHOOK_KEY no events are taken.",
            place="SENDGRID_WEBHOOK_KEY",
        )


def _no_key() -> ConfigurationError:
    return ConfigurationError(
        "config.webhook_key",
        "SENDGRID_WEBHOOK_KEY 값은 SendGrid가 보여 주는 공개 키여야 합니다.",
        "SENDGRID_WEBHOOK_KEY must be the public key that SendGrid shows.",
        place="SENDGRID_WEBHOOK_KEY",
    )
