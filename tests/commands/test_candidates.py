"""``newsletter candidates``, and what ``newsletter check`` says of many papers at once."""

import json

import pytest

from newsletter.issues.assemble import assemble
from tests.commands.run import newsletter
from tests.factories import ENGLISH, an_entry, listed, the_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def slug() -> str:
    listed(an_entry("2601.00010", "Told"))
    listed(
        *[
            an_entry(f"2601.0005{n}", f"Loud {n}", votes=9 - n, sections=(ENGLISH,))
            for n in range(3)
        ],
        source="loud",
    )
    return assemble(the_week()).issue.slug


def test_it_says_why_each_paper_is_in_and_what_the_others_lacked(slug):
    told = newsletter("candidates", slug).out
    assert "  1. Told [2601.00010]\n     한국어 글 · 45점" in told
    assert "  2. Loud 0 [2601.00050]" in told
    assert "   - Loud 1 [2601.00051]" in told
    assert "→ 한국어 글이 없습니다. / Nobody told it in Korean." in told


def test_each_is_one_json_object(slug):
    rows = [json.loads(line) for line in newsletter("candidates", slug, "--json").out.splitlines()]
    assert [(row["place"], row["paper"]) for row in rows] == [
        (1, "2601.00010"),
        (2, "2601.00050"),
        (None, "2601.00051"),
        (None, "2601.00052"),
    ]
    assert rows[0]["lacked"] is None
    assert rows[3]["lacked"]["en"] == "Nobody told it in Korean."


def test_one_can_be_taken_in_by_its_arxiv_id(slug):
    ran = newsletter("candidates", slug, "--take-in", "2601.00052")
    assert ran.code == 0
    assert "  3. Loud 2 [2601.00052]" in ran.out


def test_one_can_be_called_by_an_address_with_a_version(slug):
    ran = newsletter("candidates", slug, "--take-in", "https://arxiv.org/abs/2601.00052v2")
    assert "  3. Loud 2 [2601.00052]" in ran.out


def test_one_that_is_none_is_refused_and_nothing_is_taken_in(slug):
    ran = newsletter("candidates", slug, "--take-in", "2601.00052", "--take-in", "2601.99999")
    assert ran.code == 2
    assert "candidate.unknown" in ran.err
    assert "2601.99999" in ran.err
    assert "  3." not in newsletter("candidates", slug).out


def test_what_repeats_for_many_papers_is_told_once_with_its_number():
    listed(*[an_entry(f"2601.0001{n}", f"Bare {n}", sections=()) for n in range(6)])
    ran = newsletter("check", assemble(the_week()).issue.slug)
    assert ran.code == 1
    assert ran.out.count("item.no_text") == 1
    assert "item.no_text ×6 [2601.00010, 2601.00011," in ran.out
    assert ran.out.index("issue.no_text") < ran.out.index("item.no_text")
