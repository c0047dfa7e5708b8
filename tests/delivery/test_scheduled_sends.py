"""An issue leaves by itself at its time: once, not too late, and only while it is still wished."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from newsletter.common.clock import SEOUL
from newsletter.common.errors import BadInput, Refused
from newsletter.delivery import preflight, scheduling
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Notice
from newsletter.issues import editing
from newsletter.issues.models import Issue, Revision
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import Subscription
from newsletter.tasks.deliver import reconcile
from tests.delivery.given import readers
from tests.factories import a_weekly
from tests.races import Other, just_before

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 1, 11, 21, 0, tzinfo=SEOUL)
MONDAY = datetime(2026, 1, 12, 8, 0, tzinfo=SEOUL)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def issue():
    """Approved on Sunday evening, to leave on Monday at eight."""
    readers(3)
    with time_machine.travel(SUNDAY, tick=False):
        made = a_weekly()
        preflight.approve(made, "minji")
        scheduling.schedule(made, MONDAY, "minji")
    return made


def at(moment):
    """Let the reconciler run at ``moment``; return the state in which it left the issue."""
    with time_machine.travel(moment, tick=False):
        scheduling.start_due()
    return Issue.objects.get().state


def test_it_leaves_at_its_time_and_not_before(issue):
    assert at(MONDAY - A_MINUTE) == IssueState.APPROVED
    assert at(MONDAY) == IssueState.SENDING
    assert counts(issue).frozen == 3


def test_it_begins_once_whoever_looks_and_however_often(issue):
    for later in range(4):
        at(MONDAY + later * A_MINUTE)
    assert counts(issue).frozen == 3
    assert Issue.objects.get().started_at == MONDAY


@pytest.mark.django_db(transaction=True)
def test_of_many_who_look_at_the_same_moment_one_begins(issue):
    """The second looks when the first has found the issue due, and has not begun yet."""
    begun = []
    other = Other(lambda: begun.append(scheduling.start_due()))
    with time_machine.travel(MONDAY, tick=False):
        with just_before('UPDATE "issues_issue"', other.begin):
            begun.append(scheduling.start_due())
        other.end()
    assert sorted(begun) == [[], [issue.pk]]
    assert (counts(issue).frozen, Batch.objects.count()) == (3, 1)
    now = Issue.objects.get()
    assert (now.state, now.send_held) == (IssueState.SENDING, "")


def test_a_few_hours_late_is_early_enough(issue):
    assert at(MONDAY + timedelta(hours=5)) == IssueState.SENDING


def test_too_late_it_stays_and_the_editors_are_asked_once(issue, settings):
    settings.EDITOR_ADDRESSES = ["desk@example.com"]
    for _ in range(3):
        assert at(MONDAY + timedelta(hours=7)) == IssueState.APPROVED
    assert "too long past" in Issue.objects.get().send_held
    assert Notice.objects.filter(kind="editor").count() == 1


def test_a_new_time_lets_a_held_issue_leave_after_all(issue):
    at(MONDAY + timedelta(hours=7))
    tuesday = MONDAY + timedelta(days=1)
    with time_machine.travel(MONDAY + timedelta(hours=8), tick=False):
        scheduling.schedule(Issue.objects.get(), tuesday, "sora")
    assert at(tuesday) == IssueState.SENDING


@pytest.mark.parametrize("change", [scheduling.forget, editing.withdraw_approval])
def test_a_changed_mind_counts_and_a_later_approval_does_not_bring_the_time_back(issue, change):
    change(issue, "minji")
    if Issue.objects.get().state == IssueState.DRAFT:
        with time_machine.travel(SUNDAY, tick=False):
            preflight.approve(Issue.objects.get(), "minji")
    assert at(MONDAY) == IssueState.APPROVED


@pytest.mark.usefixtures("issue")
def test_what_may_not_leave_any_more_is_held_with_the_reason():
    Subscription.objects.all().delete()
    assert at(MONDAY) == IssueState.APPROVED
    assert "받을 독자가 한 명도 없습니다" in Issue.objects.get().send_held


def test_only_an_approved_issue_has_a_time():
    with time_machine.travel(SUNDAY, tick=False), pytest.raises(Refused, match="not_approved"):
        scheduling.schedule(a_weekly(), MONDAY, "minji")


def test_a_time_that_has_passed_is_refused(issue):
    with (
        time_machine.travel(MONDAY, tick=False),
        pytest.raises(BadInput, match=r"schedule\.past"),
    ):
        scheduling.schedule(issue, MONDAY - A_MINUTE, "minji")


@pytest.mark.django_db(transaction=True)
def test_the_reconciler_is_who_looks(issue):
    with time_machine.travel(MONDAY, tick=False):
        reconcile()
    assert Issue.objects.get().state == IssueState.SENDING


@pytest.mark.parametrize("text", ["2026-01-12 08:00", "2026-01-12T08:00", " 2026-01-12 08:00 "])
def test_a_time_is_read_as_the_clocks_of_seoul_show_it(text):
    assert scheduling.parse_moment(text) == datetime(2026, 1, 11, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("내일 아침", "schedule.invalid"),
        ("2026-01-12", "schedule.invalid"),
        ("2026-01-12 08:00:00", "schedule.invalid"),
        ("2026-02-30 08:00", "schedule.nonexistent_time"),
        ("2026-01-12 24:30", "schedule.nonexistent_time"),
        ("0001-01-01 00:00", "schedule.nonexistent_time"),
    ],
)
def test_what_is_no_time_is_refused(text, code):
    with pytest.raises(BadInput, match=code):
        scheduling.parse_moment(text)


def test_an_hour_that_a_clock_skips_is_no_time():
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(BadInput, match="nonexistent_time"):
        scheduling.parse_moment("2026-03-29 02:30", berlin)
    assert scheduling.parse_moment("2026-03-29 03:30", berlin).hour == 1


def test_one_that_cannot_begin_is_held_and_the_editors_are_told_once(issue, settings):
    """As after a step back to an older version, which cannot read what a later one froze."""
    settings.EDITOR_ADDRESSES = ["minji@example.com"]
    Revision.objects.update(content={"from": "a later version"})
    assert at(MONDAY) == IssueState.APPROVED
    found = Issue.objects.get()
    assert "시작할 수 없습니다" in found.send_held
    assert found.started_at is None
    with time_machine.travel(MONDAY + A_MINUTE, tick=False):
        reconcile()
    assert Issue.objects.get().state == IssueState.APPROVED
    assert Notice.objects.filter(kind="editor").count() == 1
