"""Given: issues that have left, so that readers, feeds and search engines see them."""

from datetime import date

from newsletter.common import clock
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.factories import FRIDAY, a_weekly, the_week


def sent(issue: Issue) -> Issue:
    """Freeze the issue as a send does, and let it have left."""
    editing.freeze(issue)
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENT, started_at=clock.now())
    return Issue.objects.get(pk=issue.pk)


def a_sent_weekly(day: date = FRIDAY) -> Issue:
    return sent(a_weekly(day))


def this_week_sent(day: date = FRIDAY) -> Issue:
    """What was listed in the week of ``day``, assembled and sent."""
    return sent(assemble(the_week(day)).issue)
