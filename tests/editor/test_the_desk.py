import pytest

from newsletter.collect.digests.digest import Format, Section
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from tests.factories import KOREAN, a_source, a_weekly, an_entry, listed, the_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return a_weekly()


def desk(issue, rest=""):
    return f"/desk/issues/{issue.slug}/{rest}"


def titles(issue):
    return [item.paper.title for item in issue.items.order_by("position")]


def item(issue, title):
    return issue.items.get(paper__title=title)


def do(editor, issue, deed, title, **data):
    path = desk(issue, f"items/{item(issue, title).pk}/")
    return editor.post(path, {"deed": deed, **data}, follow=True).text


def test_an_empty_desk_says_how_to_begin(editor):
    assert "newsletter assemble weekly" in editor.get("/desk/").text


def test_the_desk_lists_issues_with_their_state(editor, issue):
    page = editor.get("/desk/").text
    assert issue.title in page
    assert "초안" in page


def test_an_editor_sees_why_each_paper_is_here(editor, issue):
    page = editor.get(desk(issue)).text
    assert "추천 50 · 1곳에서 소개" in page
    assert "ours 다이제스트" in page
    assert "arXiv 2601.05245" in page


def test_pinning_moves_a_paper_to_the_top_and_says_so(editor, issue):
    page = do(editor, issue, "pin", "Paper Number 2")
    assert titles(issue)[0] == "Paper Number 2"
    assert "편집자 고정" in page
    assert "편집자 고정" not in do(editor, issue, "unpin", "Paper Number 2")


def test_a_hidden_paper_stays_on_the_desk_and_leaves_the_mail(editor, issue):
    page = do(editor, issue, "hide", "Paper Number 5")
    assert "숨김" in page
    assert "Paper Number 5" not in editor.get(desk(issue, "mail/")).text
    do(editor, issue, "show", "Paper Number 5")
    assert "Paper Number 5" in editor.get(desk(issue, "mail/")).text


def test_a_paper_can_be_moved(editor, issue):
    do(editor, issue, "move", "Paper Number 1", position="2")
    assert titles(issue)[:2] == ["Paper Number 5", "Paper Number 1"]


@pytest.mark.parametrize(
    ("deed", "position", "told"),
    [("move", "99", "사이여야 합니다"), ("move", "up", "숫자로"), ("fly", "", "알 수 없는 동작")],
)
def test_what_cannot_be_done_is_explained(editor, issue, deed, position, told):
    before = titles(issue)
    assert told in do(editor, issue, deed, "Paper Number 1", position=position)
    assert titles(issue) == before


def test_the_subject_and_the_style_can_be_changed(editor, issue):
    form = {"subject": "새 제목", "style": "top5"}
    assert "저장했습니다" in editor.post(desk(issue, "change/"), form, follow=True).text
    issue.refresh_from_db()
    assert (issue.subject, issue.style) == ("새 제목", "top5")


@pytest.mark.parametrize("subject", ["", "두\n줄", "=?UTF-8?Q?=0A?=", "가" * 200])
def test_a_subject_that_no_mail_can_have_is_refused(editor, issue, subject):
    before = issue.subject
    page = editor.post(desk(issue, "change/"), {"subject": subject, "style": "top5"}, follow=True)
    assert 'role="alert"' in page.text
    issue.refresh_from_db()
    assert issue.subject == before


def test_where_the_style_is_refused_the_subject_is_not_changed_either(editor, issue):
    form = {"subject": "[호외] 이번 주의 주요 ML 논문", "style": "no-such-style"}
    editor.post(desk(issue, "change/"), form)
    before = issue.subject
    issue.refresh_from_db()
    assert issue.subject == before


def test_findings_are_shown_with_their_remedy(editor):
    listed(an_entry(sections=(), votes=1))
    issue = assemble(the_week()).issue
    page = editor.get(desk(issue)).text
    assert "요약이 없어 제목과 링크만 나갑니다" in page
    assert "다이제스트가 있는지 확인해 주세요" in page


def test_an_error_keeps_the_gate_closed_and_says_why(editor, issue):
    issue.items.update(hidden=True)
    page = editor.post(desk(issue, "approve/"), follow=True).text
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT
    assert "내보낼 수 없습니다" in page


