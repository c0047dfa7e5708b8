"""What an issue could hold: how each paper can be told, and which of its votes can be trusted."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.collect.digests.digest import Format, Section
from newsletter.collect.digests.problems import Problem
from newsletter.common.clock import SEOUL
from newsletter.issues import editing
from newsletter.issues.assemble import assemble, refresh
from newsletter.issues.candidates import candidates
from newsletter.issues.editing import findings
from newsletter.issues.ranking import Told, Withheld
from newsletter.papers.models import Paper
from tests.factories import (
    ENGLISH,
    FRIDAY,
    KOREAN,
    a_source,
    an_entry,
    five_papers,
    listed,
    the_week,
)

pytestmark = pytest.mark.django_db

FAILED = Section("요약", "ko", "번역 실패")
MISLABELLED = Section("요약", "ko", "It keeps the rewards apart while the policy is trained on.")
ZEROS = (Problem.ALL_VOTES_ZERO.at(),)


def the_only_candidate():
    (candidate,) = candidates(the_week())
    return candidate


def shown(issue):
    return [item.paper.arxiv_id for item in issue.items.select_related("paper")]


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ((KOREAN, ENGLISH), Told.KOREAN),
        ((ENGLISH,), Told.ENGLISH),
        ((), Told.NOT),
        ((MISLABELLED,), Told.ENGLISH),
        ((Section("", "ko", "그림: https://example.org/a.png"),), Told.NOT),
    ],
)
def test_a_paper_is_told_in_korean_where_a_digest_wrote_korean(sections, told):
    listed(an_entry(sections=sections))
    assert the_only_candidate().told is told


def test_a_korean_text_that_is_an_error_sentence_tells_nothing():
    listed(an_entry(sections=(FAILED,)))
    assert (the_only_candidate().told, the_only_candidate().withheld) == (
        Told.NOT,
        Withheld.FAILED,
    )
    listed(an_entry(sections=(ENGLISH,)), source="another")
    assert (the_only_candidate().told, the_only_candidate().withheld) == (
        Told.ENGLISH,
        Withheld.NOTHING,
    )


def test_a_korean_text_that_may_not_be_mailed_is_no_telling_and_is_named():
    a_source("closed", may_be_mailed=False)
    listed(an_entry(), source="closed")
    assert the_only_candidate().told is Told.NOT
    assert the_only_candidate().withheld is not Withheld.NOTHING


def test_the_abstract_that_arxiv_gives_away_is_told_in_english():
    listed(an_entry(sections=()))
    Paper.objects.update(abstract="We keep rewards apart.")
    assert the_only_candidate().told is Told.ENGLISH


def test_a_paper_that_a_digest_introduced_in_an_earlier_week_is_not_new():
    listed(an_entry(), listed_on=FRIDAY - timedelta(days=7), source="early")
    listed(an_entry(), an_entry("2601.00001", "New"))
    assert {one.key: one.fresh for one in candidates(the_week())} == {
        "2601.05242": False,
        "2601.00001": True,
    }


def test_zeros_whose_import_called_them_failed_rank_nobody_last_and_the_editor_is_told():
    """A collector that lost its counter once put the week's best paper at the end."""
    listed(
        an_entry("2601.00001", "Lost count", votes=0),
        an_entry("2601.00002", "Lost too", votes=0),
        source="broken",
        findings=ZEROS,
    )
    listed(an_entry("2601.00003", "Counted", votes=3), an_entry("2601.00004", "Liked", votes=90))
    issue = assemble(the_week()).issue
    assert shown(issue) == ["2601.00004", "2601.00001", "2601.00002", "2601.00003"]
    assert issue.items.get(paper__arxiv_id="2601.00001").votes is None
    told = [one for one in findings(issue) if one.code == "issue.votes_failed"]
    assert [one.place for one in told] == ["broken 다이제스트"]


def test_other_doubts_of_an_import_are_told_with_their_source():
    doubts = (Problem.IDS_DIFFER.at(3), Problem.IDS_DIFFER.at(9), Problem.NO_SECTIONS.at(9))
    listed(an_entry(), findings=doubts)
    told = [one for one in findings(assemble(the_week()).issue) if "import" in one.code]
    assert [(one.place, one.severity) for one in told] == [
        ("ours 다이제스트 · digest.ids_differ", "notice")
    ]
    assert "2건" in told[0].ko


def test_where_counting_failed_the_count_before_it_stands():
    before = datetime(2026, 1, 8, 9, tzinfo=SEOUL)
    listed(an_entry(votes=40), an_entry("2601.00001", "B", votes=20), observed_at=before)
    listed(
        an_entry(votes=0),
        an_entry("2601.00001", "B", votes=0),
        observed_at=before + timedelta(days=1),
        findings=ZEROS,
    )
    assert [one.votes for one in candidates(the_week())] == [40, 20]


def test_true_zeros_are_counted():
    listed(an_entry(votes=0), an_entry("2601.00001", "B", votes=20))
    assert sorted(one.votes for one in candidates(the_week())) == [0, 20]


def test_the_forums_own_digest_and_what_was_derived_from_it_are_one_voice():
    listed(an_entry(), digest_format=Format.PYTORCHKR_WEEKLY, source="forum")
    listed(an_entry(), digest_format="pytorchkr-derived", source="derived")
    listed(an_entry(), source="another")
    assert the_only_candidate().source_count == 2


