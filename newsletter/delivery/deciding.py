"""Letters that a person decides about: those in doubt, and those that were refused.

SMTP has no way to ask what was taken (RFC 1047), and SendGrid no idempotency key.
Sending again may reach a reader twice; leaving it may reach a reader not at all.
"""

import logging

from django.db import transaction

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.delivery import doubts, lateness, sending
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState

logger = logging.getLogger(__name__)

_LEFT = "left by"


@transaction.atomic
def retry(issue_id: int, actor: str) -> int:
    """Queue every uncertain letter of an issue again; return how many. They may arrive twice.

    Raises :class:`Refused` for an issue that was cancelled: nothing of it leaves any more.
    """
    _locked(issue_id)
    return _decide(issue_id, DeliveryStatus.QUEUED, f"sent again by {actor}")


def leave(issue_id: int, actor: str) -> int:
    """Settle every uncertain letter of an issue as not sent; return how many."""
    number = _decide(issue_id, DeliveryStatus.REJECTED, f"{_LEFT} {actor}")
    sending.finish(issue_id)
    return number


@transaction.atomic
def retry_rejected(issue_id: int, actor: str) -> int:
    """Queue every refused letter of an issue again, of a sent one too; return how many.

    Letters in doubt that a person left, or the policy gave up, are not among them: they may
    have arrived.
    """
    _locked(issue_id)
    rejected = Delivery.objects.filter(issue_id=issue_id, status=DeliveryStatus.REJECTED)
    again = rejected.exclude(reason__startswith=_LEFT).exclude(reason=doubts.GIVEN_UP)
    if not again.exists():
        return 0
    # All of them, and before the rows: whoever closes a batch holds it, and then looks at its rows.
    Batch.objects.filter(issue_id=issue_id).update(done=False, not_before=None)
    number = again.update(
        status=DeliveryStatus.QUEUED,
        reason=f"tried again by {actor}"[:100],
        attempt="",
        attempts=0,
        changed_at=clock.now(),
    )
    sent = Issue.objects.filter(pk=issue_id, state=IssueState.SENT)
    if sent.update(state=IssueState.SENDING, finished_at=None):
        lateness.note(issue_id)
    logger.info("issue %s: %s rejected letters tried again by %s", issue_id, number, actor)
    return number


def left(issue_id: int) -> int:
    """Return how many of an issue's letters were in doubt until a person left them."""
    rejected = Delivery.objects.filter(issue_id=issue_id, status=DeliveryStatus.REJECTED)
    return rejected.filter(reason__startswith=_LEFT).count()


def _locked(issue_id: int) -> None:
    """Hold the issue, so that it cannot be called sent meanwhile; refuse a cancelled one."""
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if issue.state not in BEGUN:
        raise Refused(
            "issue.cancelled",
            "발송 중이거나 발송된 호의 편지만 다시 보낼 수 있습니다.",
            "Only letters of an issue that is being sent, or was, are sent again.",
            place=issue.slug,
        )


@transaction.atomic
def _decide(issue_id: int, status: DeliveryStatus, reason: str) -> int:
    doubtful = Delivery.objects.filter(issue_id=issue_id, status=DeliveryStatus.UNCERTAIN)
    # A new attempt id would come with the next claim; until then the old one must not match,
    # so that an event which arrives late cannot overrule the person.
    number = doubtful.update(status=status, reason=reason[:100], attempt="", changed_at=clock.now())
    logger.info("issue %s: %s uncertain letters %s", issue_id, number, reason)
    return number
