"""What an editor typed is kept, and every page of the desk leads on at the desk."""

import pytest
from django.test import Client

from newsletter.common import clock
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db

HERE = "/desk/issues/2026-01-05-weekly/"


def test_a_wrong_address_of_a_preview_is_named_and_none_must_be_typed_again(editor):
    a_weekly()
    typed = "minji@example.com, sora@"
    page = editor.post(HERE + "preview-send/", {"addresses": typed}, follow=True).text
    assert "sora@: 이메일 주소를 다시 확인해 주세요" in page
    assert f'value="{typed}"' in page


def test_beside_the_preview_is_the_way_to_the_built_in_inbox(editor, settings):
    a_weekly()
    assert 'href="/inbox/"' in editor.get(HERE).text
    settings.MAIL_BACKEND = "smtp"
    assert 'href="/inbox/"' not in editor.get(HERE).text


def test_papers_are_numbered_as_readers_will_see_them(editor):
    issue = a_weekly()
    issue.items.filter(position=2).update(hidden=True)
    page = editor.get(HERE).text
    assert [n for n in range(1, 7) if f'<span class="rank">{n}</span>' in page] == [1, 2, 3, 4]
    assert "숨긴 논문 1편" in page


def test_a_paper_that_was_withdrawn_has_no_number_on_the_desk_either(editor):
    a_weekly()
    Paper.objects.filter(arxiv_id="2601.05245").update(withdrawn_at=clock.now())
    page = editor.get(HERE).text
    assert [n for n in range(1, 7) if f'<span class="rank">{n}</span>' in page] == [1, 2, 3, 4]


def test_a_page_that_is_not_there_leads_back_to_the_desk(editor):
    page = editor.get("/desk/issues/nothing/")
    assert (page.status_code, "편집 데스크로" in page.text) == (404, True)
    assert "편집 데스크로" not in editor.get("/nothing/").text


def test_a_form_without_its_cookie_leads_back_to_the_desk(minji):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "ko"})
    strict.force_login(minji)
    page = strict.post(HERE + "approve/")
    assert (page.status_code, "편집 데스크로" in page.text) == (403, True)


def test_a_refusal_names_the_state_in_the_language_of_the_page(editor):
    issue = a_weekly()
    issue.state = IssueState.CANCELLED
    issue.save()
    told = editor.post(HERE + "withdraw/", follow=True).text
    assert "지금 상태(취소됨)에서는" in told


def test_a_place_no_list_has_is_refused(editor):
    item = a_weekly().items.first()
    page = editor.post(
        f"{HERE}items/{item.pk}/", {"deed": "move", "position": "9" * 5000}, follow=True
    )
    assert "자리는 숫자로" in page.text
