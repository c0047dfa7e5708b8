import pytest

from newsletter.common.cadence import Cadence
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus, SkipReason
from newsletter.events.kinds import EventKind, fold_all
from newsletter.events.models import DeliveryFate
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers import subscriptions
from tests.factories import a_weekly
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(editor) -> Issue:
    """An approved weekly with three readers."""
    found = a_weekly()
    for name in ("ara", "bora", "chan"):
        a_reader(f"{name}@example.com", Cadence.WEEKLY)
    a_reader("daily@example.com", Cadence.DAILY)
    editor.post(f"/desk/issues/{found.slug}/approve/")
    return found


def desk(issue, rest=""):
    return f"/desk/issues/{issue.slug}/{rest}"


def post(editor, issue, rest, **data):
    page = editor.post(desk(issue, rest), data, follow=True)
    issue.refresh_from_db()
    return page.text


def settle(issue, status, reason=""):
    """Let the provider have answered for one more reader."""
    row = Delivery.objects.filter(issue=issue, status=DeliveryStatus.QUEUED).first()
    Delivery.objects.filter(pk=row.pk).update(status=status, reason=reason)


def progress(editor, issue):
    return editor.get(desk(issue, "progress/")).text


def test_the_send_page_says_how_many_will_get_it(editor, issue):
    assert "독자 3명에게 보낼까요?" in editor.get(desk(issue, "send/")).text


@pytest.mark.parametrize("typed", ["", "yes", "2026-01-05"])
def test_without_the_typed_name_nothing_leaves(editor, issue, typed):
    assert "그대로 입력해 주세요" in post(editor, issue, "send/", typed=typed)
    assert issue.state == IssueState.APPROVED
    assert not Delivery.objects.exists()


def test_the_typed_name_starts_the_send_even_if_the_queue_is_away(editor, issue):
    page = post(editor, issue, "send/", typed=issue.slug)
    assert issue.state == IssueState.SENDING
    assert Delivery.objects.filter(issue=issue).count() == 3
    assert "발송 중" in page
    assert "3통 가운데 0통" in page


def test_a_draft_cannot_be_sent(editor, issue):
    post(editor, issue, "withdraw/")
    post(editor, issue, "send/", typed=issue.slug)
    assert issue.state == IssueState.DRAFT
    assert not Delivery.objects.exists()


def test_sending_twice_is_sending_once(editor, issue):
    for _ in range(2):
        post(editor, issue, "send/", typed=issue.slug)
    assert Delivery.objects.filter(issue=issue).count() == 3


@pytest.mark.parametrize(
    "last", [DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN]
)
def test_the_desk_never_says_sent_while_a_letter_may_still_move(editor, issue, last):
    post(editor, issue, "send/", typed=issue.slug)
    for status in (DeliveryStatus.ACCEPTED, DeliveryStatus.ACCEPTED, last):
        settle(issue, status)
    assert "발송 완료" not in progress(editor, issue)


