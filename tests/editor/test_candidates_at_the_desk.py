"""An editor sees why a paper is in or not, and takes in what the rule left out."""

import re

import pytest

from newsletter.issues import editing
from newsletter.issues.assemble import assemble, refresh
from newsletter.issues.models import Issue
from newsletter.papers.models import Paper
from tests.factories import ENGLISH, KOREAN, an_entry, listed, the_week

pytestmark = pytest.mark.django_db

LOUD = "2601.00050"


@pytest.fixture
def issue() -> Issue:
    """Three papers told in Korean, and of five told in English the three with most votes."""
    listed(*[an_entry(f"2601.0001{n}", f"Told {n}", sections=(KOREAN,)) for n in range(3)])
    listed(
        *[
            an_entry(f"2601.0005{n}", f"Loud {n}", votes=90 - n, sections=(ENGLISH,))
            for n in range(5)
        ],
        source="loud",
    )
    return assemble(the_week()).issue


def desk(issue, page=""):
    return f"/desk/issues/{issue.slug}/{page}"


def shown(issue):
    return [item.paper.arxiv_id for item in issue.items.select_related("paper")]


def take_in(editor, issue, *papers):
    numbers = [Paper.objects.get(arxiv_id=one).pk for one in papers]
    return editor.post(desk(issue, "take-in/"), {"paper": numbers}, follow=True).text


def test_each_paper_says_what_the_rule_weighed(editor, issue):
    page = editor.get(desk(issue)).text
    assert "한국어 글 · 45점 (추천 수 모름 35 + 소개한 곳 0 + 처음 소개 10)" in page
    assert "영어 글만 · " in page


def test_each_that_was_left_out_says_what_it_lacked(editor, issue):
    page = editor.get(desk(issue)).text
    outside = page[page.index('<details class="outside"') :]
    assert "Loud 4" in outside
    assert "Loud 0" not in outside
    assert "한국어 글이 없습니다" in outside


def test_one_of_them_can_be_taken_in_and_stays_when_the_draft_is_ranked_anew(editor, issue):
    page = take_in(editor, issue, "2601.00054")
    assert "논문 1편을 실었습니다" in page
    assert shown(issue)[-1] == "2601.00054"
    refresh(issue)
    assert shown(issue)[-1] == "2601.00054"


def test_a_paper_that_is_no_candidate_is_refused_with_a_sentence(editor, issue):
    before = shown(issue)
    page = editor.post(desk(issue, "take-in/"), {"paper": "999999"}, follow=True).text
    assert "후보 가운데 그런 논문이 없습니다" in page
    assert shown(issue) == before


def test_pressing_twice_takes_in_once(editor, issue):
    take_in(editor, issue, "2601.00054")
    take_in(editor, issue, "2601.00054")
    assert shown(issue).count("2601.00054") == 1


def test_an_approved_issue_takes_nobody_in(editor, issue):
    editing.approve(issue, "minji", read=True)
    before = shown(issue)
    take_in(editor, issue, "2601.00054")
    assert shown(issue) == before
    assert "outside" not in editor.get(desk(issue)).text


def test_an_issue_without_korean_offers_the_texts_at_hand_as_a_button(editor):
    listed(*[an_entry(f"2601.0005{n}", f"Loud {n}", sections=(ENGLISH,)) for n in range(5)])
    issue = assemble(the_week()).issue
    assert "편 싣기</button>" not in editor.get(desk(issue)).text
    listed(*[an_entry(f"2601.0001{n}", f"Told {n}") for n in range(3)], source="late")
    page = editor.get(desk(issue)).text
    button = re.search(
        r"<form method=\"post\" action=\"([^\"]*)\">[^<]*<input[^>]*><button[^>]*>한국어 글이 있는 논문 3편 싣기",
        page,
    )
    assert button
    editor.post(button[1])
    assert [one for one in shown(issue) if one.startswith("2601.0001")] == [
        "2601.00010", "2601.00011", "2601.00012",
    ]  # fmt: skip


def test_a_finding_of_many_papers_stands_there_once_with_their_number(editor, issue):
    page = editor.get(desk(issue)).text
    assert page.count("한국어 글이 없어 영어로만 나갑니다") == 1
    assert "<strong>3건</strong>" in page


def test_a_paper_says_how_it_is_told_now_and_not_when_it_was_ranked(editor, issue):
    listed(*[an_entry(f"2601.0005{n}", f"Loud {n}") for n in range(3)], source="late")
    page = editor.get(desk(issue)).text
    assert page.count("한국어 글 · ") == 6
    assert "지금 순위로는 실립니다" in page
