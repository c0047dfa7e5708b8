"""Sends that begin by themselves at a time that a person chose.

The time stands in the database, so neither a dead broker nor a restart forgets it.
Whoever starts what is due first changes the row by compare-and-set: of many workers
one begins. A send that would be too late is held, and a person is asked: nobody
wants Monday's issue on Tuesday evening because a machine was down.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from newsletter.common import clock
from newsletter.common.errors import BadInput, NewsletterError, Refused
from newsletter.delivery import editors, sending
from newsletter.delivery.defects import is_defect
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

logger = logging.getLogger(__name__)

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")


def parse_moment(text: str, zone: ZoneInfo = clock.SEOUL) -> datetime:
    """Return the instant that a wall clock in ``zone`` shows as ``2026-01-12 08:00``."""
    typed = text.strip().replace("T", " ")
    if _MOMENT.fullmatch(typed) is None:
        raise BadInput(
            "schedule.invalid",
            "시각은 2026-01-12 08:00처럼 적어 주세요.",
            "Please write the time as 2026-01-12 08:00.",
            place="at",
        )
    try:
        moment = datetime.strptime(typed, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        instant = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _nonexistent() from error
    # A clock that is put forward never shows what it skips.
    if instant.astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise _nonexistent()
    return instant


def schedule(issue: Issue, when: datetime, actor: str) -> None:
    """Let an approved issue leave by itself at ``when``; a later word replaces an earlier one."""
    if when <= clock.now():
        raise BadInput(
            "schedule.past",
            "이미 지난 시각입니다.",
            "That time has passed.",
            place="at",
        )
    _set(issue, send_at=when, send_by=actor[:150], send_held="")
    logger.info("issue %s: leaves at %s by itself, says %s", issue.pk, when, actor)


def forget(issue: Issue, actor: str) -> None:
    """Take the time back; the issue stays approved."""
    _set(issue, send_at=None, send_by="", send_held="")
    logger.info("issue %s: no longer leaves by itself, says %s", issue.pk, actor)


def hold_all(why: str) -> list[Issue]:
    """Hold every issue that has a time, until a person sends it or chooses a time again."""
    waiting = Issue.objects.filter(state=IssueState.APPROVED, send_at__isnull=False, send_held="")
    return [issue for issue in waiting.order_by("send_at") if _hold(issue, why)]


def start_due() -> list[int]:
    """Start every send whose time has come, once; hold those that are too late or cannot begin.

    Returns the issues that have begun to leave.
    """
    now = clock.now()
    limit = now - timedelta(hours=settings.SCHEDULE_LIMIT_HOURS)
    due = Issue.objects.filter(state=IssueState.APPROVED, send_at__lte=now, send_held="")
    for issue in due.filter(send_at__lt=limit):
        _hold(issue, "정한 시각을 너무 많이 넘겼습니다. / Its time is too long past.")
    in_time = due.filter(send_at__gte=limit).order_by("send_at")
    return [issue.pk for issue in in_time if _start(issue)]


def _start(issue: Issue) -> bool:
    try:
        with transaction.atomic():
            taken = _take(issue)
            if taken:
                sending.start(issue.pk, f"{issue.send_by}, scheduled")
            return taken
    except NewsletterError as refusal:
        _hold(issue, f"{refusal.ko} / {refusal.en}")
    except Exception as error:
        # One issue that cannot begin, whatever is wrong with it, must not keep the next from it.
        if not is_defect(error):
            raise
        logger.exception("issue %s: cannot begin", issue.pk)
        what = type(error).__name__
        _hold(issue, f"시작할 수 없습니다({what}). / It cannot begin ({what}).")
    return False


def _take(issue: Issue, **fields: object) -> bool:
    """Hold the row for this transaction; ``False`` where somebody has changed their mind or begun."""
    as_read = Issue.objects.filter(
        pk=issue.pk, state=IssueState.APPROVED, send_at=issue.send_at, send_held=""
    )
    return bool(as_read.update(**{"send_at": issue.send_at, **fields}))


@transaction.atomic
def _hold(issue: Issue, why: str) -> bool:
    """Leave the issue where it is, and ask the editors, once; tell whether it still waited."""
    if not _take(issue, send_held=why[:300]):
        return False
    logger.error("issue %s: held, its time is %s", issue.pk, issue.send_at)
    editors.tell(
        f"예약한 발송을 보류했습니다 / A scheduled send is held: {issue.title}",
        f"{why}\n데스크에서 지금 보내거나 시각을 다시 정해 주세요. / "
        "At the desk, send it now or choose its time again.",
    )
    return True


def _set(issue: Issue, **fields: object) -> None:
    """Write by compare-and-set: only an approved issue has a time."""
    approved = Issue.objects.filter(pk=issue.pk, state=IssueState.APPROVED)
    if not approved.update(**fields):
        raise Refused(
            "schedule.not_approved",
            "승인된 호만 보낼 시각을 정할 수 있습니다.",
            "Only an approved issue can be given a time to leave.",
            place=issue.slug,
        )
    issue.refresh_from_db()


def _nonexistent() -> BadInput:
    return BadInput(
        "schedule.nonexistent_time",
        "달력이나 시계에 없는 시각입니다.",
        "No calendar and no clock shows that time.",
        place="at",
    )
