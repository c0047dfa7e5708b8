"""Message-IDs that stay the same for every attempt of one letter, and that nobody else can make.

    d1207.9f2c01aa83d4.Qm3v0yZ1k8sJtW5e.19ad0c3b2f0@news.example.com

They name the row, the revision it carries and the moment the sending began, so
the receiving side can tell a repetition, and which content arrived. The third word
is keyed BLAKE2b (RFC 7693) over the others, of 96 bits: who has one letter cannot
name another. What stands before the "@" always fits into 64 octets.
"""

import hmac
import secrets
from binascii import b2a_base64
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from django.conf import settings

from newsletter.delivery.models import Notice
from newsletter.issues.models import Issue

# A multiple of three, so that base64 needs no padding.
_TAG_BYTES = 12
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Form(StrEnum):
    """How much a Message-ID of a letter of ours proves."""

    KEYED = "keyed"
    """Only who has seen the letter can know it."""
    PLAIN = "plain"
    """As version 0.1.0 made them: readers of an issue can make up each other's."""


def maker(issue: Issue) -> Callable[[int], str]:
    """Return what makes the Message-IDs of the letters of an issue that has begun to leave.

    At less than 1 µs each, for every letter has one.
    """
    return _maker(issue, settings.SECRET_KEY)


def of_delivery(delivery_id: int, issue: Issue) -> str:
    """Return the Message-ID of one reader's letter of an issue that has begun to leave."""
    return maker(issue)(delivery_id)


def ever_of_delivery(delivery_id: int, issue: Issue) -> dict[str, Form]:
    """Return every Message-ID that the letter may have left with, today's first.

    It left under a key that was retired since, perhaps, or from version 0.1.0.
    """
    secret_keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keyed = {_maker(issue, key)(delivery_id): Form.KEYED for key in secret_keys}
    revision, moment = _words(issue)
    return {**keyed, _joined(f"d{delivery_id}", revision, moment): Form.PLAIN}


def form_of(message_id: str, delivery_id: int, issue: Issue) -> Form | None:
    """Return how ``message_id`` names this letter; ``None`` if the letter never bore it."""
    given = message_id.encode(errors="replace")
    for own, form in ever_of_delivery(delivery_id, issue).items():
        if hmac.compare_digest(own.encode(), given):
            return form
    return None


def of_notice(notice: Notice) -> str:
    """Return the Message-ID of a notice."""
    return _joined(f"n{notice.pk}", _moment(notice.created_at))


def of_preview() -> str:
    """Return a Message-ID that no other mail has."""
    return _joined("p" + secrets.token_hex(8))


def _maker(issue: Issue, secret_key: str) -> Callable[[int], str]:
    revision, moment = _words(issue)
    front = f".{revision}." if revision else "."
    back = "." + _joined(moment) if moment else _joined("")
    # Copied for each letter: the key and what all letters share are taken in only once.
    begun = blake2b(f"{revision}.{moment}.".encode(), digest_size=_TAG_BYTES, key=_key(secret_key))

    def made(delivery_id: int) -> str:
        mac = begun.copy()
        mac.update(b"%d" % delivery_id)
        tag = b2a_base64(mac.digest(), newline=False).translate(_URL_SAFE).decode()
        return f"d{delivery_id}{front}{tag}{back}"

    return made


def _key(secret_key: str) -> bytes:
    """Return a key of our own, so that no tag is ever that of a link or of a return path."""
    return hmac.digest(secret_key.encode(), b"message id", "sha256")


def _words(issue: Issue) -> tuple[str, str]:
    revision = issue.revision.content_hash[:12] if issue.revision else ""
    return revision, _moment(issue.started_at)


def _joined(*words: str) -> str:
    return ".".join(word for word in words if word) + "@" + settings.PUBLICATION_DOMAIN


def _moment(moment: datetime | None) -> str:
    return f"{int(moment.timestamp() * 1000):x}" if moment else ""
