"""What stands between a draft and its readers, as an editor meets it."""

from datetime import date

import pytest

from newsletter.collect.digests.digest import Link, Section
from newsletter.issues.assemble import assemble
from newsletter.issues.states import IssueState
from tests.commands.run import newsletter
from tests.factories import a_weekly, a_weekly_post, an_entry, five_papers, listed, the_week

pytestmark = pytest.mark.django_db

ENGLISH = Section("Abstract", "en", "A method that nobody has put into Korean yet.")


def desk(issue, rest=""):
    return f"/desk/issues/{issue.slug}/{rest}"


def approve(editor, issue, **form):
    page = editor.post(desk(issue, "approve/"), form, follow=True).text
    issue.refresh_from_db()
    return page


@pytest.fixture
def thin():
    listed(an_entry("2601.00001", "One"))
    return assemble(the_week()).issue


@pytest.fixture
def untranslated():
    listed(*[an_entry(f"2601.0000{n}", f"Paper {n}", sections=(ENGLISH,)) for n in range(5)])
    return assemble(the_week()).issue


def test_warnings_ask_for_a_mark_that_they_were_read(editor, thin):
    page = editor.get(desk(thin)).text
    assert 'name="read"' in page
    assert "읽었다고 표시해 주세요" in approve(editor, thin)
    assert thin.state == IssueState.DRAFT


def test_the_desk_shows_who_read_what(editor, thin):
    page = approve(editor, thin, read="1")
    assert thin.state == IssueState.APPROVED
    assert "minji 님이 다음을 읽고 승인했습니다: issue.few_papers" in page


def test_where_there_is_no_warning_nothing_is_to_be_marked(editor):
    page = editor.get(desk(a_weekly())).text
    assert 'name="read"' not in page
    assert 'name="reason"' not in page


def test_an_error_is_lifted_with_a_reason_that_the_desk_keeps_showing(editor, untranslated):
    assert "내보낼 수 없습니다" in approve(editor, untranslated, read="1")
    assert 'name="reason"' in editor.get(desk(untranslated)).text
    page = approve(editor, untranslated, read="1", reason="영어 특집호입니다.")
    assert untranslated.state == IssueState.APPROVED
    assert "까닭: 영어 특집호입니다." in page


def test_for_an_empty_issue_no_reason_is_asked(editor):
    issue = a_weekly()
    issue.items.update(hidden=True)
    assert 'name="reason"' not in editor.get(desk(issue)).text


def test_one_bad_address_costs_neither_the_page_nor_the_issue(editor):
    five_papers()
    bad = (Link("코드", "https://[bad"), Link("내부", "http://example.com:abc/"))
    listed(an_entry("2601.00009", "Damaged", links=bad))
    issue = assemble(the_week()).issue
    page = editor.get(desk(issue))
    assert page.status_code == 200
    assert "웹에서 열 수 없는 링크를 뺐습니다" in page.text
    assert newsletter("check", issue.slug).code == 0
    approve(editor, issue, read="1")
    assert issue.state == IssueState.APPROVED


def test_the_desk_shows_how_heavy_each_variant_is(editor):
    page = editor.get(desk(a_weekly())).text
    assert page.count('max="100"') == 3
    assert "메일의 무게: English" in page


LONG = Section("요약", "ko", "아주 긴 글입니다. " * 400)


def test_the_gauge_says_what_gave_way(editor):
    listed(*[an_entry(f"2601.000{n:02}", f"Paper {n}", sections=(LONG,)) for n in range(12)])
    issue = assemble(the_week()).issue
    page = editor.get(desk(issue)).text
    assert "편 접음" in page
    told = newsletter("check", issue.slug).out
    assert "/ 80,000 bytes" in told
    assert told.count("█") > 3
    assert "folded 0" not in told


def test_a_draft_takes_in_what_came_late_at_a_push(editor):
    issue = a_weekly()
    listed(an_entry("2601.07777", "Late"), listed_on=date(2026, 1, 11), source="late")
    page = editor.post(desk(issue, "refresh/"), follow=True).text
    assert "논문 1편이 들어오고 0편이 빠졌습니다" in page
    assert "Late" in page
    assert "최신으로 맞췄습니다" in editor.post(desk(issue, "refresh/"), follow=True).text


def test_an_approved_issue_takes_in_nothing(editor):
    issue = a_weekly()
    approve(editor, issue)
    page = editor.post(desk(issue, "refresh/"), follow=True).text
    assert "먼저 승인을 취소해" in page


def test_the_desk_shows_which_text_was_chosen(editor):
    listed(
        an_entry("2601.00009", "Told", sections=(Section("요약", "ko", "첫 문장입니다. 둘째."),))
    )
    assert "첫 문장입니다." in editor.get(desk(assemble(the_week()).issue)).text


def test_an_editor_corrects_a_korean_title_at_the_desk(editor):
    issue = a_weekly()
    item = issue.items.get(paper__title="Paper Number 5")
    form = {"deed": "title", "title_ko": "다섯째 논문"}
    page = editor.post(desk(issue, f"items/{item.pk}/"), form, follow=True).text
    assert "편집자가 고침" in page
    assert "다섯째 논문" in editor.get(desk(issue, "mail/")).text


def test_an_editor_corrects_the_trends_at_the_desk(editor):
    trends = (Section("동향", "ko", "강화 학습이 많았습니다."),)
    a_weekly_post(an_entry("2601.00009", "Told"), intro=trends)
    issue = a_weekly()
    assert "강화 학습이 많았습니다." in editor.get(desk(issue)).text
    page = editor.post(desk(issue, "intro/"), {"intro": ["확산 모형이 많았습니다."]}, follow=True)
    assert "저장했습니다" in page.text
    assert "확산 모형이 많았습니다." in editor.get(desk(issue, "mail/")).text
