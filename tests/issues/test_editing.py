import pytest

from newsletter.collect.digests.digest import Link, Section
from newsletter.common.errors import BadInput, Declined, NotFound, Refused
from newsletter.issues import editing
from newsletter.issues.assemble import refresh
from newsletter.issues.content import IssueContent
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from tests.factories import a_weekly, a_weekly_post, an_entry, listed

pytestmark = pytest.mark.django_db


def titles(issue):
    return [item.title for item in editing.content_of(issue).items]


def test_a_hidden_paper_is_left_out_and_comes_back():
    issue = a_weekly()
    first = issue.items.first()
    editing.set_hidden(first, True)
    assert titles(issue) == [f"Paper Number {n}" for n in (4, 3, 2, 1)]
    editing.set_hidden(first, False)
    assert len(titles(issue)) == 5


def test_a_pinned_paper_goes_to_the_top_and_says_so():
    issue = a_weekly()
    editing.set_pinned(issue.items.last(), True)
    top = editing.content_of(issue).items[0]
    assert top.title == "Paper Number 1"
    assert top.reason_ko.startswith("편집자 고정")


def test_moving_a_paper_makes_room():
    issue = a_weekly()
    editing.move(issue.items.last(), 2)
    assert titles(issue) == [f"Paper Number {n}" for n in (5, 1, 4, 3, 2)]


def test_a_place_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match=r"item\.position"):
        editing.move(a_weekly().items.first(), 6)


def test_an_approved_issue_is_changed_only_after_approval_is_withdrawn():
    issue = a_weekly()
    editing.approve(issue, "지은")
    with pytest.raises(Refused, match=r"issue\.frozen"):
        editing.set_subject(issue, "다른 제목")
    editing.withdraw_approval(issue, "지은")
    editing.set_subject(issue, "다른 제목")
    assert editing.content_of(issue).subject == "다른 제목"


def test_approving_twice_is_refused():
    issue = a_weekly()
    editing.approve(issue, "지은")
    with pytest.raises(Refused, match=r"issue\.wrong_state"):
        editing.approve(issue, "민수")


def test_an_issue_with_an_error_is_not_approved():
    issue = a_weekly()
    for item in issue.items.all():
        editing.set_hidden(item, True)
    with pytest.raises(Refused, match=r"gate\.closed"):
        editing.approve(issue, "지은")
    assert issue.state == IssueState.DRAFT


def test_a_frozen_issue_says_what_it_said_then():
    issue = a_weekly()
    revision = editing.freeze(issue)
    issue.items.all().delete()
    assert len(titles(issue)) == 5
    assert editing.freeze(issue) == revision
    assert IssueContent.from_json(revision.content).content_hash() == revision.content_hash


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("두 줄\n제목", "subject.control_chars"),
        ("=?UTF-8?Q?=0A?=Bcc: x@y", "subject.control_chars"),
        ("", "subject.length"),
        ("가" * 121, "subject.length"),
    ],
)
def test_a_subject_that_no_mail_can_carry_is_refused(subject, code):
    with pytest.raises(BadInput) as refusal:
        editing.set_subject(a_weekly(), subject)
    assert refusal.value.code == code


def test_an_issue_is_found_by_its_name_or_its_number():
    issue = a_weekly()
    assert editing.find("2026-01-05-weekly") == editing.find(str(issue.pk)) == issue
    with pytest.raises(NotFound):
        editing.find("2026-01-12-weekly")


def test_what_is_approved_is_what_leaves_whatever_comes_in_meanwhile():
    issue = a_weekly()
    editing.approve(issue, "지은")
    before = editing.content_of(issue)
    listed(
        an_entry("2601.05245", "Paper Number 5", links=(Link("내부", "http://10.0.0.1/"),)),
        source="late",
    )
    assert editing.content_of(issue) == before == IssueContent.from_json(issue.revision.content)


def test_an_issue_that_was_not_approved_is_not_frozen():
    issue = a_weekly()
    issue.items.update(hidden=True)
    with pytest.raises(Declined):
        editing.approve(issue, "지은")
    assert issue.revision is None
    issue.items.update(hidden=False)
    assert len(titles(issue)) == 5


def test_an_unpinned_paper_goes_back_to_where_its_votes_put_it():
    issue = a_weekly()
    least = issue.items.last()
    editing.set_pinned(least, True)
    editing.set_pinned(least, False)
    assert titles(issue) == [f"Paper Number {n}" for n in (5, 4, 3, 2, 1)]


def test_a_revision_from_before_the_abstracts_keeps_its_hash():
    issue = a_weekly()
    content = editing.content_of(issue).to_json()
    assert "abstract" not in content["items"][0]
    assert IssueContent.from_json(content).to_json() == content


def test_the_abstract_of_arxiv_is_frozen_with_its_paper():
    issue = a_weekly()
    Paper.objects.filter(arxiv_id="2601.05245").update(abstract="We study rewards.")
    assert IssueContent.from_json(editing.freeze(issue).content).items[0].abstract


def test_an_editor_corrects_a_korean_title_and_takes_it_back():
    listed(an_entry("2601.00009", "A Title", title_ko="어색한 제목", votes=99))
    issue = a_weekly()
    item = issue.items.get(paper__arxiv_id="2601.00009")
    editing.set_title_ko(item, " 고친\n제목 ")
    assert editing.content_of(issue).items[0].title_ko == "고친 제목"
    editing.set_title_ko(item, "")
    assert editing.content_of(issue).items[0].title_ko == "어색한 제목"


def test_a_title_is_no_abstract():
    with pytest.raises(BadInput, match=r"item\.title_length"):
        editing.set_title_ko(a_weekly().items.first(), "가" * 301)


@pytest.fixture
def with_trends():
    trends = (Section("동향", "ko", "강화 학습이 많았습니다."), Section("기타", "ko", "끝입니다."))
    a_weekly_post(an_entry("2601.00009", "New"), intro=trends)
    return a_weekly()


def test_an_editor_corrects_the_trends_and_no_later_digest_replaces_them(with_trends):
    editing.set_intro(with_trends, ["강화 학습 연구가 많았습니다.\r\n", "  "])
    told = (
        Section("동향", "ko", "강화 학습 연구가 많았습니다."),
        Section("", "ko", "이 글은 ours 다이제스트에서 썼습니다."),
    )
    assert editing.content_of(with_trends).intro == told
    refresh(with_trends)
    assert editing.content_of(with_trends).intro == told


@pytest.mark.parametrize("texts", [[], ["하나"], ["가" * 5_001, ""]])
def test_texts_that_do_not_fit_the_trends_are_refused(with_trends, texts):
    with pytest.raises(BadInput, match=r"intro\.texts"):
        editing.set_intro(with_trends, texts)


def test_what_is_approved_is_not_corrected_any_more(with_trends):
    editing.approve(with_trends, "지은")
    with pytest.raises(Refused, match=r"issue\.frozen"):
        editing.set_intro(with_trends, ["다른 글", ""])
    with pytest.raises(Refused, match=r"issue\.frozen"):
        editing.set_title_ko(with_trends.items.first(), "다른 제목")
