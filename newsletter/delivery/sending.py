"""Starts, pauses, resumes, cancels and finishes the sending of an issue.

Every move is a compare-and-set on the issue's state, and every one may be asked
for twice: the second time changes nothing. Workers look at the state before each
slice, so that no move has to wait for them.
"""

import logging

from django.db import transaction

from newsletter.common import clock
from newsletter.common.errors import Declined, NotFound, Refused
from newsletter.delivery import editors, lateness
from newsletter.delivery.fanout import fan_out
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import UNSETTLED, DeliveryStatus
from newsletter.issues import approval, editing
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState

logger = logging.getLogger(__name__)


def start(issue_id: int, actor: str) -> bool:
    """Freeze the audience of an approved issue, and let workers begin; ``False`` if they had.

    One transaction does it all: either every reader has a row, or nothing began. An
    issue that had begun stays as it is, paused and sent ones too: who joined since gets
    the next one. Raises :class:`Refused` for an issue that is not approved, and
    :class:`Declined` where nobody would get it (``audience.empty``) or where what was
    approved has an error by now (``gate.closed``).
    """
    issue = _find(issue_id)
    if issue.state in BEGUN:
        return False
    try:
        readers = _start(issue)
    except Refused:
        if _find(issue_id).state in BEGUN:
            return False  # somebody else was faster; that is what was asked for
        raise
    logger.info("issue %s: started by %s, %s readers", issue_id, actor, readers)
    return True


@transaction.atomic
def _start(issue: Issue) -> int:
    editing.move_to(issue, IssueState.SENDING, started_at=clock.now())
    editing.freeze(issue)
    _refuse_new_errors(issue)
    lateness.note(issue.pk)
    readers = fan_out(issue)
    if not readers:
        raise _nobody(issue)
    return readers


def _nobody(issue: Issue) -> Declined:
    command = f"newsletter subscribers add ADDRESS --{issue.cadence} --confirmed-by-me"
    return Declined(
        "audience.empty",
        "받을 독자가 한 명도 없습니다. 구독을 신청한 독자는 확인 메일의 버튼을 누른 뒤부터 받습니다. "
        f"이미 동의를 받아 둔 독자는 다음 명령으로 추가해 주세요: {command}",
        "There is nobody who would get it. Who has signed up gets issues once they have pressed "
        f"the button in the confirmation mail; add a reader whose consent you hold with: {command}",
        place=issue.slug,
    )


def _refuse_new_errors(issue: Issue) -> None:
    """Look at the content again: since the approval a paper may have been withdrawn."""
    errors = approval.errors_of(editing.findings(issue))
    if errors:
        raise Declined(
            "gate.closed",
            f"승인한 뒤에 오류가 생겨 보낼 수 없습니다: {errors[0].ko} "
            "데스크에서 승인을 취소하고 내용을 확인한 뒤 다시 승인해 주세요.",
            f"Since the approval an error has come up: {errors[0].en} "
            "Withdraw the approval at the desk, look at the issue, and approve it again.",
            place=errors[0].place or issue.slug,
        )


def pause(issue_id: int, reason: str) -> None:
    """Stop handing letters over; what is being handed over at this moment is finished."""
    issue = _find(issue_id)
    if issue.state == IssueState.PAUSED:
        return
    editing.move_to(issue, IssueState.PAUSED, pause_reason=reason[:300])
    logger.info("issue %s: paused, %s", issue.pk, reason)


def resume(issue_id: int, actor: str) -> None:
    """Go on with a paused issue. Only a start can begin: it alone freezes the audience."""
    issue = _find(issue_id)
    if issue.state == IssueState.SENDING:
        return
    if issue.state == IssueState.APPROVED:
        raise Refused(
            "issue.not_begun",
            "아직 발송을 시작하지 않은 호입니다.",
            "Sending of this issue has not begun.",
            place=issue.slug,
        )
    with transaction.atomic():
        # A person has looked: what was refused until now stops nothing any more.
        refused = Delivery.objects.filter(issue=issue, status=DeliveryStatus.REJECTED).count()
        editing.move_to(issue, IssueState.SENDING, pause_reason="", forgiven=refused)
        # Workers have met the queued messages of a paused issue, and let them go.
        Batch.objects.filter(issue=issue, done=False).update(published_at=None, not_before=None)
        lateness.note(issue.pk)
    logger.info("issue %s: resumed by %s", issue.pk, actor)


def cancel(issue_id: int, actor: str) -> None:
    """Stop for good: whoever was not written to yet will not be."""
    with transaction.atomic():
        issue = _find(issue_id)
        if issue.state == IssueState.CANCELLED:
            return
        editing.move_to(issue, IssueState.CANCELLED, finished_at=clock.now())
        Delivery.objects.filter(issue=issue, status=DeliveryStatus.QUEUED).update(
            status=DeliveryStatus.CANCELLED, changed_at=clock.now()
        )
    logger.info("issue %s: cancelled by %s", issue.pk, actor)


@transaction.atomic
def finish(issue_id: int) -> bool:
    """Mark the issue as sent when no letter of it is queued, sending or uncertain."""
    # Held, so that nobody queues a letter again between the look and the word.
    Issue.objects.select_for_update().filter(pk=issue_id).first()
    # The last open batch tells it, as a rule: to read all rows after each batch would be quadratic.
    open_batches = Batch.objects.filter(issue_id=issue_id, done=False).order_by("-number")
    last = open_batches.first()
    if last is not None and (_moves(last) or any(map(_moves, open_batches))):
        return False
    return bool(
        Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).update(
            state=IssueState.SENT, finished_at=clock.now()
        )
    )


def _moves(batch: Batch) -> bool:
    span = (batch.first_id, batch.last_id)
    rows = Delivery.objects.filter(issue_id=batch.issue_id, pk__range=span)
    return rows.filter(status__in=UNSETTLED).exists()


def stop_by_itself(issue_id: int, reason: str) -> None:
    """Pause an issue because something is wrong, and tell the editors, once."""
    with transaction.atomic():
        paused = Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).update(
            state=IssueState.PAUSED, pause_reason=reason[:300]
        )
        if paused:
            _tell_editors(_find(issue_id), reason)
    logger.error("issue %s: stopped, %s", issue_id, reason)


def _tell_editors(issue: Issue, reason: str) -> None:
    told = counts(issue)
    editors.tell(
        f"발송이 멈췄습니다 / Sending has stopped: {issue.title}",
        f"원인 / cause: {reason}\n"
        f"전달됨 / accepted {told.accepted}, 대기 / queued {told.queued}, "
        f"거절됨 / rejected {told.rejected}\n"
        "원인을 고친 뒤 데스크에서 재개해 주세요. / "
        "Mend the cause, then resume at the desk.",
    )


def _find(issue_id: int) -> Issue:
    issue = Issue.objects.filter(pk=issue_id).first()
    if issue is None:
        raise NotFound(
            "issue.unknown", "그런 호가 없습니다.", "There is no such issue.", place=str(issue_id)
        )
    return issue
