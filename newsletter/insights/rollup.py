"""Counts what became of an issue's letters, per mailbox provider, from the ledger and the fates.

Counted from the rows each time and never added up as events come in, so an event
told twice cannot count twice. A reader *left* because of an issue if they got it
and went between its start and that of the next one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex, Substr

from newsletter.common import clock
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.kinds import EventKind, Facts, knows, standing
from newsletter.events.models import DeliveryFate
from newsletter.insights.models import Rollup
from newsletter.insights.rates import Counts
from newsletter.issues.models import Issue
from newsletter.subscribers.mailboxes import provider_of
from newsletter.subscribers.models import Subscriber

# What a fate counts as; "accepted" is what the ledger knows already.
_COUNTED_AS = {
    EventKind.DEFERRED: "deferred",
    EventKind.DELIVERED: "delivered",
    EventKind.DROPPED: "dropped",
    EventKind.BLOCKED: "bounced",
    EventKind.SOFT_BOUNCED: "bounced",
    EventKind.HARD_BOUNCED: "bounced",
}
# For so long numbers move on their own; later only an event can move them.
_LIVELY = timedelta(days=3)
# An issue that has news is asked to be counted for so long, however often the task is lost.
_INSIST = timedelta(days=1)
_OVERLAP = timedelta(minutes=5)


def roll_up(issue: Issue) -> None:
    """Count an issue anew and keep the numbers."""
    counted = count(issue)
    with transaction.atomic():
        Rollup.objects.filter(issue=issue).exclude(mailbox__in=counted).delete()
        for mailbox, counts in counted.items():
            Rollup.objects.update_or_create(
                issue=issue,
                mailbox=mailbox,
                defaults={**asdict(counts), "updated_at": clock.now()},
            )


def count(issue: Issue) -> dict[str, Counts]:
    """Count the accepted letters of an issue by mailbox provider."""
    counted: dict[str, Counts] = {}
    for domain, facts, gone, number in _rows(issue):
        mailbox = str(provider_of(domain or ""))
        counts = _counts(facts or 0, gone=gone, number=number)
        counted[mailbox] = counted.get(mailbox, Counts()) + counts
    return counted


def due() -> list[int]:
    """Return the issues whose numbers may have moved since each was counted last."""
    now = clock.now()
    lively = Issue.objects.filter(started_at__gt=now - _LIVELY).values_list("pk", flat=True)
    return sorted({*lively, *_with_news(now)})


def _with_news(now: datetime) -> Iterator[int]:
    """Yield the issues of which something was told that their own numbers do not hold yet."""
    last = Rollup.objects.aggregate(last=Max("updated_at"))["last"] or now - _LIVELY
    told = DeliveryFate.objects.filter(changed_at__gt=last - _INSIST).order_by()
    news = dict(told.values_list("delivery__issue_id").annotate(newest=Max("changed_at")))
    own = Rollup.objects.filter(issue__in=news).order_by()
    counted = dict(own.values_list("issue_id").annotate(last=Max("updated_at")))
    for issue_id, newest in news.items():
        if issue_id not in counted or newest > counted[issue_id] - _OVERLAP:
            yield issue_id


def _rows(issue: Issue) -> Iterator[tuple[str | None, Facts | None, bool, int]]:
    """Yield how many letters have the same domain and facts; erased readers have no domain."""
    reader = Subscriber.objects.filter(pk=OuterRef("subscriber_id"))
    domain = Substr("email_key", StrIndex("email_key", Value("@")) + 1)
    fate = DeliveryFate.objects.filter(delivery=OuterRef("pk"))
    letters = Delivery.objects.filter(issue=issue, status=DeliveryStatus.ACCEPTED).annotate(
        domain=Subquery(reader.annotate(domain=domain).values("domain")),
        facts=Subquery(fate.values("facts")),
        gone=Exists(reader.filter(_left_because_of(issue))),
    )
    grouped: QuerySet[Delivery, tuple[str | None, Facts | None, bool, int]] = (
        letters.values_list("domain", "facts", "gone").annotate(number=Count("pk")).order_by()
    )
    return grouped.iterator()


def _left_because_of(issue: Issue) -> Q:
    if issue.started_at is None:
        return Q(pk__in=[])
    return Q(left_at__gte=issue.started_at, left_at__lt=_next_start(issue.started_at))


def _next_start(start: datetime) -> datetime:
    later = Issue.objects.filter(started_at__gt=start).order_by("started_at")
    return later.values_list("started_at", flat=True).first() or clock.now()


def _counts(facts: Facts, *, gone: bool, number: int) -> Counts:
    told = Counter({"accepted": number})
    fate = standing(facts)
    if fate in _COUNTED_AS:
        told[_COUNTED_AS[fate]] += number
    if knows(facts, EventKind.COMPLAINED):
        told["complained"] += number
    if gone or knows(facts, EventKind.UNSUBSCRIBED):
        told["left"] += number
    return Counts(**told)
