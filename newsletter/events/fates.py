"""What became of the letters of one issue out there, to be shown beside what the ledger says."""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import QuerySet

from newsletter.delivery.models import Delivery
from newsletter.events.kinds import EventKind, Facts, knows, standing
from newsletter.events.models import DeliveryFate
from newsletter.issues.models import Issue


class Fate(StrEnum):
    """The one word for a letter; a complaint says more than the delivery that it proves."""

    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    BLOCKED = "blocked"
    SOFT_BOUNCED = "soft bounced"
    HARD_BOUNCED = "hard bounced"
    COMPLAINED = "complained"


def fate(facts: Facts) -> Fate | None:
    """Return the fate of a letter; ``None`` while nothing was told beyond its acceptance."""
    if knows(facts, EventKind.COMPLAINED):
        return Fate.COMPLAINED
    kind = standing(facts)
    return None if kind in {None, EventKind.ACCEPTED} else Fate(str(kind))


def of_letters(delivery_ids: Collection[int]) -> dict[int, Fate]:
    """Return the fates of these letters, as far as they are known."""
    rows = DeliveryFate.objects.filter(delivery_id__in=delivery_ids)
    told = {pk: fate(facts) for pk, facts in rows.values_list("delivery_id", "facts")}
    return {pk: one for pk, one in told.items() if one is not None}


def letters_with(issue: Issue, wanted: Fate) -> QuerySet[Delivery]:
    """Return the letters of an issue that met this fate."""
    # What is known of letters are a few dozen different sets at most, whatever their number.
    fates = DeliveryFate.objects.filter(delivery__issue=issue)
    known = fates.order_by().values_list("facts", flat=True).distinct()
    alike = [facts for facts in known if fate(facts) is wanted]
    met = fates.filter(facts__in=alike).values("delivery_id")
    return Delivery.objects.filter(issue=issue, pk__in=met)
