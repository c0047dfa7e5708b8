"""Who works on a batch: claimed by compare-and-set, held under a lease, told by a fence.

SQLite ignores row locks in silence, so a claim is an UPDATE that names the fence
it saw: of a hundred workers one finds it unchanged. The deadline is kept on the
holder's own monotonic clock as well, because a wall clock may be set; and between
machines the database's clock decides, because theirs may differ.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from newsletter.common import clock
from newsletter.delivery import holders, lateness
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import UNSETTLED, DeliveryStatus
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

# The reason of a letter whose worker died: nobody has counted that attempt yet.
LOST = "worker lost"
# Free, and in no queue: whoever held it has used up the message that led to it.
_FREE = {"holder": "", "lease_until": None, "published_at": None}
# A holder stops handing over this long before its lease ends: somebody else may come.
_MARGIN_SECONDS = 5


@dataclass(slots=True)
class Lease:
    """One worker's hold on one batch."""

    batch: Batch
    fence: int
    deadline: float

    @property
    def safe_until(self) -> float:
        """Until when letters may be handed over, on the clock of :func:`time.monotonic`."""
        return self.deadline - _MARGIN_SECONDS

    def extend(self) -> bool:
        """Hold on for another term; ``False`` if the batch was lost or the issue stopped."""
        deadline = _deadline()
        until = connection.ops.adapt_datetimefield_value(_lease_end())
        held = [self.batch.pk, self.fence, self.batch.issue_id]
        with connection.cursor() as cursor:
            cursor.execute(_EXTEND, [until, *held])
            if not cursor.rowcount:
                return False
        self.deadline = deadline
        return True

    def release(self) -> None:
        """Let go, so that the batch is free for its next turn; a stale holder changes nothing."""
        held = Batch.objects.filter(pk=self.batch.pk, fence=self.fence)
        held.update(**_FREE)

    def rows(self) -> QuerySet[Delivery]:
        """Return the letters of this batch."""
        return rows_of(self.batch)


# As Django would say it; for it to write these words anew costs more than the saying.
_EXTEND = """
UPDATE delivery_batch
   SET lease_until = %s
 WHERE id = %s AND fence = %s
   AND EXISTS (SELECT 1 FROM issues_issue WHERE id = %s AND state = 'sending')
"""


def claim(batch_id: int) -> Lease | None:
    """Take a batch whose turn has come; ``None`` if somebody holds it or nothing is due."""
    deadline = _deadline()
    batch = (
        due()
        .filter(pk=batch_id)
        .select_related("issue__revision")
        .defer("issue__revision__content")
        .first()
    )
    if batch is None:
        return None
    with transaction.atomic():
        won = (
            due()
            .filter(pk=batch_id, fence=batch.fence)
            .update(fence=F("fence") + 1, holder=holders.this_process(), lease_until=_lease_end())
        )
        if not won:
            return None
        if batch.fence:  # somebody held it before
            give_up_on(batch)
    return Lease(batch, batch.fence + 1, deadline)


def due() -> QuerySet[Batch]:
    """Return the batches that a worker may claim now."""
    now = clock.now()
    return Batch.objects.filter(
        _being_sent(),
        Q(lease_until=None) | Q(lease_until__lt=shared_now()),
        Q(not_before=None) | Q(not_before__lte=now),
        lateness.in_time(),
        done=False,
    )


def rows_of(batch: Batch) -> QuerySet[Delivery]:
    """Return the letters of a batch. Ids of several issues may lie in one range."""
    return Delivery.objects.filter(
        issue_id=batch.issue_id, pk__gte=batch.first_id, pk__lte=batch.last_id
    )


def expire(batch: Batch) -> bool:
    """Take a batch from a holder that is dead or too late; what it was handing over is in doubt."""
    with transaction.atomic():
        seen = Batch.objects.filter(pk=batch.pk, fence=batch.fence, lease_until=batch.lease_until)
        taken = seen.update(fence=F("fence") + 1, **_FREE)
        if taken:
            give_up_on(batch)
    return bool(taken)


def give_up_on(batch: Batch) -> None:
    """Mark as uncertain what an earlier holder was handing over when it was last seen."""
    rows_of(batch).filter(status=DeliveryStatus.SENDING).update(
        status=DeliveryStatus.UNCERTAIN, reason=LOST, changed_at=clock.now()
    )


def close(batch: Batch) -> bool:
    """Mark a batch done when every row is settled; a cancelled issue's queue is emptied first."""
    with transaction.atomic():
        # Held, so that nobody queues a letter again between the look and the word.
        Batch.objects.select_for_update().get(pk=batch.pk)
        if Issue.objects.filter(pk=batch.issue_id, state=IssueState.CANCELLED).exists():
            rows_of(batch).filter(status=DeliveryStatus.QUEUED).update(
                status=DeliveryStatus.CANCELLED, changed_at=clock.now()
            )
        if rows_of(batch).filter(status__in=UNSETTLED).exists():
            return False
        Batch.objects.filter(pk=batch.pk).update(done=True, holder="", lease_until=None)
    return True


def _being_sent() -> Exists:
    """Return the condition that the issue is being sent.

    Never a join: Django would put the whole condition of an UPDATE into a subquery,
    fence and all, and PostgreSQL does not read a subquery again when it has waited
    for another writer. Then two workers would win one claim.
    """
    return Exists(Issue.objects.filter(pk=OuterRef("issue_id"), state=IssueState.SENDING))


def shared_now() -> datetime:
    """Return this instant on the one clock by which all machines judge a lease.

    A machine whose own clock is ahead would take from the others what they hold.
    SQLite is used by one machine only, which has one clock.
    """
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _lease_end() -> datetime:
    return shared_now() + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def _deadline() -> float:
    return time.monotonic() + float(settings.DELIVERY_LEASE_SECONDS)
