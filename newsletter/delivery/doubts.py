"""Letters that stay in doubt: after a while they are shown to a person, or sent again by rule.

No event of the provider came that would have settled them. ``UNCERTAIN_POLICY=hold``
asks the editors, once for each letter; ``retry`` sends again, which may reach a reader
twice.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Concat, Left

from newsletter.common import clock
from newsletter.delivery import editors, leases
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue

logger = logging.getLogger(__name__)

# What begins the reason of a letter that a person was asked about.
ASKED = "asked: "
GIVEN_UP = "gave up: always in doubt"
# An answer that never came was counted when it was waited for; a dead worker counted nothing.
_UNCOUNTED = Case(When(reason__endswith=leases.LOST, then=1), default=0)


def settle(most_attempts: int) -> None:
    """Treat letters that have been in doubt for too long as the policy says."""
    issues = _old().values_list("issue_id", flat=True).distinct()
    for issue in Issue.objects.filter(pk__in=list(issues)):
        if settings.UNCERTAIN_POLICY == "retry":
            _send_again(issue, most_attempts)
        else:
            _ask(issue)


def _send_again(issue: Issue, most_attempts: int) -> None:
    rows = _old().filter(issue=issue)
    now = clock.now()
    worn_out = rows.alias(tries=F("attempts") + _UNCOUNTED).filter(tries__gte=most_attempts)
    given_up = worn_out.update(status=DeliveryStatus.REJECTED, reason=GIVEN_UP, changed_at=now)
    again = rows.update(
        status=DeliveryStatus.QUEUED,
        reason="sent again by the policy",
        attempt="",
        attempts=F("attempts") + _UNCOUNTED,
        changed_at=now,
    )
    logger.warning(
        "issue %s: %s letters in doubt sent again, %s given up", issue.pk, again, given_up
    )


def _ask(issue: Issue) -> None:
    """Mark the letters as asked about; whoever marks any of them tells the editors."""
    fresh = _old().filter(issue=issue).exclude(reason__startswith=ASKED)
    number = fresh.update(reason=Concat(Value(ASKED), Left("reason", 90)))
    if not number:
        return
    logger.warning("issue %s: %s letters in doubt wait for a person", issue.pk, number)
    editors.tell(
        f"확인이 필요한 편지 / Letters in doubt: {issue.title}",
        f"{number}통이 전달되었는지 알 수 없습니다. 데스크에서 다시 보낼지(두 번 받을 수 있음) "
        "그대로 둘지 정해 주세요.\n"
        f"Nobody can tell whether {number} letters arrived. At the desk, decide to send "
        "them again (they may arrive twice) or to leave them.",
    )


def _old() -> QuerySet[Delivery]:
    since = clock.now() - timedelta(minutes=settings.UNCERTAIN_AFTER_MINUTES)
    return _doubtful().filter(changed_at__lt=since)


def _doubtful() -> QuerySet[Delivery]:
    # Only issues with unfinished batches can have any; the others need not be read through.
    unfinished = Batch.objects.filter(done=False).values("issue_id")
    return Delivery.objects.filter(issue_id__in=unfinished, status=DeliveryStatus.UNCERTAIN)
