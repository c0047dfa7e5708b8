"""What the desk shows beside a paper is what the mail says of that paper, and of no other."""

import re

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common import clock
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.papers.models import Paper
from tests.factories import an_entry, listed, the_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    """Three papers, the first without an id, each with a text of its own."""
    ids = (None, "2601.00002", "2601.00001")
    listed(
        *[
            an_entry(
                arxiv_id, f"Paper {n}", votes=9 - n, sections=(Section("요약", "ko", f"글 {n}번."),)
            )
            for n, arxiv_id in enumerate(ids, 1)
        ]
    )
    return assemble(the_week()).issue


def beside(editor, issue, language="ko"):
    """What the desk says of each paper, by its title."""
    page = editor.get(f"/desk/issues/{issue.slug}/?lang={language}").text
    items = page.split('<li id="item-')[1:]
    return {re.search(r"Paper \d", item)[0]: item for item in items}


def withdraw(**paper):
    Paper.objects.filter(**paper).update(withdrawn_at=clock.now())


def test_each_paper_has_its_own_text(editor, issue):
    told = beside(editor, issue)
    assert [f"글 {n}번." in told[f"Paper {n}"] for n in (1, 2, 3)] == [True] * 3


def test_a_withdrawn_paper_takes_no_text_of_another_and_says_why_it_is_not_in_the_mail(
    editor, issue
):
    withdraw(arxiv_id="2601.00002")
    told = beside(editor, issue)
    assert "글 3번." in told["Paper 3"]
    assert "글 " not in told["Paper 2"]
    assert "저자가 철회하여" in told["Paper 2"]
    assert "Its authors withdrew it" in beside(editor, issue, "en")["Paper 2"]


def test_a_paper_withdrawn_after_the_approval_is_still_shown_as_it_was_approved(editor, issue):
    editing.approve(issue, "minji", read=True)
    withdraw(arxiv_id="2601.00002")
    assert "글 2번." in beside(editor, issue)["Paper 2"]


def test_a_paper_whose_id_was_found_after_the_approval_keeps_its_text(editor, issue):
    editing.approve(issue, "minji", read=True)
    Paper.objects.filter(arxiv_id=None).update(arxiv_id="2601.00003")
    assert "글 1번." in beside(editor, issue)["Paper 1"]


def test_it_keeps_its_text_under_another_title_too(editor, issue):
    editing.approve(issue, "minji", read=True)
    own = {"title": "Paper 7, as arXiv Calls It", "title_key": "paper7asarxivcallsit"}
    Paper.objects.filter(arxiv_id=None).update(arxiv_id="2601.00003", **own)
    assert "글 1번." in beside(editor, issue)["Paper 7"]


def test_a_withdrawn_paper_that_was_called_like_another_shows_no_text_of_that(editor, issue):
    listed(an_entry("2601.00002", "Paper 1"), source="mistaken")
    withdraw(arxiv_id="2601.00002")
    assert "글 1번." not in beside(editor, issue)["Paper 2"]
