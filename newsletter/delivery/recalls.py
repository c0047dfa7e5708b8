"""Calls an issue back that SendGrid has taken, while its letters still wait there.

With ``SENDGRID_RECALL_MINUTES`` letters are handed over with the moment at which they
are to leave, counted from the start of the issue; SendGrid takes a cancellation until
ten minutes before it. The wish is written down first and carried out by the
reconciler, so that neither a slow API nor a dead worker loses it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.delivery import doubts, editors
from newsletter.delivery.backends.base import Letter, RecallWindow, SendError
from newsletter.delivery.models import Delivery, Recall
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues import corrections
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState

logger = logging.getLogger(__name__)

# SendGrid refuses to cancel what is to leave within ten minutes.
CLOSES_BEFORE = timedelta(minutes=10)
SHORTEST_MINUTES = 11
# A worker that was handing over when the wish came has written its outcomes by then.
_LATE_OUTCOMES = timedelta(minutes=10)
# Letters that another way out took, or left in doubt: nobody holds those back.
_BY_ANOTHER_WAY = Q(status__in=(DeliveryStatus.ACCEPTED, DeliveryStatus.UNCERTAIN)) & (
    Q(reason__startswith="by ") | Q(reason__startswith=f"{doubts.ASKED}by ")
)


@runtime_checkable
class RecallingBackend(Protocol):
    """A backend that can cancel what its provider still holds."""

    def recall(self, batch_id: str) -> None:
        """Cancel what waits under a batch id. Raises :class:`SendError` if it cannot."""
        ...


def with_window(letter: Letter, issue: Issue) -> Letter:
    """Return the letter with the moment at which it is to leave, where one is wanted."""
    send_at = _send_at(issue)
    return replace(letter, window=RecallWindow(issue.pk, send_at)) if send_at else letter


def batch_of(issue_id: int, make: Callable[[], str]) -> str:
    """Return the batch id of an issue; of several workers that make one, the first one counts."""
    known = Recall.objects.filter(issue_id=issue_id).first()
    if known is None:
        known, _ = Recall.objects.get_or_create(issue_id=issue_id, defaults={"batch_id": make()})
    return known.batch_id


def call_back(issue: Issue, actor: str) -> None:
    """Cancel an issue together with the letters that the provider has taken but not sent.

    Raises :class:`Refused` (``recall.closed``) where it is too late, or no window was open.
    """
    send_at = _send_at(issue)
    recall = Recall.objects.filter(issue=issue)
    if send_at is None or clock.now() >= send_at - CLOSES_BEFORE or not recall.exists():
        raise _closed(issue)
    now = clock.now()
    with transaction.atomic():
        # Not a move of its own: an issue that was sent has no other way back.
        if not Issue.objects.filter(pk=issue.pk, state__in=BEGUN).update(
            state=IssueState.CANCELLED, finished_at=now
        ):
            raise _closed(issue)
        corrections.mark_untold(issue)
        recall.update(wanted_at=now)
        _cancel(issue.pk, DeliveryStatus.QUEUED, reason="")
    logger.info("issue %s: called back by %s", issue.pk, actor)


def carry_out(backend: object) -> None:
    """Ask the provider for every recall that is wanted, and write down what it cancelled."""
    if not isinstance(backend, RecallingBackend):
        return
    for recall in Recall.objects.filter(wanted_at__isnull=False, done_at=None):
        _ask(backend, recall)
    for recall in Recall.objects.filter(done_at__gt=clock.now() - _LATE_OUTCOMES):
        for status in (DeliveryStatus.ACCEPTED, DeliveryStatus.UNCERTAIN):
            _cancel(recall.issue_id, status, reason="called back")


def _ask(backend: RecallingBackend, recall: Recall) -> None:
    send_at = _send_at(recall.issue)
    if send_at is None or send_at < clock.now():
        _give_up(recall)
        return
    try:
        backend.recall(recall.batch_id)
    except SendError as error:
        logger.warning("issue %s: not called back yet, %s", recall.issue_id, error.reason)
    else:
        Recall.objects.filter(pk=recall.pk).update(done_at=clock.now())


@transaction.atomic
def _give_up(recall: Recall) -> None:
    """Say that the letters have left; the rows say accepted, and that is the truth."""
    wanted = Recall.objects.filter(pk=recall.pk, wanted_at__isnull=False, done_at=None)
    if not wanted.update(wanted_at=None):
        return
    logger.error("issue %s: could not be called back", recall.issue_id)
    editors.tell(
        f"되부르지 못했습니다 / Could not be called back: {recall.issue.title}",
        "SendGrid가 제때 취소를 받아 주지 않아, 이미 넘긴 편지는 독자에게 나갔습니다. "
        "아직 넘기지 않은 편지는 나가지 않습니다.\n"
        "SendGrid did not take the cancellation in time: letters handed over before have gone to "
        "their readers. Those that were not handed over will not leave.",
    )


def _cancel(issue_id: int, status: DeliveryStatus, reason: str) -> None:
    rows = Delivery.objects.filter(issue_id=issue_id, status=status).exclude(_BY_ANOTHER_WAY)
    rows.update(status=DeliveryStatus.CANCELLED, reason=reason, changed_at=clock.now())


def _send_at(issue: Issue) -> datetime | None:
    minutes = settings.SENDGRID_RECALL_MINUTES
    if not minutes or issue.started_at is None:
        return None
    return issue.started_at + timedelta(minutes=max(minutes, SHORTEST_MINUTES))


def _closed(issue: Issue) -> Refused:
    return Refused(
        "recall.closed",
        "이미 늦었거나, 되부를 수 있게 보낸 호가 아닙니다.",
        "It is too late, or the issue was not sent so that it could be called back.",
        place=issue.slug,
    )
