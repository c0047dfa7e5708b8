"""What is told to a person before they let an issue leave, and that they say they have read it."""

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.factories import a_weekly, an_entry, listed, the_week
from tests.readers import a_reader

pytestmark = pytest.mark.django_db

NAME = "2026-01-05-weekly"
ENGLISH = Section("Abstract", "en", "A method that nobody has put into Korean yet.")


@pytest.fixture
def thin() -> Issue:
    """Two papers: something to read before it leaves, and nothing wrong."""
    listed(an_entry("2601.00001", "One"), an_entry("2601.00002", "Two"))
    return assemble(the_week()).issue


def state() -> str:
    return Issue.objects.get(slug=NAME).state


def test_warnings_are_shown_and_need_somebody_who_has_read_them(thin):
    ran = newsletter("approve", NAME, "--by", "minji")
    assert ran.code == 2
    assert "issue.few_papers" in ran.out
    assert "논문이 2편뿐입니다. / There are only 2 papers." in ran.out
    assert "approve.unread" in ran.err
    assert "--read를 붙여" in ran.err
    assert "with --read" in ran.err
    assert state() == IssueState.DRAFT
    read = newsletter("approve", NAME, "--by", "minji", "--read")
    assert (read.code, "issue.few_papers" in read.out) == (0, True)
    thin.refresh_from_db()
    assert thin.approved_despite["by"] == "minji"
    assert thin.approved_despite["warnings"] == ["issue.few_papers"]


@pytest.mark.parametrize("at", [(), ("--at", "2126-01-12 08:00")], ids=["now", "at a time"])
def test_who_confirms_a_send_is_shown_the_warnings_and_answers_for_them(thin, at):
    a_reader("bora@example.com")
    ran = newsletter("send", NAME, "--confirm", *at, "--by", "minji")
    assert ran.code == 0
    assert "논문이 2편뿐입니다. / There are only 2 papers." in ran.out
    thin.refresh_from_db()
    assert thin.approved_despite["by"] == "minji"
    assert thin.approved_despite["warnings"] == ["issue.few_papers"]


def test_an_issue_without_warnings_needs_nothing_to_be_read():
    issue = a_weekly()
    assert newsletter("approve", issue.slug).out == f"{NAME}: 승인했습니다. / approved.\n"


def test_an_error_is_told_before_anybody_has_to_read_a_warning():
    listed(an_entry("2601.00001", "One", sections=(ENGLISH,)))
    assemble(the_week())
    assert "gate.closed" in newsletter("approve", NAME).err
    assert "approve.unread" in newsletter("approve", NAME, "--despite", "영어 특집호입니다.").err
    assert newsletter("approve", NAME, "--despite", "영어 특집호입니다.", "--read").code == 0


def test_what_is_approved_already_is_not_read_again(thin):
    newsletter("approve", NAME, "--read")
    assert "issue.wrong_state" in newsletter("approve", NAME).err
