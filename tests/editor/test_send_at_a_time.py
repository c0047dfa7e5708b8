from datetime import datetime

import pytest
import time_machine

from newsletter.common.clock import SEOUL
from newsletter.delivery import preflight
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.factories import a_weekly
from tests.readers import a_reader

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 1, 11, 21, 0, tzinfo=SEOUL)
MONDAY = datetime(2026, 1, 12, 8, 0, tzinfo=SEOUL)
NAME = "2026-01-05-weekly"
HERE = f"/desk/issues/{NAME}/"
FORM = {"typed": NAME, "at": "2026-01-12T08:00"}


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(SUNDAY):
        a_reader()
        yield


@pytest.fixture
def approved() -> Issue:
    issue = a_weekly()
    preflight.approve(issue, "minji")
    return issue


@pytest.mark.usefixtures("approved")
def test_an_editor_chooses_when_it_leaves_and_sees_it_wherever_the_issue_is_shown(editor):
    page = editor.post(HERE + "schedule/", FORM, follow=True).text
    assert "2026-01-12 08:00(한국 시각)에 자동으로 발송을 시작합니다" in page
    assert 'value="2026-01-12T08:00"' in page
    assert "2026-01-12 08:00(한국 시각)" in editor.get(HERE).text
    assert "예약 2026-01-12 08:00" in editor.get("/desk/").text
    issue = Issue.objects.get()
    assert (issue.state, issue.send_at, issue.send_by) == (IssueState.APPROVED, MONDAY, "minji")


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"typed": ""}, "호 이름을 그대로 입력해 주세요: 2026-01-05-weekly"),
        ({"at": ""}, "2026-01-12 08:00처럼"),
        ({"at": "2026-01-11T20:59"}, "이미 지난 시각"),
        ({"at": "2026-02-30T08:00"}, "달력이나 시계에 없는"),
    ],
)
def test_what_was_typed_wrongly_sets_no_time(editor, change, told):
    assert told in editor.post(HERE + "schedule/", {**FORM, **change}, follow=True).text
    assert Issue.objects.get().send_at is None


@pytest.mark.usefixtures("approved")
def test_an_editor_takes_the_time_back(editor):
    editor.post(HERE + "schedule/", FORM)
    page = editor.post(HERE + "forget-time/", follow=True).text
    assert "예약을 취소했습니다" in page
    assert Issue.objects.get().send_at is None


def test_why_it_did_not_leave_is_said_where_the_editor_looks(editor, approved):
    Issue.objects.filter(pk=approved.pk).update(send_at=MONDAY, send_held="too late")
    for page in (HERE, HERE + "send/"):
        assert "too late" in editor.get(page).text
    assert "발송 보류" in editor.get("/desk/").text


def test_the_command_line_approves_and_sets_the_time():
    a_weekly()
    ran = newsletter("send", NAME, "--confirm", "--at", "2026-01-12 08:00", "--by", "sora")
    assert (ran.code, "leaves at 2026-01-12 08:00 in Korea" in ran.out) == (0, True)
    issue = Issue.objects.get()
    assert (issue.state, issue.send_at, issue.send_by) == (IssueState.APPROVED, MONDAY, "sora")
    assert newsletter("send", NAME, "--forget-time").code == 0
    assert Issue.objects.get().send_at is None


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-01-11 08:00", "schedule.past"),
        ("내일", "schedule.invalid"),
        ("2026-02-30 08:00", "schedule.nonexistent_time"),
    ],
)
def test_a_time_that_cannot_be_leaves_a_draft_as_it_is(at, code):
    a_weekly()
    ran = newsletter("send", NAME, "--confirm", "--at", at)
    (line,) = ran.err.splitlines()
    assert (ran.code, line.startswith(f"newsletter: {code} [at]: ")) == (2, True)
    assert Issue.objects.get().state == IssueState.DRAFT
