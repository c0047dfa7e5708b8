"""After a start on another boot nothing goes on by itself: it is held, and says so (F02)."""

import json
import shlex
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from newsletter.common import clock
from newsletter.delivery import reboots, scheduling, sending
from newsletter.delivery.models import Notice
from newsletter.delivery.reboots import hold_after_reboot
from newsletter.delivery.reconcile import reconcile
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.delivery.given import Mailbox, an_approved_issue, an_issue_being_sent, deliver_all
from tests.factories import a_weekly

BEFORE, NOW = "e2b1-before-the-cut", "77af-after-the-cut"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def started_before(settings):
    settings.EDITOR_ADDRESSES = ["desk@example.com"]
    assert hold_after_reboot(BEFORE) == []


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("minji"))
    return lambda page: client.get(f"/desk/issues/{page}", headers={"accept-language": "ko"}).text


@pytest.fixture
def scheduled():
    issue = an_approved_issue(3)
    scheduling.schedule(issue, clock.now() + timedelta(hours=2), "지은")
    return issue


def state(issue):
    return Issue.objects.get(pk=issue.pk).state


def test_f02_an_issue_that_was_being_sent_is_held_until_the_command_that_is_said():
    issue, way = an_issue_being_sent(3), Mailbox()
    (held,) = hold_after_reboot(NOW)
    assert reconcile(way) == []
    assert (way.handed, state(issue)) == (0, IssueState.PAUSED)
    assert newsletter(*shlex.split(held.command)[1:]).code == 0
    deliver_all(way, issue)
    assert way.handed == 3


def test_f02_an_issue_that_had_a_time_does_not_leave_at_it_until_a_person_confirms_it(scheduled):
    (held,) = hold_after_reboot(NOW)
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        assert scheduling.start_due() == []
    assert newsletter(*shlex.split(held.command)[1:]).code == 0
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        assert scheduling.start_due() == [scheduled.pk]


def test_f02_a_time_that_passed_while_the_machine_was_down_is_held_as_well(scheduled):
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        (held,) = hold_after_reboot(NOW)
        assert scheduling.start_due() == []
        assert newsletter(*shlex.split(held.command)[1:]).code == 0
    assert state(scheduled) == IssueState.SENDING


def test_f02_status_the_desk_and_a_letter_to_the_editors_say_why(desk):
    issue = an_issue_being_sent(3)
    hold_after_reboot(NOW)
    (told,) = json.loads(newsletter("status", "--json").out)
    assert told == {"issue": issue.slug, "state": "paused", "held": reboots.REASON}
    for ran in (newsletter("status"), newsletter("status", issue.slug)):
        assert "컴퓨터가 다시 시작되었습니다" in ran.out
        assert "The machine was started again" in ran.out
    assert "컴퓨터가 다시 시작되었습니다" in desk(f"{issue.slug}/progress/")
    assert reboots.REASON in Notice.objects.get(kind="editor").context["body"]


def test_f02_a_scheduled_one_says_why_too(scheduled, desk):
    hold_after_reboot(NOW)
    (told,) = json.loads(newsletter("status", "--json").out)
    assert told["held"] == reboots.REASON
    for said in ("컴퓨터가 다시 시작되었습니다", "저절로 시작하지 않습니다"):
        assert said in desk(f"{scheduled.slug}/")


def test_f02_both_kinds_are_held_and_nothing_else():
    moving = an_issue_being_sent(1)
    other = a_weekly_of_another_week()
    scheduling.schedule(other, clock.now() + timedelta(hours=2), "지은")
    assert {held.slug for held in hold_after_reboot(NOW)} == {moving.slug, other.slug}
    assert hold_after_reboot("a third boot") == []


def a_weekly_of_another_week():
    first = Issue.objects.get()
    first.pk, first.slug, first.revision = None, "2025-12-29-weekly", None
    first.window_start, first.window_end = (
        at - timedelta(days=7) for at in (first.window_start, first.window_end)
    )
    first.state, first.started_at = IssueState.APPROVED, None
    first.save()
    return first


@pytest.mark.parametrize("boot", [BEFORE, ""])
def test_f02_the_same_boot_or_an_unknown_one_holds_nothing(boot):
    issue = an_issue_being_sent(1)
    assert hold_after_reboot(boot) == []
    assert state(issue) == IssueState.SENDING


def test_f02_what_a_person_let_go_on_is_not_held_again_on_the_same_boot():
    issue = an_issue_being_sent(1)
    hold_after_reboot(NOW)
    sending.resume(issue.pk, "지은")
    assert hold_after_reboot(NOW) == []
    assert state(issue) == IssueState.SENDING


def test_f02_drafts_and_approved_issues_without_a_time_are_left_alone():
    draft = a_weekly()
    assert hold_after_reboot(NOW) == []
    editing.approve(draft, "지은")
    assert hold_after_reboot("a third boot") == []
    assert newsletter("status", draft.slug).code == 0


def test_f02_the_boot_of_this_machine_says_nothing_of_a_database_server():
    assert bool(reboots.boot_id_if_embedded()) == (connection.vendor == "sqlite")
