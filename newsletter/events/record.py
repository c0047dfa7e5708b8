"""Writes down what providers tell: each event once, folded into the fate of its letter.

Everything of one call is one transaction: when this returns, a provider may be
answered "taken", and a process killed before has written nothing. (Were an event
stored without its effect, the repetition would count as known, and suppress nobody.) An event may
only touch a letter of ours whose opaque id and address belong together; anything
else is counted and forgotten.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import TypeVar

from django.db import connection, transaction
from django.db.models.functions import Greatest

from newsletter.common import clock
from newsletter.delivery import slices
from newsletter.delivery.models import Delivery
from newsletter.delivery.slices import Verdict
from newsletter.delivery.status import DeliveryStatus
from newsletter.events import effects
from newsletter.events.kinds import ReceivedEvent, fold_all
from newsletter.events.matched import MatchedEvent, Target
from newsletter.events.models import MessageEvent
from newsletter.subscribers import moving, suppression

_T = TypeVar("_T")

# Well under the variables that one statement of SQLite may have.
_AT_ONCE = 500
_OPEN = frozenset({DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN, DeliveryStatus.QUEUED})
_TOLD = "told by the provider"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the events of one call."""

    stored: int = 0
    known: int = 0
    """Told before."""
    foreign: int = 0
    """Of no letter of ours, or of another reader's."""


def record(provider: str, events: Sequence[ReceivedEvent]) -> Recorded:
    """Store the events that are new, and do what they ask for. Harmless when repeated."""
    with transaction.atomic():
        ours = {matched.event.event_id: matched for matched in _matched(events)}
        new = _store(provider, [ours[event_id] for event_id in sorted(ours)])
        _fold(new)
        _settle(new)
        effects.apply(new)
    concerning = sum(event.event_id in ours for event in events)
    return Recorded(len(new), concerning - len(new), len(events) - concerning)


def _matched(events: Sequence[ReceivedEvent]) -> Iterator[MatchedEvent]:
    targets = _targets({event.delivery_id for event in events})
    for event in events:
        target = targets.get(event.delivery_id)
        if target is not None and (event.signed or _is_at(target, event.address)):
            yield MatchedEvent(event, target)


def _is_at(target: Target, address: str) -> bool:
    return target.address_hash in suppression.hashes_of(address.strip().lower())


def _targets(delivery_ids: Collection[int]) -> dict[int, Target]:
    """Return the letters of readers who have not been erased since."""
    return {
        target.delivery_id: target
        for some in _chunks(sorted(delivery_ids))
        for target in _targets_of(some)
    }


def _targets_of(delivery_ids: Sequence[int]) -> Iterator[Target]:
    """Yield letters with the mailbox that each went to: its reader may have moved since."""
    fields = ("pk", "attempt", "status", "subscriber_id", "subscriber__address_hash", "changed_at")
    rows = list(Delivery.objects.filter(pk__in=delivery_ids).values_list(*fields))
    former = moving.former_of({row[3] for row in rows})
    for pk, attempt, status, reader_id, now, left_at in rows:
        there = moving.hash_then(former, reader_id, left_at, now)
        yield Target(pk, attempt, status, reader_id, there)


def _store(provider: str, matched: Sequence[MatchedEvent]) -> list[MatchedEvent]:
    """Insert the events that are not there yet, and return those."""
    new: list[MatchedEvent] = []
    for some in _chunks(matched):
        ids = [one.event.event_id for one in some]
        told = MessageEvent.objects.filter(provider=provider, provider_event_id__in=ids)
        known = set(told.values_list("provider_event_id", flat=True))
        fresh = [one for one in some if one.event.event_id not in known]
        MessageEvent.objects.bulk_create(
            [_row(provider, one) for one in fresh], ignore_conflicts=True
        )
        new += fresh
    return new


def _row(provider: str, matched: MatchedEvent) -> MessageEvent:
    event = matched.event
    return MessageEvent(
        provider=provider,
        provider_event_id=event.event_id,
        delivery_id=event.delivery_id,
        attempt=event.attempt,
        kind=event.kind,
        at=event.at,
        received_at=clock.now(),
        address_hash=matched.target.address_hash,
        raw=event.raw,
    )


# The union is made by the database, so that two processes never lose each other's fact.
_FOLD = """
INSERT INTO events_deliveryfate (delivery_id, facts, changed_at) VALUES {marks}
ON CONFLICT (delivery_id) DO UPDATE
   SET facts = events_deliveryfate.facts | excluded.facts, changed_at = excluded.changed_at
"""


def _fold(new: Iterable[MatchedEvent]) -> None:
    now = connection.ops.adapt_datetimefield_value(clock.now())
    by_delivery = sorted(new, key=attrgetter("target.delivery_id"))
    facts = [
        (delivery_id, fold_all(one.event.kind for one in group), now)
        for delivery_id, group in groupby(by_delivery, attrgetter("target.delivery_id"))
    ]
    with connection.cursor() as cursor:
        for some in _chunks(facts):
            marks = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(_FOLD.format(marks=marks), [value for row in some for value in row])


def _settle(new: Iterable[MatchedEvent]) -> None:
    """Mark letters as accepted that are not settled: whoever tells of a letter has taken it.

    One that is still being handed over is settled as well, for its answer may
    never come, and the provider tells only once. What anybody can have made up settles none.
    """
    told = [one for one in new if one.target.status in _OPEN and one.settles]
    by_attempt = sorted(told, key=attrgetter("target.attempt", "target.delivery_id"))
    for attempt, group in groupby(by_attempt, attrgetter("target.attempt")):
        events = list(group)
        for some in _chunks(sorted({one.target.delivery_id for one in events})):
            slices.record(attempt, [Verdict(pk, DeliveryStatus.ACCEPTED, _TOLD) for pk in some])
        _keep_back(attempt, {one.target.delivery_id for one in events if one.event.attempt})


def _keep_back(attempt: str, ids: Collection[int]) -> None:
    """Accept letters that were queued again after an answer of "no" that was not true.

    A provider may say 503 and have taken the request all the same. The word must be of
    exactly that attempt: a bounce message names none, and may speak of an earlier letter.
    """
    for some in _chunks(sorted(ids)) if attempt else ():
        # The attempt is a condition on the row itself: once claimed anew it has another.
        Delivery.objects.filter(pk__in=some, attempt=attempt, status=DeliveryStatus.QUEUED).update(
            status=DeliveryStatus.ACCEPTED,
            reason=_TOLD,
            attempts=Greatest("attempts", 1),
            changed_at=clock.now(),
        )


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(items)
    while some := list(islice(iterator, _AT_ONCE)):
        yield some
