"""``newsletter status`` without an issue: which ones a person may still have to act on."""

import json

import pytest

from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db


def test_it_says_so_where_nothing_is_under_way():
    assert "No issue is under way." in newsletter("status").out
    assert newsletter("status", "--json").out.strip() == "[]"


@pytest.mark.parametrize("state", IssueState)
def test_it_names_what_is_under_way_and_leaves_out_what_has_ended(state):
    issue = a_weekly()
    type(issue).objects.filter(pk=issue.pk).update(state=state)
    ended = state in {IssueState.SENT, IssueState.CANCELLED}
    told = json.loads(newsletter("status", "--json").out)
    assert told == ([] if ended else [{"issue": issue.slug, "state": state.value}])
    assert (f"{issue.slug}  " in newsletter("status").out) is not ended
