"""Which issues nobody has looked after for hours: those are held, and a person is asked.

While an issue is being sent, the reconciler notes every few seconds that it looks
after it. A note that is hours old is a sign: the database is yesterday's copy, the
server is a clone that has just been switched on, or all was down for so long that
the letter may not be wanted any more. Going on could reach readers twice who have
their letter. The note stands apart from the batches, which have nothing to tell
while they wait for a limit or for a server.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from newsletter.common import clock
from newsletter.delivery.models import Delivery, Pulse
from newsletter.delivery.status import UNSETTLED
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState


def note(issue_id: int) -> None:
    """Note that somebody looks after this issue: a person who lets it go, or the reconciler."""
    Pulse.objects.update_or_create(issue_id=issue_id, defaults={"at": clock.now()})


def note_all() -> None:
    """Note it of every issue that is being sent."""
    for issue_id in Issue.objects.filter(state=IssueState.SENDING).values_list("pk", flat=True):
        note(issue_id)


def late() -> Iterator[tuple[int, datetime]]:
    """Yield issues that were left alone for too long with letters unsettled, and since when."""
    for pulse in Pulse.objects.filter(issue__state=IssueState.SENDING, at__lte=_oldest()):
        if Delivery.objects.filter(issue=pulse.issue_id, status__in=UNSETTLED).exists():
            yield pulse.issue_id, pulse.at


def in_time() -> Q:
    """Return the condition that the issue of a batch is being looked after."""
    late = Pulse.objects.filter(issue_id=OuterRef("issue_id"), at__lte=_oldest())
    return ~Q(Exists(late))


def _oldest() -> datetime:
    return clock.now() - timedelta(hours=settings.SEND_LATE_HOURS)