def test_approval_names_its_editor_and_freezes_the_papers(editor, issue):
    editor.post(desk(issue, "approve/"))
    issue.refresh_from_db()
    assert (issue.state, issue.approved_by) == (IssueState.APPROVED, "minji")
    assert "먼저 승인을 취소해" in do(editor, issue, "pin", "Paper Number 1")


def test_approval_can_be_withdrawn(editor, issue):
    editor.post(desk(issue, "approve/"))
    editor.post(desk(issue, "withdraw/"))
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT
    assert "맨 위에 고정" in editor.get(desk(issue)).text


@pytest.mark.parametrize("language", ["ko", "en", "both"])
def test_the_preview_frames_the_mail_in_each_language(editor, issue, language):
    page = editor.get(desk(issue, f"preview/?mail={language}&width=phone")).text
    assert f"mail/?mail={language}" in page
    mail = editor.get(desk(issue, f"mail/?mail={language}"))
    assert "Paper Number 5" in mail.text
    assert "sandbox" in mail.headers["Content-Security-Policy"]


def test_the_text_part_can_be_seen_too(editor, issue):
    page = editor.get(desk(issue, "preview/?text=1")).text
    assert "Paper Number 5" in page
    assert "<iframe" not in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "1개에서 10개까지"), ("nobody", "이메일 주소를 다시 확인"), ("a@b.kr " * 11, "10개까지")],
)
def test_a_preview_to_nobody_is_refused(editor, issue, typed, told):
    page = editor.post(
        desk(issue, "preview-send/"), {"addresses": typed, "mail": "ko"}, follow=True
    )
    assert told in page.text


def test_an_issue_that_does_not_exist_is_a_kind_404(editor):
    page = editor.get("/desk/issues/2001-01-01-weekly/")
    assert page.status_code == 404
    assert "페이지를 찾을 수 없습니다" in page.text


def test_the_desk_speaks_english_too(editor, issue):
    page = editor.get(desk(issue, "?lang=en")).text
    assert "Next step" in page
    assert "introduced by 1 digest" in page


OTHER = Section("소개", "ko", "다른 다이제스트가 쓴 소개 글입니다.")


@pytest.fixture
def told_twice() -> Issue:
    """A paper that two digests wrote about, and a third whose words may not be mailed."""
    a_source("closed", may_be_mailed=False)
    listed(an_entry(votes=3), source="ours")
    listed(an_entry(sections=(OTHER,)), source="wtp", digest_format=Format.WTP)
    listed(an_entry(), source="closed", digest_format=Format.IMRLC)
    return assemble(the_week()).issue


def test_an_editor_chooses_which_digest_speaks_for_a_paper(editor, told_twice):
    mail = editor.get(desk(told_twice, "mail/")).text
    assert KOREAN.text in mail
    page = do(editor, told_twice, "speak", "A Paper on Rewards", speaker="wtp")
    assert '<option value="wtp" selected>' in page
    assert OTHER.text in editor.get(desk(told_twice, "mail/")).text
    do(editor, told_twice, "speak", "A Paper on Rewards", speaker="")
    assert KOREAN.text in editor.get(desk(told_twice, "mail/")).text


def test_only_words_that_may_be_mailed_are_offered(editor, told_twice):
    page = editor.get(desk(told_twice)).text
    assert '<option value="ours"' in page
    assert '<option value="closed"' not in page


def test_where_one_digest_spoke_there_is_nothing_to_choose(editor, issue):
    assert 'name="speaker"' not in editor.get(desk(issue)).text


def test_a_source_that_said_nothing_cannot_speak(editor, told_twice):
    page = do(editor, told_twice, "speak", "A Paper on Rewards", speaker="nobody")
    assert "소개하지 않았습니다" in page


def test_what_the_gate_finds_is_never_out_of_date(editor, issue):
    """Findings are remembered, but not past a change of the papers or of what is around them."""
    assert "발견된 문제가 없습니다" in editor.get(desk(issue)).text
    Paper.objects.filter(arxiv_id="2601.05245").update(withdrawn_at=issue.window_end)
    assert "철회" in editor.get(desk(issue)).text
    do(editor, issue, "hide", "Paper Number 5")
    for number in (4, 3, 2, 1):
        do(editor, issue, "hide", f"Paper Number {number}")
    assert "오류" in editor.get(desk(issue)).text


def test_the_desk_page_costs_the_same_however_many_papers_it_has(
    editor, issue, django_assert_max_num_queries
):
    editor.get(desk(issue))
    with django_assert_max_num_queries(33):
        editor.get(desk(issue))
