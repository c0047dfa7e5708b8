"""Bounces and complaints that come as mail, turned into events of our letters.

The letter is told by its return path (VERP), which bears our signature; else by the
Message-ID of the letter that came back, whose keyed part only who has the letter can
know, together with the reader's address. A Message-ID of version 0.1.0 has no such
part, and is believed what does no harm. All else is not understood, and left to a person.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from newsletter.common import clock, confined
from newsletter.delivery import message_ids, verp
from newsletter.delivery.message_ids import Form
from newsletter.delivery.models import Delivery
from newsletter.events import notification
from newsletter.events.kinds import EventKind, ReceivedEvent, meaning_of, unproven
from newsletter.events.notification import Notification

PROVIDER = "smtp"
LARGEST = 5 * 1024 * 1024


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


def events_in(raw: bytes, recipient: str = "") -> list[ReceivedEvent]:
    """Return what one message of a mailbox tells of our letters; nothing where it is no bounce.

    ``recipient`` is the envelope's, where the mail server hands it over. Raises
    :class:`~newsletter.common.confined.ParserFailed` for one that cannot be read within limits.
    """
    told = confined.call(notification.read, raw)
    letter = _letter(told, recipient) if told and told.reports else None
    if told is None or letter is None:
        return []
    at = _moment(told.written_at)
    return [
        ReceivedEvent(
            event_id=f"{told.digest}.{letter.delivery_id}.{number}.{place}",
            kind=kind,
            at=at,
            delivery_id=letter.delivery_id,
            address=address,
            signed=letter.signed,
            proven=letter.proven,
            meaning=meaning_of(kind),
            raw=one.raw,
        )
        for number, one in enumerate(told.reports)
        if (kind := letter.believes(one.kind))
        for place, address in enumerate(one.addresses[:1] if letter.signed else one.addresses)
    ]


def _letter(told: Notification, recipient: str) -> _Letter | None:
    delivery_id = verp.delivery_of(" ".join([recipient, *told.envelope]), _keys())
    if delivery_id is not None:
        return _Letter(delivery_id, signed=True, proven=True)
    for named in told.returned:
        form = _form(named.message_id, named.delivery_id)
        if form is not None:
            return _Letter(named.delivery_id, signed=False, proven=form is Form.KEYED)
    return None


def _form(message_id: str, delivery_id: int) -> Form | None:
    """Return how this Message-ID names the letter; ``None`` if the letter never bore it."""
    rows = Delivery.objects.filter(pk=delivery_id).select_related("issue__revision")
    row = rows.first()
    return message_ids.form_of(message_id, row.pk, row.issue) if row else None


def _moment(written_at: datetime | None) -> datetime:
    """Return when the notification was written, or now, where it claims what cannot be."""
    now = clock.now()
    return written_at if written_at and written_at < now else now


def _keys() -> list[bytes]:
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
