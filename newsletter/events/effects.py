"""What an event does to its reader: who bounced for good or complained is never written to again.

Soft bounces suppress by a rule: the last ``SOFT_BOUNCE_LETTERS`` letters of which
an end is known all bounced softly, over a week at least. A provider's bad
weekend does not cost a Daily's readers, and one delivery begins the count anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from newsletter.events.kinds import EventKind, Meaning, standing
from newsletter.events.matched import MatchedEvent
from newsletter.events.models import DeliveryFate
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.models import Subscriber, Suppression

_SOFT_FOR = timedelta(days=7)
# A block speaks of us, and a deferral of nothing yet: neither says how the mailbox is.
_TELLING = frozenset({EventKind.DELIVERED, EventKind.SOFT_BOUNCED, EventKind.HARD_BOUNCED})
# Among so many letters back there are enough with a known end, or the reader is new.
_LOOK_BACK = 4


def apply(events: Sequence[MatchedEvent]) -> None:
    """Suppress and unsubscribe whom these events ask for."""
    _suppress(events, Meaning.COMPLAINED, Suppression.Reason.COMPLAINED)
    _suppress(events, Meaning.BOUNCED, Suppression.Reason.BOUNCED)
    soft = {one.target.subscriber_id: one for one in events if one.event.meaning is Meaning.SOFT}
    worn_out = [one for reader_id, one in sorted(soft.items()) if is_worn_out(reader_id)]
    _suppress(worn_out, Meaning.SOFT, Suppression.Reason.BOUNCED)
    left = {one.target.subscriber_id: one for one in events if one.event.meaning is Meaning.LEFT}
    for reader in Subscriber.objects.filter(pk__in=left).order_by("pk"):
        leave(reader, left[reader.pk].event.at)


def leave(reader: Subscriber, at: datetime) -> None:
    """End the subscriptions of who left at the provider, unless they have come back here since.

    No goodbye is written: the provider would not carry a letter to them any more.
    """
    # Providers count in whole seconds.
    if reader.confirmed_at is None or reader.confirmed_at.replace(microsecond=0) <= at:
        subscriptions.leave(reader, "provider")


def is_worn_out(subscriber_id: int) -> bool:
    """Tell whether a mailbox has bounced softly for so long that it counts as gone."""
    wanted = settings.SOFT_BOUNCE_LETTERS
    fates = DeliveryFate.objects.filter(delivery__subscriber_id=subscriber_id)
    newest = fates.order_by("-delivery_id").values_list("facts", "delivery__changed_at")
    telling = [
        (fate, sent)
        for facts, sent in newest[: wanted * _LOOK_BACK]
        if (fate := standing(facts)) in _TELLING
    ][:wanted]
    if len(telling) < wanted or any(fate is not EventKind.SOFT_BOUNCED for fate, _ in telling):
        return False
    return telling[0][1] - telling[-1][1] >= _SOFT_FOR


def _suppress(events: Iterable[MatchedEvent], meaning: Meaning, reason: str) -> None:
    hashes = {one.target.address_hash for one in events if one.event.meaning is meaning}
    if hashes:
        suppression.suppress_hashes(hashes, reason, note=meaning.value)
