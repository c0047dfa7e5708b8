"""SendGrid's event webhook in our words. Nobody else here knows ``spamreport``. Pure.

There is no schema of it; what is known comes from SendGrid's pages, where one event
is "Processed" with a capital and one timestamp is text. So names are compared
without case, and whatever cannot be used is counted, never a reason to refuse the
rest: a refused post would come again for a day.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from newsletter.common.errors import BadInput
from newsletter.events.kinds import EventKind, Meaning, ReceivedEvent, bounce_kind, meaning_of
from newsletter.events.redact import details

PROVIDER = "sendgrid"

_KINDS = {
    "processed": EventKind.ACCEPTED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "bounce": EventKind.HARD_BOUNCED,
    "dropped": EventKind.DROPPED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
}
# Why SendGrid did not even try: what it knows of the mailbox that we do not know yet.
_DROPPED = {
    "bounced address": Meaning.BOUNCED,
    "invalid": Meaning.BOUNCED,
    "spam reporting address": Meaning.COMPLAINED,
    "unsubscribed address": Meaning.LEFT,
}
# What a person asks who wonders why; the rest is ours already, or a reader's business.
_DETAILS = ("reason", "response", "status", "type", "bounce_classification", "sg_message_id")
_DELIVERY = re.compile(r"[1-9][0-9]{0,17}")
# As the ledger makes them. Notices and previews have other ids, and rows elsewhere.
_ATTEMPT = re.compile(r"[0-9a-f]{16}")
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,128}")
_LAST_SECOND = 253_402_300_799  # of the year 9999


@dataclass(frozen=True, slots=True)
class ParsedPost:
    """One post of the webhook: the events that may concern us, and how many did not, by reason."""

    events: tuple[ReceivedEvent, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)


class _Skip(Exception):
    """An event that cannot be used, and in one word why."""


def parse(raw: bytes) -> ParsedPost:
    """Read the body of one post. Raises :class:`BadInput` if it is no list of events."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _wrong_shape() from error
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise _wrong_shape()
    events, skipped = [], Counter[str]()
    for one in told:
        try:
            events.append(_event(one))
        except _Skip as reason:
            skipped[str(reason)] += 1
    return ParsedPost(tuple(events), dict(skipped))


def _event(told: dict[str, Any]) -> ReceivedEvent:
    kind = _kind(told)
    address = told.get("email")
    # We write to ASCII addresses only, so any other is not one of ours.
    if not isinstance(address, str) or not address.isascii():
        raise _Skip("foreign")
    delivery_id, attempt = _ours(told)
    return ReceivedEvent(
        event_id=_event_id(told),
        kind=kind,
        at=_moment(told),
        delivery_id=delivery_id,
        attempt=attempt,
        address=address,
        meaning=_meaning(told, kind),
        raw=details(told, _DETAILS),
    )


def _kind(told: dict[str, Any]) -> EventKind:
    kind = _KINDS.get(_word(told, "event"))
    if kind is None:
        raise _Skip("unknown")
    if kind is EventKind.HARD_BOUNCED and _word(told, "type") == "blocked":
        # SendGrid will try this mailbox again, whatever code the server gave.
        by_status = bounce_kind(_word(told, "status"))
        return EventKind.BLOCKED if by_status is EventKind.BLOCKED else EventKind.SOFT_BOUNCED
    return kind


def _meaning(told: dict[str, Any], kind: EventKind) -> Meaning:
    if kind is EventKind.DROPPED:
        return _DROPPED.get(_word(told, "reason"), Meaning.NOTHING)
    return meaning_of(kind)


def _ours(told: dict[str, Any]) -> tuple[int, str]:
    delivery, attempt = told.get("delivery"), told.get("attempt")
    if not isinstance(delivery, str) or not isinstance(attempt, str):
        raise _Skip("foreign")
    if not _DELIVERY.fullmatch(delivery) or not _ATTEMPT.fullmatch(attempt):
        raise _Skip("foreign")
    return int(delivery), attempt


def _moment(told: dict[str, Any]) -> datetime:
    seconds = told.get("timestamp")
    if type(seconds) is not int or not 0 < seconds <= _LAST_SECOND:
        raise _Skip("malformed")
    return datetime.fromtimestamp(seconds, UTC)


def _event_id(told: dict[str, Any]) -> str:
    """Return SendGrid's id, or for an event without one a digest of all that it says."""
    event_id = told.get("sg_event_id")
    if isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id):
        return event_id
    return "sha256:" + sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _word(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip().lower() if isinstance(value, str) else ""


def _wrong_shape() -> BadInput:
    return BadInput("webhook.shape", "이벤트의 목록이 아닙니다.", "This is not a list of events.")
