"""What became of the previews that an editor sent stands on the issue's page."""

import pytest

from newsletter.delivery import notices
from newsletter.delivery.backends.base import PermanentSendError
from newsletter.delivery.models import Notice
from tests.delivery.given import Mailbox
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db

HERE = "/desk/issues/2026-01-05-weekly/"


def show_to(editor, addresses):
    return editor.post(
        HERE + "preview-send/", {"addresses": addresses, "mail": "en"}, follow=True
    ).text


def test_a_preview_waits_in_the_database_whatever_becomes_of_the_queue(editor):
    issue = a_weekly()
    page = show_to(editor, "minji@example.com, sora@example.com")
    assert "sora@example.com · English" in page
    assert '<span class="tag queued">대기</span>' in page
    assert {one.address for one in notices.previews_of(issue, 5)} == {
        "minji@example.com",
        "sora@example.com",
    }


def test_each_preview_tells_how_it_ended(editor):
    issue, way = a_weekly(), Mailbox()
    show_to(editor, "minji@example.com, sora@example.com")
    way.answers = {1: PermanentSendError("rcpt 550")}
    for one in notices.previews_of(issue, 5):
        notices.deliver(one.pk, way)
    page = editor.get(HERE).text
    assert '<span class="tag accepted">전달됨</span>' in page
    assert '<span class="tag rejected">거절됨</span> rcpt 550' in page


def test_the_last_five_are_shown_and_those_of_other_issues_are_not(editor):
    issue = a_weekly()
    for number in range(7):
        show_to(editor, f"a{number}@example.com")
    Notice.objects.filter(address="a6@example.com").update(issue=None)
    page = editor.get(HERE).text
    assert [f"a{n}@example.com · " in page for n in range(7)] == [False] + [True] * 5 + [False]
    assert issue.state == "draft"
