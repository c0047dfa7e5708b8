"""Makes the ledger agree with the world, from the database alone.

Workers die, Redis forgets, servers do not answer. Every few seconds, and once when
a worker starts, this reads what is unfinished and says what is to be done; nothing
depends on a message in the broker having survived.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from newsletter.common import clock
from newsletter.delivery import doubts, holders, lateness, leases, message_ids, recalls, sending
from newsletter.delivery.backends import choose
from newsletter.delivery.backends.base import MailBackend
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.send import MAX_ATTEMPTS
from newsletter.delivery.slices import Verdict, record
from newsletter.delivery.status import MOVING, UNSETTLED, DeliveryStatus
from newsletter.delivery.steps import Steps
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

logger = logging.getLogger(__name__)

# The last octets of a killed worker may still be on their way into the inbox.
QUIET = timedelta(seconds=3)
_AT_ONCE = 500


def reconcile(
    backend: MailBackend | None = None,
    *,
    queue_is_empty: bool = True,
    steps: Steps | None = None,
) -> list[int]:
    """Mend what was left behind; return the batches that should be queued now.

    Each step stands alone: ``steps`` says afterwards which of them failed.
    """
    backend, steps = backend or choose.backend(), steps or Steps()
    steps.take(_hold_late_issues)
    for batch in Batch.objects.filter(done=False).exclude(holder=""):
        steps.take(_expire_lease, batch)
    steps.take(recalls.carry_out, backend)
    steps.take(_settle, backend)
    steps.take(doubts.settle, MAX_ATTEMPTS)
    steps.take(_close_batches)
    for issue_id in Issue.objects.filter(state=IssueState.SENDING).values_list("pk", flat=True):
        steps.take(sending.finish, issue_id)
    return steps.take(batches_to_publish, queue_is_empty=queue_is_empty) or []


def batches_to_publish(issue_id: int | None = None, *, queue_is_empty: bool = True) -> list[int]:
    """Return the batches, of one issue or of all, that are due and lie in no known queue.

    As long as messages wait, those of batches that were named before may be among them.
    Only an empty queue shows that the rest was lost.
    """
    due = leases.due() if issue_id is None else leases.due().filter(issue_id=issue_id)
    in_no_queue = Q(published_at=None)
    if queue_is_empty:
        forgotten = clock.now() - timedelta(seconds=2 * settings.RECONCILE_SECONDS)
        in_no_queue |= Q(published_at__lt=forgotten)
    waiting = due.filter(in_no_queue, Exists(_rows(MOVING)))
    return list(waiting.order_by("issue_id", "number").values_list("pk", flat=True)[:_AT_ONCE])


def mark_published(batch_ids: Iterable[int]) -> None:
    """Note that these batches lie in the queue now, as far as anybody knows."""
    Batch.objects.filter(pk__in=list(batch_ids)).update(published_at=clock.now())


def mark_unpublished(batch_ids: Iterable[int]) -> None:
    """Note that the queue did not take these batches."""
    Batch.objects.filter(pk__in=list(batch_ids)).update(published_at=None)


def waits_for_quiet(backend: MailBackend) -> bool:
    """Tell whether letters in doubt can be settled as soon as the wire is quiet."""
    return backend.settle([]) is not None and _in_doubt().exists()


def _hold_late_issues() -> None:
    """Pause what was left alone for too long, and note that the rest is looked after."""
    for issue_id, since in lateness.late():
        sending.stop_by_itself(issue_id, f"stood still since {since:%Y-%m-%d %H:%M} UTC")
    lateness.note_all()


def _expire_lease(batch: Batch) -> None:
    """Free the batch of a holder that is dead or too late."""
    late = batch.lease_until is None or batch.lease_until < leases.shared_now()
    if (late or holders.is_gone(batch.holder)) and leases.expire(batch):
        logger.warning("batch %s: taken from %s", batch.pk, batch.holder)


def _settle(backend: MailBackend) -> None:
    """Decide letters in doubt where the backend knows for certain; the rest is held."""
    if backend.settle([]) is None:
        return
    rows = _in_doubt().filter(changed_at__lt=clock.now() - QUIET).select_related("issue__revision")
    for attempt, group in groupby(rows.order_by("attempt", "pk")[:_AT_ONCE], lambda r: r.attempt):
        ever = [(row, message_ids.ever_of_delivery(row.pk, row.issue)) for row in group]
        taken = backend.settle([name for _, names in ever for name in names]) or {}
        record(attempt, _settled(ever, taken))


def _settled(
    ever: Iterable[tuple[Delivery, Collection[str]]], taken: Mapping[str, bool]
) -> list[Verdict]:
    """Decide the letters of which the backend knows every Message-ID that they may have had."""
    return [
        _verdict(row, taken=any(taken[name] for name in names))
        for row, names in ever
        if all(name in taken for name in names)
    ]


def _verdict(row: Delivery, *, taken: bool) -> Verdict:
    # What a dead worker had tried is counted now; an answer that never came was counted then.
    tried = int(row.reason.endswith(leases.LOST))
    if taken:
        return Verdict(row.pk, DeliveryStatus.ACCEPTED, "found at the receiving side", tried=tried)
    if row.attempts + tried < MAX_ATTEMPTS:
        return Verdict(row.pk, DeliveryStatus.QUEUED, "not at the receiving side", tried=tried)
    return Verdict(row.pk, DeliveryStatus.REJECTED, f"gave up: {row.reason}", tried=tried)


def _close_batches() -> None:
    """Empty the queue of cancelled issues, then mark the batches in which nothing moves."""
    unfinished = Batch.objects.filter(done=False)
    for batch in unfinished.filter(issue__state=IssueState.CANCELLED):
        if not batch.holder:
            # Nobody will claim it again, and so nobody else would ever say that these are in doubt.
            leases.give_up_on(batch)
        leases.close(batch)
    for batch in unfinished.filter(~Exists(_rows(UNSETTLED)), lease_until=None):
        leases.close(batch)


def _in_doubt() -> QuerySet[Delivery]:
    """Return the letters in doubt. Only issues with unfinished batches can have any."""
    open_issues = Batch.objects.filter(done=False).values("issue_id")
    return Delivery.objects.filter(issue_id__in=open_issues, status=DeliveryStatus.UNCERTAIN)


def _rows(statuses: Iterable[DeliveryStatus]) -> QuerySet[Delivery]:
    """Return the rows of the batch of an outer query."""
    return Delivery.objects.filter(
        issue_id=OuterRef("issue_id"),
        pk__gte=OuterRef("first_id"),
        pk__lte=OuterRef("last_id"),
        status__in=list(statuses),
    )
