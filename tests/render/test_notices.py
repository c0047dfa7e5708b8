import pytest

from newsletter.common.cadence import Language
from newsletter.common.errors import NotFound
from newsletter.render.compile import NOTICES, compile_notice
from newsletter.render.mail import PersonalValues
from newsletter.render.personalize import personalize
from tests.render.page import Page

CONTEXT = {
    "confirm": {"confirm_url": "https://news.example.org/c/3k.token/?a=1&b=2"},
    "welcome": {
        "issue_title": "이번 주의 주요 ML 논문",
        "issue_url": "https://news.example.org/issues/2026-01-05-weekly/",
    },
    "step_down": {},
    "goodbye": {},
    "new_link": {},
    "new_address": {"confirm_url": "https://news.example.org/c/3k.token/?a=1&b=2"},
    "address_changed": {},
    "editor": {"title": "발송이 멈추었습니다", "body": "- 오류 51건\n- **확인**해 주세요"},
}


def test_every_notice_has_a_test_here():
    assert set(CONTEXT) == NOTICES


@pytest.mark.parametrize("kind", sorted(NOTICES))
@pytest.mark.parametrize("language", Language)
def test_a_notice_has_three_parts_and_says_who_sends_it(site, kind, language):
    mail = compile_notice(kind, language, site, CONTEXT[kind])
    assert mail.subject
    assert "\n" not in mail.subject
    for part in (mail.html, mail.text):
        assert site.name in part
        assert site.mail_from in part
        assert site.postal_address in part
    assert len(mail.html.encode()) < 15_000


def test_a_confirmation_leads_to_its_button_and_promises_no_more_mail(site):
    mail = compile_notice("confirm", Language.KOREAN, site, CONTEXT["confirm"])
    assert mail.subject == "오늘의 ML 논문 구독을 확인해 주세요"
    assert CONTEXT["confirm"]["confirm_url"] in Page(mail.html).links
    assert CONTEXT["confirm"]["confirm_url"] in mail.text
    assert "이 메일을 무시해 주세요" in mail.text
    assert mail.tokens.unsubscribe not in mail.html + mail.text


def test_a_welcome_shows_the_preferences_and_the_way_out(site):
    mail = compile_notice("welcome", Language.ENGLISH, site, {})
    letter = personalize(mail, PersonalValues("", "3k.u", "3k.p"))
    for part in (letter.html, letter.text):
        assert f"{site.base_url}/p/3k.p" in part
        assert f"{site.base_url}/u/3k.u" in part
        assert f"{site.base_url}/issues/" in part


def test_a_welcome_names_the_newest_issue_where_there_is_one(site):
    mail = compile_notice("welcome", Language.KOREAN, site, CONTEXT["welcome"])
    page = Page(mail.html)
    assert page.links.count(CONTEXT["welcome"]["issue_url"]) == 2
    assert CONTEXT["welcome"]["issue_title"] in page.words
    assert CONTEXT["welcome"]["issue_title"] in mail.text
    assert CONTEXT["welcome"]["issue_url"] in mail.text
    assert "최신 호:" not in compile_notice("welcome", Language.KOREAN, site, {}).text


@pytest.mark.parametrize("kind", ["step_down", "new_link"])
def test_a_reader_who_stays_gets_the_preferences_and_the_way_out(site, kind):
    letter = personalize(
        compile_notice(kind, Language.KOREAN, site, {}), PersonalValues("", "3k.u", "3k.p")
    )
    for part in (letter.html, letter.text):
        assert f"{site.base_url}/p/3k.p" in part
        assert f"{site.base_url}/u/3k.u" in part


def test_stepping_down_says_what_still_comes(site):
    mail = compile_notice("step_down", Language.KOREAN, site, {})
    assert mail.subject == "이제 Weekly만 보내 드립니다"
    assert "Weekly(주간)를 월요일에 보내 드립니다" in mail.text


def test_a_new_address_is_asked_and_the_old_one_is_told(site):
    asked = compile_notice("new_address", Language.KOREAN, site, CONTEXT["new_address"])
    assert CONTEXT["new_address"]["confirm_url"] in Page(asked.html).links
    assert CONTEXT["new_address"]["confirm_url"] in asked.text
    told = compile_notice("address_changed", Language.KOREAN, site, {})
    assert "새 주소로 보내 드립니다" in told.text
    for mail in (asked, told):
        assert mail.tokens.unsubscribe not in mail.html + mail.text


def test_a_goodbye_says_that_it_is_done(site):
    korean = compile_notice("goodbye", Language.KOREAN, site, {})
    english = compile_notice("goodbye", Language.ENGLISH, site, {})
    assert "이제 오늘의 ML 논문 메일을 보내지 않습니다." in korean.text
    assert "You will get no more mail" in english.text


def test_editors_get_their_message_formatted(site):
    mail = compile_notice("editor", Language.KOREAN, site, CONTEXT["editor"])
    assert mail.subject == "[오늘의 ML 논문] 발송이 멈추었습니다"
    assert "<strong>확인</strong>" in mail.html
    assert "• 오류 51건" in mail.text
    assert f"{site.base_url}/desk/" in Page(mail.html).links


def test_both_languages_get_the_korean_notice(site):
    assert "구독이 확인되었습니다" in compile_notice("welcome", Language.BOTH, site, {}).text


def test_a_notice_that_does_not_exist_is_refused(site):
    with pytest.raises(NotFound):
        compile_notice("top5", Language.KOREAN, site, {})


def test_a_welcome_lists_the_best_papers_of_that_issue(site):
    papers = ["첫 논문 <b>하나</b>", "둘째 논문"]
    context = {**CONTEXT["welcome"], "issue_papers": "\n".join(papers)}
    mail = compile_notice("welcome", Language.KOREAN, site, context)
    for title in papers:
        assert title in Page(mail.html).words
        assert f"• {title}" in mail.text
