"""An issue leaves as it was approved, whoever changes it at the same moment."""

import pytest

from newsletter.common.errors import NotFound, Refused
from newsletter.issues import editing
from newsletter.issues.assemble import refresh
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.states import IssueState
from tests.factories import a_weekly, an_entry, listed
from tests.races import Other, meanwhile

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = {
    "pin": lambda issue, item: editing.set_pinned(item, True),
    "hide": lambda issue, item: editing.set_hidden(item, True),
    "move": lambda issue, item: editing.move(item, 3),
    "speak": lambda issue, item: editing.set_speaker(item, "ours"),
    "title": lambda issue, item: editing.set_title_ko(item, "다른 제목"),
    "intro": lambda issue, item: editing.set_intro(issue, []),
    "subject": lambda issue, item: editing.set_subject(issue, "다른 제목"),
    "style": lambda issue, item: editing.set_style(issue, "wtp"),
    "refresh": lambda issue, item: refresh(issue),
}


def by_a_colleague(change, issue):
    """Return what somebody at another desk does, who has opened the issue there."""

    def act():
        there = Issue.objects.get(pk=issue.pk)
        item = IssueItem.objects.select_related("issue", "paper").filter(issue=there).last()
        change(there, item)

    return act


def rows(issue):
    return list(Issue.objects.values("subject", "style", "intro")), list(issue.items.values())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_changes_an_issue_while_it_is_being_approved_is_refused(change):
    issue = a_weekly()
    colleague = Other(by_a_colleague(change, issue))

    def look(_frozen):
        colleague.begin()
        return ()

    before = rows(issue)
    editing.approve(issue, "지은", look)
    colleague.wait()
    assert isinstance(colleague.error, Refused)
    assert colleague.error.code == "issue.frozen"
    assert (issue.state, rows(issue)) == (IssueState.APPROVED, before)


def the_last_paper(issue):
    """As an editor has it before them."""
    return issue.items.select_related("issue", "paper").last()


def test_votes_that_were_counted_meanwhile_are_the_reason_a_pinned_paper_gives():
    issue = a_weekly()
    item = the_last_paper(issue)
    listed(an_entry("2601.05241", "Paper Number 1", votes=25), source="late")
    refresh(issue)
    editing.set_pinned(item, True)
    assert "추천 25" in IssueItem.objects.get(pk=item.pk).reason["ko"]


def test_a_paper_that_dropped_out_meanwhile_is_not_there_to_be_changed(settings):
    settings.WEEKLY_PAPERS = 5
    issue = a_weekly()
    last = the_last_paper(issue)
    listed(an_entry("2601.07777", "Late", votes=35), source="late")
    assert refresh(issue).removed == 1
    with pytest.raises(NotFound, match=r"item\.gone"):
        editing.set_hidden(last, True)


def test_what_is_being_changed_at_this_moment_is_approved_as_it_is_afterwards():
    issue = a_weekly()
    old = Issue.objects.get(pk=issue.pk)
    second = meanwhile(
        lambda: editing.set_title_ko(the_last_paper(issue), "그 사이의 제목"),
        lambda: editing.approve(old, "지은"),
    )
    assert second.error is None
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED
    assert "그 사이의 제목" in {item.title_ko for item in editing.content_of(issue).items}


def test_of_two_approvals_at_once_one_is_given():
    issue = a_weekly()
    old = Issue.objects.get(pk=issue.pk)
    second = meanwhile(lambda: editing.approve(issue, "지은"), lambda: editing.approve(old, "민수"))
    assert isinstance(second.error, Refused)
    assert second.error.code == "issue.wrong_state"
    issue.refresh_from_db()
    assert (issue.state, issue.approved_by) == (IssueState.APPROVED, "지은")
