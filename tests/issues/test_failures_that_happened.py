"""Failures that real pipelines have published, replayed from their own files: none leaves unseen.

Each goes the way of an editor: import, assemble, check. What a file of that day
no longer shows (a source that moved, papers that were lost) cannot be replayed.
"""

import json
import re
from dataclasses import dataclass, field

import pytest

from newsletter.issues.editing import content_of, find
from tests.commands.run import newsletter
from tests.factories import a_source
from tests.shared_data import DIGESTS, needs_shared_data

pytestmark = [pytest.mark.django_db, needs_shared_data]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What an importer and then the gate said."""

    papers: int
    imported: frozenset[str]
    slug: str = ""
    may_leave: bool = False
    codes: list[str] = field(default_factory=list)
    """Of each finding of the gate, as ``error issue.empty``."""


def brought_in(*posts):
    """Read real posts as those of a source that gave leave: what matters here is what they say."""
    whose = a_source("replayed").slug
    ran = newsletter(
        "import", "--json", "--source", whose, *[str(DIGESTS / post) for post in posts]
    )
    return json.loads(ran.out)["files"]


def replay(*posts, cadence="daily"):
    files = brought_in(*posts)
    imported = frozenset(finding["code"] for file in files for finding in file["findings"])
    papers = sum(len(file["papers"]) for file in files)
    day = max((file["date"] for file in files if file["date"]), default="2026-01-01")
    ran = newsletter("assemble", cadence, "--for", day, "--json")
    if ran.code:
        return Replayed(papers, imported)
    slug = json.loads(ran.out)["issue"]
    checked = newsletter("check", slug)
    told = re.findall(
        r"^\S+ (error|warning|notice) *([\w.]+)(?: ×(\d+))?", checked.out, re.MULTILINE
    )
    codes = [f"{gravity} {code}" for gravity, code, times in told for _ in range(int(times or 1))]
    return Replayed(papers, imported, slug, not checked.code, codes)


def test_an_empty_list_that_was_committed_for_139_days_makes_no_issue():
    told = replay("ko-json/2026-08-20_paper_ko.json")
    assert (told.papers, told.slug) == (0, "")
    assert "digest.empty_list" in told.imported


@pytest.mark.parametrize("week", ["2025-W33", "2026-W10", "2026-W22"])
def test_a_week_of_nothing_but_error_sentences_does_not_leave(week):
    told = replay(
        f"hf-weekly-txt/huggingface_top_10_papers_{week}_translated.txt", cadence="weekly"
    )
    assert "digest.failed_text" in told.imported
    assert not told.may_leave
    assert "error issue.not_korean" in told.codes
    texts = [
        section.text for item in content_of(find(told.slug)).items for section in item.sections
    ]
    assert not [text for text in texts if "번역 중 오류" in text]


def test_a_page_that_says_404_is_no_digest(tmp_path):
    body = tmp_path / "papers.json"
    body.write_text('{"error":"Sorry, we can\'t find the page you are looking for."}')
    ran = newsletter("import", "--json", str(body))
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, file["papers"]) == (1, [])
    assert file["findings"]


@pytest.mark.parametrize("body", ["1", '{"status": "no data"}', "[\"__import__('os').getcwd()\"]"])
def test_no_data_stored_as_something_else_is_no_digest(tmp_path, body):
    (tmp_path / "2025-01-10.json").write_text(body)
    ran = newsletter("import", "--json", str(tmp_path))
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, file["papers"]) == (1, [])
    assert file["findings"]


def test_a_day_on_which_nobody_liked_anything_is_told():
    assert (
        "digest.all_votes_zero"
        in replay("hf-ranking/2025-11-05-daily-papers-1762346955.md").imported
    )


def test_no_institution_carries_the_counters_of_its_page():
    told = replay("hf-ranking/2026-01-09-daily-papers.md", cadence="weekly")
    names = [item.institution for item in content_of(find(told.slug)).items]
    assert not [name for name in names if re.search(r"\d{2,}$|authors", name)]


def test_the_footer_of_a_page_is_nobodys_code():
    told = replay("hf-ranking-json/daily-2026-01-09.json", cadence="weekly")
    links = [link.url for item in content_of(find(told.slug)).items for link in item.links]
    assert "https://github.com/huggingface" not in links


def test_a_saturday_that_repeats_friday_puts_no_paper_in_twice():
    told = replay(
        "hf-ranking/2026-01-09-daily-papers.md",
        "hf-ranking/2026-01-10-daily-papers.md",
        cadence="weekly",
    )
    ids = [item.arxiv_id for item in content_of(find(told.slug)).items]
    assert told.papers > len(ids) == len(set(ids))


def test_a_post_of_placeholders_does_not_leave():
    told = replay("hf-ranking/2025-11-02-daily-papers-summary.c3cd6f0.md")
    assert "digest.failed_text" in told.imported
    assert not told.may_leave
    assert "error issue.failed_texts" in told.codes


@pytest.mark.parametrize(
    "post", ["2025-12-26-daily-papers-20251226.md", "2025-08-29-daily-papers.b977b14.md"]
)
def test_a_post_without_papers_makes_no_issue(post):
    told = replay(f"imrlc/{post}")
    assert (told.papers, told.slug) == (0, "")
    assert "digest.no_papers" in told.imported


def test_texts_that_a_token_limit_cut_are_shown_to_the_editor():
    told = replay("imrlc/2025-08-29-daily-papers.f9ca7e3.md", cadence="weekly")
    assert told.codes.count("warning item.cut_off") >= 7


def test_a_whole_summary_in_english_is_told():
    """LLaMA-Berry of 2024-10-08; its licence allows reading it, and a text of ours stands in."""
    (file,) = brought_in("wtp/2024-10-08.md")
    (berry,) = [paper for paper in file["papers"] if "LLaMA-Berry" in paper["title"]]
    assert {section["lang"] for section in berry["sections"]} == {"en"}


def test_an_analysis_that_failed_is_not_sent_out_as_one():
    told = replay("track-brief/2026-03-26.md")
    assert "digest.failed_text" in told.imported
    assert "warning item.error_sentence" in told.codes
    texts = [
        section.text for item in content_of(find(told.slug)).items for section in item.sections
    ]
    assert not [text for text in texts if "실패" in text]


def test_two_runs_in_one_file_make_each_paper_once():
    (file,) = brought_in("wtp/2024-10-18.md")
    ids = [paper["id"] for paper in file["papers"]]
    ran = newsletter("assemble", "weekly", "--for", "2024-10-18", "--json")
    shown = [item.arxiv_id for item in content_of(find(json.loads(ran.out)["issue"])).items]
    assert len(shown) == len(set(shown))
    assert set(shown) <= set(ids)


def test_papers_that_were_translated_in_part_are_shown_to_the_editor():
    told = replay("pytorchkr-derived/2026-08-05-weekly-papers.78647d5.md", cadence="weekly")
    assert "warning item.not_korean" in told.codes