def test_the_desk_says_sent_when_all_is_settled(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    settle(issue, DeliveryStatus.ACCEPTED)
    settle(issue, DeliveryStatus.SKIPPED, SkipReason.LEFT)
    settle(issue, DeliveryStatus.REJECTED, "550")
    page = progress(editor, issue)
    assert "발송 완료" in page
    assert "그사이 해지 1" in page


def test_the_page_refreshes_itself_without_a_script_while_sending(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    assert '<noscript><meta http-equiv="refresh"' in progress(editor, issue)


def test_pause_and_resume(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    page = post(editor, issue, "pause/")
    assert issue.state == IssueState.PAUSED
    assert "minji 님이 일시 중지함" in page
    post(editor, issue, "resume/")
    assert issue.state == IssueState.SENDING


def test_cancelling_asks_for_the_name_and_keeps_what_has_left(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    settle(issue, DeliveryStatus.ACCEPTED)
    post(editor, issue, "cancel/", typed="no")
    assert issue.state == IssueState.SENDING
    page = post(editor, issue, "cancel/", typed=issue.slug)
    assert issue.state == IssueState.CANCELLED
    statuses = Delivery.objects.filter(issue=issue).values_list("status", flat=True)
    assert sorted(statuses) == ["accepted", "cancelled", "cancelled"]
    assert "취소됨" in page


def test_who_got_it_can_be_seen_and_filtered(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    settle(issue, DeliveryStatus.ACCEPTED)
    everybody = editor.get(desk(issue, "recipients/")).text
    assert all(f"{name}@example.com" in everybody for name in ("ara", "bora", "chan"))
    assert "daily@example.com" not in everybody
    accepted = editor.get(desk(issue, "recipients/?status=accepted")).text
    assert accepted.count("@example.com") == 1


def test_an_erased_reader_is_a_row_without_a_person(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    row = Delivery.objects.filter(issue=issue).first()
    subscriptions.erase(row.subscriber)
    assert "(삭제된 독자)" in editor.get(desk(issue, "recipients/")).text


def test_the_recipients_cost_a_fixed_number_of_queries(
    editor, issue, django_assert_max_num_queries
):
    post(editor, issue, "send/", typed=issue.slug)
    with django_assert_max_num_queries(7):
        editor.get(desk(issue, "recipients/"))


def test_reasons_are_said_in_words_with_the_raw_one_beside(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    settle(issue, DeliveryStatus.REJECTED, "rcpt 550 5.1.1")
    settle(issue, DeliveryStatus.UNCERTAIN, "asked: no answer, closed")
    settle(issue, DeliveryStatus.REJECTED, "a word that nobody knows")
    people = editor.get(desk(issue, "recipients/")).text
    assert "없는 메일함" in people
    assert "rcpt 550 5.1.1" in people
    assert "결정을 기다림: 답이 돌아오지 않음" in people
    assert people.count("a word that nobody knows") == 1


def test_what_became_of_each_letter_is_shown_and_filtered(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    told = ([EventKind.DELIVERED], [EventKind.DELIVERED, EventKind.COMPLAINED], [])
    rows = Delivery.objects.filter(issue=issue).order_by("pk")
    for row, kinds in zip(rows, told, strict=True):
        DeliveryFate.objects.create(delivery=row, facts=fold_all(kinds))
    everybody = editor.get(desk(issue, "recipients/")).text
    assert "<td>도착</td>" in everybody
    assert "<td>스팸 신고됨</td>" in everybody
    angry = editor.get(desk(issue, "recipients/?fate=complained")).text
    assert angry.count("@example.com") == 1
    assert "bora@example.com" in angry
    assert editor.get(desk(issue, "recipients/?fate=hard+bounced")).text.count("@example.com") == 0


def test_a_cancelled_send_shows_how_many_had_left_and_not_that_all_is_done(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    settle(issue, DeliveryStatus.ACCEPTED)
    page = post(editor, issue, "cancel/", typed=issue.slug)
    assert "3통 가운데 1통이 나간 뒤 멈췄습니다" in page
    assert '<progress class="stopped" max="3" value="1"' in page
    assert "100" not in page.partition("<title>")[2].partition("</title>")[0]


def test_the_promises_of_a_send_are_shown_with_what_to_do_where_one_is_broken(editor, issue):
    post(editor, issue, "send/", typed=issue.slug)
    assert "일곱 가지 약속을 모두 지키고 있습니다" in progress(editor, issue)
    settle(issue, DeliveryStatus.ACCEPTED)
    page = progress(editor, issue)
    assert "일곱 가지 약속 가운데 1가지가 깨졌습니다" in page
    assert "손으로 고친" in page


def test_a_sandbox_is_told_on_every_page_of_the_desk(editor, issue, settings):
    assert "샌드박스" not in editor.get("/desk/").text
    settings.MAIL_BACKEND, settings.SENDGRID_SANDBOX = "sendgrid", True
    for page in ("/desk/", desk(issue), desk(issue, "send/")):
        assert "샌드박스" in editor.get(page).text
