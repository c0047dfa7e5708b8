"""Bounces and complaints that come as mail, turned into events of our letters.

The letter is told by its return path (VERP), which bears our signature; else by the
Message-ID of the letter that came back, whose keyed part only who has the letter can
know, together with the reader's address. A Message-ID of version 0.1.0 has no such
part, and is believed what does no harm. All else is not understood, and left to a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from itertools import islice

from django.conf import settings

from newsletter.common import clock
from newsletter.common.dates import parse_date
from newsletter.delivery import message_ids, verp
from newsletter.delivery.message_ids import Form
from newsletter.delivery.models import Delivery
from newsletter.events import arf, dsn
from newsletter.events.kinds import EventKind, ReceivedEvent, meaning_of, unproven
from newsletter.events.redact import details

PROVIDER = "smtp"
LARGEST = 5 * 1024 * 1024

# Where servers write down to whom they delivered, the return path of our letter.
_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To", "To", "Return-Path")
# A notification returns one letter; a forged one with thousands must not keep the database busy.
_LOOKED_UP = 10
_MESSAGE_ID = re.compile(r"<(d([1-9][0-9]{0,17})\.[^<>@\s]{1,100}@[^<>@\s]{1,255})>")


@dataclass(frozen=True, slots=True)
class _Letter:
    """Which letter a notification is about, and how well that is proven."""

    delivery_id: int
    signed: bool
    """By our signature, so that whatever is told is told of this letter's reader."""
    proven: bool
    """By what only somebody who has the letter can know."""

    def believes(self, kind: EventKind) -> EventKind | None:
        """Return what counts of an event of this kind; ``None`` for nothing."""
        return kind if self.proven else unproven(kind)


@dataclass(frozen=True, slots=True)
class _Told:
    kind: EventKind
    addresses: tuple[str, ...]
    raw: dict[str, object]


def events_in(raw: bytes, recipient: str = "") -> list[ReceivedEvent]:
    """Return what one message of a mailbox tells of our letters; nothing where it is no bounce.

    ``recipient`` is the envelope's, where the mail server hands it over.
    """
    try:
        return _read(raw, recipient)
    except RecursionError:  # parts within parts without end: nobody's bounce looks like that
        return []


def _read(raw: bytes, recipient: str) -> list[ReceivedEvent]:
    message = message_from_bytes(raw)
    told = list(_told(message))
    letter = _letter(message, recipient) if told else None
    if letter is None:
        return []
    at, digest = _moment(message), _digest(message, raw)
    return [
        ReceivedEvent(
            event_id=f"{digest}.{letter.delivery_id}.{number}.{place}",
            kind=kind,
            at=at,
            delivery_id=letter.delivery_id,
            address=address,
            signed=letter.signed,
            proven=letter.proven,
            meaning=meaning_of(kind),
            raw=one.raw,
        )
        for number, one in enumerate(told)
        if (kind := letter.believes(one.kind))
        for place, address in enumerate(one.addresses[:1] if letter.signed else one.addresses)
    ]


def _told(message: Message) -> Iterator[_Told]:
    complaint = arf.complaint(message)
    if complaint is not None:
        yield _Told(EventKind.COMPLAINED, complaint.addresses or ("",), {})
    for report in dsn.reports(message):
        said = {"status": report.status, "diagnostic": report.diagnostic}
        yield _Told(report.kind, report.addresses, details(said, tuple(said)))


def _letter(message: Message, recipient: str) -> _Letter | None:
    heads = list(_heads(message))
    named = " ".join([recipient, *(value for head in heads for value in _values(head, _ENVELOPE))])
    complaint = arf.complaint(message)
    if complaint is not None:
        named += " " + complaint.return_path
    delivery_id = verp.delivery_of(named, _keys())
    if delivery_id is not None:
        return _Letter(delivery_id, signed=True, proven=True)
    named = " ".join(value for head in heads[1:] for value in _values(head, ("Message-ID",)))
    for found in islice(_MESSAGE_ID.finditer(named), _LOOKED_UP):
        message_id, number = found[1], int(found[2])
        form = _form(message_id, number)
        if form is not None:
            return _Letter(number, signed=False, proven=form is Form.KEYED)
    return None


def _heads(message: Message) -> Iterator[Message]:
    """Yield the head of the notification, then that of the letter that it returns."""
    yield message
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list):
            yield from (inner for inner in part.get_payload() if isinstance(inner, Message))
        elif kind == "text/rfc822-headers":
            octets = part.get_payload(decode=True)
            yield message_from_bytes(octets if isinstance(octets, bytes) else b"")


def _values(head: Message, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in head.get_all(name, [])]


def _form(message_id: str, delivery_id: int) -> Form | None:
    """Return how this Message-ID names the letter; ``None`` if the letter never bore it."""
    rows = Delivery.objects.filter(pk=delivery_id).select_related("issue__revision")
    row = rows.first()
    return message_ids.form_of(message_id, row.pk, row.issue) if row else None


def _digest(message: Message, raw: bytes) -> str:
    """Return what makes a notification the same when it is read twice, by another way too."""
    message_id = str(message.get("Message-ID", "")).strip()
    return sha256(message_id.encode(errors="replace") or raw).hexdigest()


def _moment(message: Message) -> datetime:
    """Return when the notification was written, or now, where it claims what cannot be."""
    now = clock.now()
    at = parse_date(str(message.get("Date", "")))
    return at if at and at < now else now


def _keys() -> list[bytes]:
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
