"""A command of two steps commits nothing when its second cannot be, and says what to do instead."""

import re

import pytest
from django.db import connection

from newsletter.delivery import sending
from newsletter.delivery.models import Delivery
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.delivery.given import an_approved_issue, an_issue_being_sent, readers
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db

NAME = "2026-01-05-weekly"


def state():
    return Issue.objects.get(slug=NAME).state


def test_a_draft_that_nobody_would_get_stays_a_draft():
    a_weekly()
    ran = newsletter("send", NAME, "--confirm")
    assert (ran.code, "audience.empty" in ran.err) == (1, True)
    issue = Issue.objects.get(slug=NAME)
    assert (issue.state, issue.revision, issue.approved_by) == (IssueState.DRAFT, None, "")


def test_an_approved_issue_that_nobody_would_get_stays_approved():
    an_approved_issue()
    assert newsletter("send", NAME, "--confirm").code == 1
    assert state() == IssueState.APPROVED


def test_the_remedy_that_is_named_for_an_empty_audience_is_one():
    a_weekly()
    told = newsletter("send", NAME, "--confirm").err
    remedy = re.search(r"newsletter (subscribers add ADDRESS [a-z -]+)", told)[1]
    assert newsletter(*remedy.strip().replace("ADDRESS", "bora@example.com").split()).code == 0
    assert newsletter("send", NAME, "--confirm").code == 0
    assert (state(), Delivery.objects.count()) == (IssueState.SENDING, 1)


def test_a_reader_who_was_only_asked_is_told_of_as_such_and_is_nobody_to_send_to():
    a_weekly()
    ran = newsletter("subscribers", "add", "bora@example.com", "--weekly")
    assert "begins once its button is pressed" in ran.out
    assert "audience.empty" in newsletter("send", NAME, "--confirm").err
    assert state() == IssueState.DRAFT


def test_a_draft_whose_time_is_refused_stays_a_draft():
    a_weekly()
    readers(1)
    ran = newsletter("send", NAME, "--confirm", "--at", "2020-01-01 08:00")
    assert (ran.code, "schedule.past" in ran.err) == (2, True)
    assert state() == IssueState.DRAFT


@pytest.mark.parametrize("at", [(), ("--at", "2999-01-12 08:00")], ids=["now", "later"])
@pytest.mark.parametrize(
    ("now", "remedies"),
    [
        (IssueState.SENDING, {f"status {NAME}"}),
        (IssueState.PAUSED, {f"status {NAME}", f"resume {NAME}"}),
        (IssueState.SENT, {f"report {NAME}"}),
    ],
)
def test_an_issue_that_has_begun_is_not_sent_again_and_says_what_can_be_done(now, remedies, at):
    issue = an_issue_being_sent(1)
    if now == IssueState.PAUSED:
        sending.pause(issue.pk, "by hand")
    if now == IssueState.SENT:
        Delivery.objects.update(status="accepted")
        assert sending.finish(issue.pk)
    ran = newsletter("send", NAME, "--confirm", *at)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"newsletter: issue.begun [{NAME}]: ")
    assert set(re.findall(rf"newsletter ([a-z]+ {NAME})", ran.err)) == remedies
    assert (state(), Issue.objects.get(slug=NAME).send_at) == (now, None)


def test_an_issue_that_is_cancelled_while_a_second_send_looks_at_it_is_not_said_to_leave():
    """It is approved as the command finds it, sent by another one, and then cancelled."""
    an_approved_issue()
    states = iter([IssueState.APPROVED, IssueState.SENDING, IssueState.CANCELLED])

    def meanwhile(execute, sql, *others):
        if sql.startswith("SELECT") and 'FROM "issues_issue"' in sql:
            Issue.objects.update(state=next(states))
        return execute(sql, *others)

    with connection.execute_wrapper(meanwhile):
        ran = newsletter("send", NAME, "--confirm")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"newsletter: issue.wrong_state [{NAME}]: ")
    assert "cancelled" in ran.err
