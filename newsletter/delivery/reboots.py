"""Holds what was under way when the machine went down, and asks a person (ADR 17).

Every commit is on the disk before anything follows from it, so a power cut puts in
doubt what was being handed over and repeats nothing. But disks, controllers and
virtual machines are known to say "synced" too early, and a database that has lost
its last minutes cannot tell. What is certain is that the machine was started again:
its kernel has another boot id than at the last start. Then nothing goes on by itself.

Only where the database is a file of this machine. A server has its own machine, and
that one of its workers was started again says nothing of what it has kept.
"""

import logging
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from newsletter.common import clock
from newsletter.common.boot import boot_id
from newsletter.delivery import scheduling, sending
from newsletter.delivery.models import Delivery, LastBoot
from newsletter.delivery.status import UNSETTLED
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

logger = logging.getLogger(__name__)

REASON = (
    "컴퓨터가 다시 시작되었습니다(정전이었을 수 있습니다). 발송 상태를 확인한 뒤 이어 주세요. / "
    "The machine was started again, perhaps after a power cut. Look at the state, then go on."
)
_ONLY = 1


@dataclass(frozen=True, slots=True)
class Held:
    """An issue that waits for a person, and the command that lets it go on."""

    slug: str
    command: str


def boot_id_if_embedded() -> str:
    """Return the boot of the machine that keeps the database; empty where nobody here knows it."""
    return boot_id() if connection.vendor == "sqlite" else ""


def hold_after_reboot(boot: str) -> list[Held]:
    """Hold each issue that was being sent or had a time, if this is another boot; return them.

    Call it before anything that sends is started, with :func:`boot_id_if_embedded`. At the
    very first start, and where the boot is not known (empty), nothing is held.
    """
    if not boot:
        return []
    with transaction.atomic():  # both or neither: a second cut in between must not forget it
        last, is_first = LastBoot.objects.get_or_create(pk=_ONLY, defaults={"boot_id": boot})
        if is_first or last.boot_id == boot:
            return []
        LastBoot.objects.filter(pk=_ONLY).update(boot_id=boot)
        logger.warning("the machine was started again since the last start of the system")
        return [*_hold_moving(), *_hold_scheduled()]


def _hold_moving() -> list[Held]:
    unsettled = Delivery.objects.filter(issue_id=OuterRef("pk"), status__in=UNSETTLED)
    moving = Issue.objects.filter(Exists(unsettled), state=IssueState.SENDING).order_by("pk")
    held = [Held(issue.slug, f"newsletter resume {issue.slug}") for issue in moving]
    for issue in moving:
        sending.stop_by_itself(issue.pk, REASON)
    return held


def _hold_scheduled() -> list[Held]:
    return [Held(issue.slug, _send_again(issue)) for issue in scheduling.hold_all(REASON)]


def _send_again(issue: Issue) -> str:
    """Return the command that confirms the time, or sends now where it has passed."""
    at = issue.send_at
    if at is None or at <= clock.now():
        return f"newsletter send {issue.slug} --confirm"
    told = at.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
    return f'newsletter send {issue.slug} --confirm --at "{told}"'
