"""What a message of the bounce mailbox says, as values: reports, and which letter it may be of. Pure.

Anybody may write to that mailbox, so this runs in a child and proves nothing: whose
letter it is, :mod:`newsletter.events.bounces` decides by our keys and our rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from hashlib import sha256
from itertools import islice

from newsletter.common import confined
from newsletter.common.dates import parse_date
from newsletter.events import arf, dsn, mail_parts
from newsletter.events.kinds import EventKind
from newsletter.events.redact import details

# Where servers write down to whom they delivered, the return path of our letter.
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To", "To", "Return-Path")
_MESSAGE_ID = re.compile(r"<(d([1-9][0-9]{0,17})\.[^<>@\s]{1,100}@[^<>@\s]{1,255})>")
# A notification is of one letter; one of thousands is forged, and must keep nobody busy.
_MOST_REPORTS = 100
_MOST_FIELDS = 100
_LONGEST_FIELD = 2_000
_MOST_MESSAGE_IDS = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of a letter, and for whom."""

    kind: EventKind
    addresses: tuple[str, ...]
    raw: dict[str, object]
    """What of it is kept, without addresses."""


@dataclass(frozen=True, slots=True)
class NamedLetter:
    """A Message-ID as our letters bear it, and the number of the letter that it names."""

    message_id: str
    delivery_id: int


@dataclass(frozen=True, slots=True)
class Notification:
    """One message, read. Without reports it is no notification."""

    reports: tuple[Report, ...]
    envelope: tuple[str, ...]
    """Texts in which the return path of our letter may stand."""
    returned: tuple[NamedLetter, ...]
    """The letters that it says to return."""
    digest: str
    """The same whenever and however the same notification is read."""
    written_at: datetime | None


@confined.parser
def read(raw: bytes) -> Notification | None:
    """Return what a message says; ``None`` where its parts are too many, or nested without end."""
    try:
        return _read(mail_parts.message(raw), raw)
    except (RecursionError, mail_parts.TooManyParts):  # nobody's bounce looks like that
        return None


def _read(message: Message, raw: bytes) -> Notification:
    reports = tuple(islice(_reports(message), _MOST_REPORTS))
    heads = list(_heads(message)) if reports else []
    return Notification(
        reports=reports,
        envelope=tuple(_envelope(message, heads)),
        returned=tuple(islice(_named(heads[1:]), _MOST_MESSAGE_IDS)),
        digest=_digest(message, raw),
        written_at=parse_date(str(message.get("Date", ""))),
    )


def _reports(message: Message) -> Iterator[Report]:
    complaint = arf.complaint(message)
    if complaint is not None:
        yield Report(EventKind.COMPLAINED, complaint.addresses[:_MOST_FIELDS] or ("",), {})
    for report in dsn.reports(message):
        said = {"status": report.status, "diagnostic": report.diagnostic}
        yield Report(report.kind, report.addresses, details(said, tuple(said)))


def _envelope(message: Message, heads: list[Message]) -> Iterator[str]:
    told = [value for head in heads for value in _values(head, _ENVELOPE)]
    complaint = arf.complaint(message)
    if complaint is not None:
        told = [*told[:_MOST_FIELDS], complaint.return_path]
    yield from (value[:_LONGEST_FIELD] for value in told[: _MOST_FIELDS + 1])


def _named(heads: list[Message]) -> Iterator[NamedLetter]:
    values = " ".join(value for head in heads for value in _values(head, ("Message-ID",)))
    for message_id, number in _MESSAGE_ID.findall(values):
        yield NamedLetter(message_id, int(number))


def _heads(message: Message) -> Iterator[Message]:
    """Yield the head of the notification, then that of the letter that it returns."""
    yield message
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list):
            yield from (inner for inner in part.get_payload() if isinstance(inner, Message))
        elif kind == "text/rfc822-headers":
            octets = part.get_payload(decode=True)
            yield mail_parts.head(octets if isinstance(octets, bytes) else b"")


def _values(head: Message, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in head.get_all(name, [])]


def _digest(message: Message, raw: bytes) -> str:
    """Return what makes a notification the same when it is read twice, by another way too."""
    message_id = str(message.get("Message-ID", "")).strip()
    return sha256(message_id.encode(errors="replace") or raw).hexdigest()
