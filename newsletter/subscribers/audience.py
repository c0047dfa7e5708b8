"""Who gets an issue: defined once, as a query, for the fan-out and for the desk's preview of it."""

from django.db.models import Exists, OuterRef, QuerySet

from newsletter.common.cadence import Cadence
from newsletter.subscribers.models import Subscriber, SubscriberStatus, Subscription, Suppression


def audience(cadence: Cadence, between: tuple[int, int] | None = None) -> QuerySet[Subscriber]:
    """Return the active readers of ``cadence`` whom nothing forbids us to write to.

    ``between`` looks at a stretch of ids only. The bound stands on both sides, because
    PostgreSQL carries none across a join, and would read every subscription each time.
    """
    asked = Subscription.objects.filter(subscriber=OuterRef("pk"), cadence=cadence)
    suppressed = Suppression.objects.filter(address_hash=OuterRef("address_hash"))
    readers = Subscriber.objects.all()
    if between:
        first, last = between
        asked = asked.filter(subscriber__gte=first, subscriber__lte=last)
        readers = readers.filter(pk__gte=first, pk__lte=last)
    return readers.filter(Exists(asked), ~Exists(suppressed), status=SubscriberStatus.ACTIVE)
