"""Letters in doubt, letters refused, and how an issue fared."""

import pytest

from newsletter.common.cadence import Cadence
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.factories import a_weekly
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(editor) -> Issue:
    """A send with one letter taken, one in doubt and one refused."""
    found = a_weekly()
    for address in ("ara@naver.com", "bora@gmail.com", "chan@example.com"):
        a_reader(address, Cadence.WEEKLY)
    editor.post(f"/desk/issues/{found.slug}/approve/")
    editor.post(f"/desk/issues/{found.slug}/send/", {"typed": found.slug})
    ends = (DeliveryStatus.ACCEPTED, DeliveryStatus.UNCERTAIN, DeliveryStatus.REJECTED)
    for row, status in zip(Delivery.objects.filter(issue=found), ends, strict=True):
        Delivery.objects.filter(pk=row.pk).update(status=status)
    found.refresh_from_db()
    return found


def desk(issue, rest):
    return f"/desk/issues/{issue.slug}/{rest}"


def statuses(issue):
    return sorted(Delivery.objects.filter(issue=issue).values_list("status", flat=True))


def test_letters_in_doubt_are_shown_with_both_choices(editor, issue):
    for page in ("progress/", "recipients/?status=uncertain"):
        told = editor.get(desk(issue, page)).text
        assert "다시 보내기(중복될 수 있음)" in told
        assert "그대로 두기" in told
    assert "bora@gmail.com" in editor.get(desk(issue, "recipients/?status=uncertain")).text


def test_they_can_be_sent_again(editor, issue):
    page = editor.post(desk(issue, "uncertain/retry/"), {"typed": issue.slug}, follow=True).text
    assert "메일 1통을 다시 대기열에" in page
    assert statuses(issue) == ["accepted", "queued", "rejected"]


@pytest.mark.parametrize("typed", ["", "yes"])
def test_a_click_alone_sends_nothing_twice(editor, issue, typed):
    page = editor.post(desk(issue, "uncertain/retry/"), {"typed": typed}, follow=True).text
    assert "그대로 입력해 주세요" in page
    assert statuses(issue) == ["accepted", "rejected", "uncertain"]


def test_letters_that_were_left_are_not_called_refused(editor, issue):
    refused = Delivery.objects.get(issue=issue, status=DeliveryStatus.REJECTED)
    Delivery.objects.filter(pk=refused.pk).update(reason="rcpt 550 5.1.1")
    editor.post(desk(issue, "uncertain/leave/"))
    numbers = editor.get(desk(issue, "progress/")).text
    assert "<dt>거절됨</dt><dd>1</dd>" in numbers
    assert "<dt>그대로 둠</dt><dd>1</dd>" in numbers
    people = editor.get(desk(issue, "recipients/")).text
    assert "<strong>그대로 둠</strong>" in people
    assert "minji 님이 그대로 둠" in people


def test_they_can_be_left_and_then_the_issue_is_sent(editor, issue):
    page = editor.post(desk(issue, "uncertain/leave/"), follow=True).text
    assert "메일 1통을 그대로" in page
    assert statuses(issue) == ["accepted", "rejected", "rejected"]
    assert "left by minji" in Delivery.objects.values_list("reason", flat=True)
    assert "발송 완료" in page


def test_where_nothing_is_in_doubt_nothing_is_asked(editor, issue):
    Delivery.objects.update(status=DeliveryStatus.ACCEPTED)
    told = editor.get(desk(issue, "progress/")).text
    assert "다시 보내기" not in told


def test_refused_letters_can_be_tried_again(editor, issue):
    assert "거절된 메일 다시 보내기" in editor.get(desk(issue, "progress/")).text
    editor.post(desk(issue, "rejected/retry/"))
    assert statuses(issue) == ["accepted", "queued", "uncertain"]


@pytest.mark.parametrize("deed", ["uncertain/retry/", "rejected/retry/"])
def test_nothing_of_a_cancelled_issue_is_sent_again(editor, issue, deed):
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.CANCELLED)
    page = editor.post(desk(issue, deed), {"typed": issue.slug}, follow=True).text
    assert "발송 중이거나 발송된 호의 편지만 다시 보낼 수 있습니다" in page
    assert "queued" not in statuses(issue)


@pytest.mark.parametrize("deed", ["uncertain/retry/", "uncertain/leave/", "rejected/retry/"])
def test_looking_decides_nothing(editor, issue, deed):
    before = statuses(issue)
    assert editor.get(desk(issue, deed)).status_code == 405
    assert statuses(issue) == before


def test_the_report_tells_each_mailbox_provider(editor, issue):
    Delivery.objects.update(status=DeliveryStatus.ACCEPTED)
    page = editor.get(desk(issue, "report/")).text
    for provider in ("전체", "Naver", "Gmail", "그 밖"):
        assert f'<th scope="row">{provider}</th>' in page


def test_an_issue_that_has_not_left_has_no_report(editor):
    draft = a_weekly()
    assert editor.get(desk(draft, "report/")).headers["Location"] == desk(draft, "")
