"""What an event does to its reader: who bounced for good or complained is never written to again.

Soft bounces suppress by a rule: the last ``SOFT_BOUNCE_LETTERS`` letters of which
an end is known all bounced softly, over a week at least. A provider's bad
weekend does not cost a Daily's readers, and one delivery begins the count anew.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from newsletter.events.kinds import EventKind, Facts, Meaning, standing
from newsletter.events.matched import MatchedEvent, Target
from newsletter.events.models import DeliveryFate
from newsletter.subscribers import moving, subscriptions, suppression
from newsletter.subscribers.models import Subscriber, SubscriberStatus, Suppression

_SOFT_FOR = timedelta(days=7)
# A block speaks of us, and a deferral of nothing yet: neither says how the mailbox is.
_TELLING = frozenset({EventKind.DELIVERED, EventKind.SOFT_BOUNCED, EventKind.HARD_BOUNCED})
# Among so many letters back there are enough with a known end, or the reader is new.
_LOOK_BACK = 4
# Well under the variables that one statement of SQLite may have.
_AT_ONCE = 500
_READER = "delivery__subscriber_id"


def apply(events: Sequence[MatchedEvent]) -> None:
    """Suppress and unsubscribe whom these events ask for."""
    _suppress(events, Meaning.COMPLAINED, Suppression.Reason.COMPLAINED)
    _suppress(events, Meaning.BOUNCED, Suppression.Reason.BOUNCED)
    soft = {one.target.subscriber_id: one for one in events if one.event.meaning is Meaning.SOFT}
    _suppress([soft[pk] for pk in worn_out(soft)], Meaning.SOFT, Suppression.Reason.BOUNCED)
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


def worn_out(subscriber_ids: Iterable[int]) -> list[int]:
    """Return whose mailboxes have bounced softly for so long that they count as gone."""
    wanted = set(subscriber_ids)
    former = moving.former_of(wanted)
    return [
        reader_id
        for reader_id, told in _newest(wanted)
        if _has_worn_out(_since_moving(told, former.get(reader_id, ())))
    ]


def _since_moving(
    told: Iterable[tuple[Facts, datetime]], former: Sequence[moving.Former]
) -> list[tuple[Facts, datetime]]:
    """Leave out what went to a mailbox that the reader has no longer."""
    return [(facts, sent) for facts, sent in told if not former or sent >= former[-1].until]


def _newest(subscriber_ids: Iterable[int]) -> Iterator[tuple[int, list[tuple[Facts, datetime]]]]:
    """Yield what became of each reader's newest letters, the newest first, and when they left."""
    nth = Window(RowNumber(), partition_by=_READER, order_by=F("delivery_id").desc())
    wanted = sorted(subscriber_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        fates = DeliveryFate.objects.filter(**{f"{_READER}__in": wanted[start : start + _AT_ONCE]})
        newest = fates.annotate(nth=nth).filter(nth__lte=settings.SOFT_BOUNCE_LETTERS * _LOOK_BACK)
        rows = newest.order_by(_READER, "-delivery_id")
        told = rows.values_list(_READER, "facts", "delivery__changed_at")
        for reader_id, group in groupby(told, itemgetter(0)):
            yield reader_id, [(facts, sent) for _, facts, sent in group]


def _has_worn_out(newest: Iterable[tuple[Facts, datetime]]) -> bool:
    wanted = settings.SOFT_BOUNCE_LETTERS
    telling = [(fate, sent) for facts, sent in newest if (fate := standing(facts)) in _TELLING][
        :wanted
    ]
    if len(telling) < wanted or any(fate is not EventKind.SOFT_BOUNCED for fate, _ in telling):
        return False
    return telling[0][1] - telling[-1][1] >= _SOFT_FOR


def _suppress(events: Iterable[MatchedEvent], meaning: Meaning, reason: str) -> None:
    targets = [one.target for one in events if one.event.meaning is meaning]
    hashes = _still_theirs(targets) if targets else set()
    if hashes:
        suppression.suppress_hashes(hashes, reason, note=meaning.value)


def _still_theirs(targets: Collection[Target]) -> set[str]:
    """Return the mailboxes that no other reader has confirmed since the letter went there.

    A former owner of a mailbox still has its old letters, and must not silence the new one.
    """
    hashes = {one.address_hash for one in targets}
    readers = Subscriber.objects.filter(address_hash__in=hashes, status=SubscriberStatus.ACTIVE)
    now = dict(readers.values_list("address_hash", "pk"))
    return {
        one.address_hash
        for one in targets
        if now.get(one.address_hash, one.subscriber_id) == one.subscriber_id
    }
