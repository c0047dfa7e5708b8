"""What an answer of SendGrid means for the letters of a request. Pure.

Plain answers are those of SendGrid itself, which come with its JSON: then nothing
was taken. Of a 5xx without it, and of 502 and 504, something in between speaks;
what stands behind that may have taken the request, so its letters are in doubt.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from newsletter.common.dates import parse_date
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    SendError,
    Throttled,
    Unavailable,
)

LONGEST_WAIT_SECONDS = 600
# Refused by name at once: more of them are a fault of ours that a person must see.
MOST_CULPRITS = 40
_ADDRESS = re.compile(r"personalizations\.\d{1,4}\.to\.\d{1,4}\.email")
_PERSONALIZATION = re.compile(r"personalizations\.(\d{1,4})\.")


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A request that SendGrid refused as a whole because of something inside it."""

    reason: str
    culprits: frozenset[int] = frozenset()
    """The places of the readers whom SendGrid named; empty where it named none."""


def meaning(
    status: int, body: bytes, fields: Mapping[str, str], now: datetime
) -> SendError | RequestRefused:
    """Return what an answer other than yes says of the letters in its request."""
    reason, errors = f"http {status}", _errors(body)
    match status:
        case HTTPStatus.BAD_REQUEST:
            return _refused(reason, errors)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return RequestRefused(reason)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(reason, _asked_to_wait(fields, now))
        case HTTPStatus.INTERNAL_SERVER_ERROR | HTTPStatus.SERVICE_UNAVAILABLE if errors:
            return Unavailable(reason, _asked_to_wait(fields, now))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return HaltSending(reason)
    return AmbiguousSendError(reason)


def _refused(reason: str, errors: Sequence[Mapping[str, Any]]) -> SendError | RequestRefused:
    fields = [str(error.get("field") or "") for error in errors]
    culprits = {int(named[1]) for field in fields if (named := _PERSONALIZATION.match(field))}
    if 0 < len(culprits) <= MOST_CULPRITS:
        at_fault = all(_ADDRESS.fullmatch(field) for field in fields)
        return RequestRefused(f"{reason} to.email" if at_fault else reason, frozenset(culprits))
    if any(fields):
        # Not a reader but the letter itself, such as a sender that was not verified.
        return HaltSending(f"{reason} {next(filter(None, fields))}")
    return RequestRefused(reason)


def _errors(body: bytes) -> list[dict[str, Any]]:
    """Return the errors of SendGrid's JSON, empty where somebody else answered."""
    try:
        errors = json.loads(body)["errors"]
    except (ValueError, KeyError, TypeError):
        return []
    return [error for error in errors if isinstance(error, dict)] if errors else []


def _asked_to_wait(fields: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds until the limit is reset, ten minutes at most; ``None`` for nonsense.

    A moment that has passed is nonsense too: one of the two clocks is wrong.
    """
    told = (
        _seconds_until(fields.get("X-RateLimit-Reset") or "", now),
        _seconds_of(fields.get("Retry-After") or "", now),
    )
    return next((min(wait, LONGEST_WAIT_SECONDS) for wait in told if wait and wait > 0), None)


def _seconds_until(epoch: str, now: datetime) -> float | None:
    return int(epoch) - now.timestamp() if _is_number(epoch) else None


def _seconds_of(text: str, now: datetime) -> float | None:
    """Read ``Retry-After``: seconds, or a date as RFC 9110 allows."""
    if _is_number(text):
        return float(text)
    moment = parse_date(text)
    return (moment - now).total_seconds() if moment else None


def _is_number(text: str) -> bool:
    # int() refuses very long numbers, and isdecimal() takes digits that are not ASCII.
    return text.isascii() and text.isdecimal() and len(text) <= 15  # noqa: PLR2004 - far beyond any year