def test_ten_papers_are_told_in_korean_where_ten_can_be_however_popular_others_are():
    """42 of 127 real weeks were stopped as not Korean, with up to 53 Korean texts at hand."""
    listed(
        *[
            an_entry(f"2601.010{n:02}", f"Loud {n}", votes=900 + n, sections=(ENGLISH,))
            for n in range(15)
        ]
    )
    listed(*[an_entry(f"2601.020{n:02}", f"Told {n}", votes=n) for n in range(12)], source="korean")
    issue = assemble(the_week()).issue
    assert len(shown(issue)) == 10
    assert all(one.startswith("2601.02") for one in shown(issue))
    told = {one.code: one for one in findings(issue)}
    assert told["issue.most_voted_out"].en.endswith("Loud 14")
    assert not [code for code, one in told.items() if one.severity == "error"]


def test_a_draft_trades_what_it_holds_for_korean_texts_that_come_late():
    listed(
        *[
            an_entry(f"2601.010{n:02}", f"Loud {n}", votes=50, sections=(ENGLISH,))
            for n in range(10)
        ]
    )
    issue = assemble(the_week()).issue
    listed(*[an_entry(f"2601.020{n:02}", f"Told {n}") for n in range(6)], source="korean")
    assert refresh(issue).added == 6
    assert [one[:7] for one in shown(issue)] == ["2601.02"] * 6 + ["2601.01"] * 4


def test_the_number_of_statements_does_not_depend_on_the_number_of_papers():
    def statements():
        with CaptureQueriesContext(connection) as asked:
            candidates(the_week())
        return len(asked)

    listed(an_entry(votes=3))
    few = statements()
    five_papers()
    assert statements() == few


def test_a_source_that_listed_nothing_this_week_still_counts_on_its_scale():
    monday = FRIDAY - timedelta(days=4)
    listed(
        an_entry("2601.00001", "Popular", votes=500),
        listed_on=FRIDAY - timedelta(days=7),
        observed_at=datetime(2026, 1, 5, 9, tzinfo=SEOUL),
        digest_format=Format.HF_RANKING,
        source="ranking",
    )
    listed(
        an_entry("2601.00001", "Popular"),
        listed_on=monday,
        source="notes",
        digest_format=Format.IMRLC,
    )
    listed(an_entry("2601.00002", "Quiet", votes=3), an_entry("2601.00003", "Quieter", votes=2))
    standing = {one.key: one.standing for one in candidates(the_week())}
    assert standing["2601.00001"] > standing["2601.00002"] > standing["2601.00003"]


def test_what_was_withdrawn_or_hidden_takes_nobody_s_room():
    listed(*[an_entry(f"2601.0000{n}", f"Told {n}") for n in range(3)])
    listed(
        *[an_entry(f"2601.0010{n}", f"Loud {n}", sections=(ENGLISH,)) for n in range(6)],
        source="loud",
    )
    issue = assemble(the_week()).issue
    Paper.objects.filter(arxiv_id="2601.00000").update(
        withdrawn_at=datetime(2026, 1, 9, tzinfo=SEOUL)
    )
    editing.set_hidden(issue.items.get(paper__arxiv_id="2601.00001"), True)
    refresh(issue)
    left = [item.arxiv_id for item in editing.content_of(issue).items]
    assert left == ["2601.00002", "2601.00100"]
    assert not [one for one in editing.findings(issue) if one.severity == "error"]


def test_an_error_sentence_that_names_the_title_does_not_vouch_for_a_text_about_another_paper():
    title = "Quantum Chemistry Energies for Small Molecules"
    failed = Section("요약", "ko", f"죄송합니다. {title} 논문을 열 수 없습니다.")
    stray = Section(
        "핵심", "ko",
        "새로운 합성곱 신경망을 제안합니다. 여러 갈래의 필터로 사진을 더 정확하게 분류하며, 공개된 자료에서 오류가 적었습니다.",
    )  # fmt: skip
    listed(an_entry(title=title, sections=(failed, stray)))
    assert the_only_candidate().withheld is Withheld.STRAY


def test_a_text_that_is_called_korean_and_is_not_gives_way_to_one_that_is():
    listed(an_entry(sections=(MISLABELLED,)), digest_format=Format.PYTORCHKR_WEEKLY, source="wrong")
    listed(an_entry(sections=(KOREAN,)), digest_format=Format.IMRLC, source="right")
    (item,) = editing.content_of(assemble(the_week()).issue).items
    assert KOREAN in item.sections


def test_a_paper_that_another_approved_issue_carries_is_told_at_the_gate():
    earlier, later = assemble_week(FRIDAY), assemble_week(FRIDAY + timedelta(days=7))
    editing.approve(earlier, "지은", read=True)
    told = [one for one in editing.findings(later) if one.code == "item.carried"]
    assert [one.place for one in told] == ["2601.05242"]
    assert earlier.slug in told[0].ko


def assemble_week(day):
    listed(
        an_entry(),
        *[an_entry(f"2601.{day:%m%d}{n}", f"{day} {n}") for n in range(3)],
        listed_on=day,
        source=f"{day}",
    )
    return assemble(the_week(day)).issue


def test_a_bare_number_in_the_place_of_a_title_is_told_at_the_gate():
    listed(an_entry("2601.00001", "arXiv 2601.00001"), an_entry("2601.00002", "A Title"))
    told = [one for one in findings(assemble(the_week()).issue) if one.code == "item.title_unknown"]
    assert [one.place for one in told] == ["2601.00001"]
