"""All that is kept of a reader, for the reader alone.

Whatever a room begins to keep of people is told here too. What the search table,
the numbers of an issue and the log hold is of nobody.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.delivery.models import Delivery, Notice
from newsletter.events.models import MessageEvent
from newsletter.subscribers import limits, moving
from newsletter.subscribers.addresses import Address
from newsletter.subscribers.models import Subscriber, Suppression
from newsletter.subscribers.suppression import hashes_of

_SUBSCRIBER = ("email", "name", "language", "status", "created_at", "confirmed_at", "left_at")
_CONSENT = ("act", "cadences", "language", "text_version", "via", "at")
_MOVE = ("email", "via", "asked_at", "changed_at")
_LETTER = {
    "issue": "issue__slug",
    "language": "language",
    "length": "length",
    "status": "status",
    "reason": "reason",
    "attempts": "attempts",
    "provider_id": "provider_id",
    "changed_at": "changed_at",
}
_EVENT = {
    "issue": "delivery__issue__slug",
    "provider": "provider",
    "kind": "kind",
    "at": "at",
    "received_at": "received_at",
    "details": "raw",
}
_NOTICE = ("kind", "address", "language", "status", "reason", "created_at")


def everything(reader: Subscriber) -> dict[str, Any]:
    """Return all that is kept of a reader; hashes, which say nothing to anybody, left out."""
    letters = Delivery.objects.filter(subscriber=reader).order_by("pk")
    events = MessageEvent.objects.filter(delivery__subscriber=reader).order_by("pk")
    notices = Notice.objects.filter(subscriber=reader).order_by("pk")
    return {
        **{field: getattr(reader, field) for field in _SUBSCRIBER},
        "subscriptions": list(reader.subscriptions.order_by("pk").values("cadence", "since")),
        "consents": list(reader.consents.order_by("pk").values(*_CONSENT)),
        "address_changes": list(reader.address_changes.order_by("pk").values(*_MOVE)),
        "letters": _named(_LETTER, letters.values_list(*_LETTER.values())),
        "events": _named(_EVENT, events.values_list(*_EVENT.values())),
        "notices": list(notices.values(*_NOTICE)),
        "suppressions": _suppressions(reader),
        "mails_asked_for": limits.mails_to(Address(reader.email, reader.email_key)),
    }


def _named(names: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _suppressions(reader: Subscriber) -> list[Any]:
    """Return why nothing may be sent to this mailbox, or to one that was the reader's before."""
    former = [one.address_hash for one in moving.former_of([reader.pk]).get(reader.pk, [])]
    hashes = [reader.address_hash, *hashes_of(reader.email_key), *former]
    known = Suppression.objects.filter(address_hash__in=hashes).order_by("pk")
    return list(known.values("reason", "note", "at"))
