"""Two callers, the second with an issue as it was before: a move that came too late is refused."""

import pytest

from newsletter.common.errors import Refused
from newsletter.delivery import sending
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.factories import a_weekly
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved():
    a_reader()
    issue = a_weekly()
    editing.approve(issue, "지은")
    return issue


def row(issue):
    return Issue.objects.values().get(pk=issue.pk)


MOVES = {
    "withdraw": lambda issue: editing.withdraw_approval(issue, "민수"),
    "send": lambda issue: editing.move_to(issue, IssueState.SENDING),
    "cancel": lambda issue: editing.move_to(issue, IssueState.CANCELLED),
}


@pytest.mark.parametrize("late", MOVES.values(), ids=MOVES)
def test_who_still_sees_an_approved_issue_moves_none_that_is_being_sent(approved, late):
    old = Issue.objects.get(pk=approved.pk)
    sending.start(approved.pk, "지은")
    begun = row(approved)
    with pytest.raises(Refused, match=r"issue\.wrong_state"):
        late(old)
    assert row(approved) == begun
    assert (begun["state"], begun["approved_by"]) == (IssueState.SENDING, "지은")
    assert begun["revision_id"]


@pytest.mark.parametrize("late", MOVES.values(), ids=MOVES)
def test_who_still_sees_an_approved_issue_moves_none_that_is_a_draft_again(approved, late):
    old = Issue.objects.get(pk=approved.pk)
    editing.withdraw_approval(approved, "지은")
    with pytest.raises(Refused, match=r"issue\.wrong_state"):
        late(old)
    assert row(approved)["state"] == IssueState.DRAFT


def test_who_still_sees_a_draft_approves_none_that_is_cancelled():
    issue = a_weekly()
    old = Issue.objects.get(pk=issue.pk)
    editing.move_to(issue, IssueState.CANCELLED)
    with pytest.raises(Refused, match=r"issue\.wrong_state"):
        editing.approve(old, "민수")
    assert row(issue)["state"] == IssueState.CANCELLED
    assert row(issue)["revision_id"] is None
