"""Digests as JSON, and all that was saved in the place of one."""

import json
from datetime import UTC, date, datetime

import pytest

from newsletter.collect.digests.digest import Listing
from newsletter.collect.digests.read import read
from tests.collect.posts import codes, read_text


def ranked(**over):
    return {
        "title": "Attention Is\n  All You Need",
        "url": "https://huggingface.co/papers/1706.03762",
        "likes": 80,
        "institution": "KAIST433",
        "paper_link": "https://arxiv.org/abs/1706.03762",
        "code_link": "https://github.com/huggingface",
        "abstract": r"It is 3\times faster.",
        "tags": [],
    } | over


def translated(**over):
    return {
        "paper": {
            "id": "1706.03762",
            "title": "Attention Is All You Need",
            "authors": [{"name": "Ada Kim"}, {"name": "Grace Lee", "hidden": True}],
            "upvotes": 28,
            "summary": "We drop\nrecurrence.",
        },
        "translation_title": "주의 집중만으로 충분하다",
        "purpose": "순환 없이 배우기",
        "method": ["여러 갈래로 나눔(we split it)", "위치를 더함(we add positions)"],
        "conclusion": "빠르게 배움",
        "keywords": ["Attention"],
    } | over


def as_json(value):
    return json.dumps(value, ensure_ascii=False, indent=2)


def sections(entry):
    return [(part.heading, part.lang) for part in entry.sections]


def test_the_data_of_a_ranking_is_read_like_its_post():
    file = read_text(
        as_json(
            {
                "date": "2026-01-09",
                "crawled_at": "2026-01-09T14:27:35.351120",
                "total_papers": 1,
                "papers": [ranked()],
            }
        ),
        "daily.json",
    )
    (entry,) = file.entries
    assert file.format == Listing.HF_RANKING_JSON
    assert not file.findings
    assert (entry.title, entry.votes, entry.institution) == (
        "Attention Is All You Need",
        80,
        "KAIST",
    )
    assert [link.label for link in entry.links] == ["HF 페이지", "논문 링크"]
    assert entry.sections[0].text == "It is 3× faster."
    assert file.digests[0].observed_at == datetime(2026, 1, 9, 14, 27, 35, 351120, tzinfo=UTC)


def test_a_month_of_data_has_the_days_of_its_month():
    text = as_json({"year": 2025, "month": 11, "total_papers": 3, "top_papers": [ranked()]})
    file = read_text(text, "monthly.json")
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2025, 11, 1), date(2025, 11, 30))
    assert codes(file) == {"digest.month_summary", "digest.count_differs"}


def test_translated_records_keep_korean_and_english_apart():
    file = read_text(as_json([translated()]), "2025-01-28_paper_ko.json")
    (entry,) = file.entries
    assert file.format == Listing.KO_JSON
    assert not file.findings
    assert (entry.title_ko, entry.votes, entry.authors) == (
        "주의 집중만으로 충분하다",
        28,
        ("Ada Kim",),
    )
    assert sections(entry) == [
        ("목적", "ko"),
        ("방법", "ko"),
        ("결론", "ko"),
        ("키워드", "ko"),
        ("Abstract", "en"),
    ]
    assert entry.sections[1].text.count("\n- ") == 1
    assert entry.sections[4].text == "We drop recurrence."
    assert file.digests[0].listed_on == date(2025, 1, 28)


def test_an_entry_of_a_list_says_where_it_stands_and_how_it_stood():
    text = as_json([translated(), translated(purpose="둘째")])
    first, second = read_text(text, "a_ko.json").entries
    assert text.split("\n")[second.line - 1] == "  {"
    assert json.loads(second.raw)["purpose"] == "둘째"
    assert first.line < second.line


def test_an_empty_translation_is_told():
    empty = translated(purpose="", method=[], conclusion="", keywords=[], translation_title="")
    file = read_text(as_json([empty]), "2026-02-06_paper_ko.json")
    assert file.format == Listing.KO_JSON
    assert codes(file) == {"digest.not_translated"}


def test_records_without_any_translation_are_the_sites_own_answer():
    paper = {"paper": translated()["paper"]}
    file = read_text(as_json([paper]), "2026-01-09.json")
    assert file.format == Listing.HF_API


def test_a_withdrawn_paper_is_left_out_and_told():
    gone = translated()
    gone["paper"] = gone["paper"] | {"withdrawnAt": "2026-08-14T00:00:00Z"}
    file = read_text(as_json([gone, translated()]), "2026-08-14_ko.json")
    assert len(list(file.entries)) == 1
    assert codes(file) == {"digest.withdrawn"}


@pytest.mark.parametrize("write", [repr, lambda records: as_json(list(map(repr, records)))])
def test_records_written_as_python_text_are_read_as_literals(write):
    file = read_text(write([translated()]), "2025-01-28_paper_ko.json")
    (entry,) = file.entries
    assert (entry.arxiv_id, entry.title_ko) == ("1706.03762", "주의 집중만으로 충분하다")


def test_python_text_is_never_evaluated(tmp_path):
    trap = tmp_path / "sprung"
    text = f"[{{'paper': __import__('pathlib').Path({str(trap)!r}).touch()}}]"
    for written in (text, json.dumps([text[1:-1]])):
        file = read_text(written, "2025-01-28_paper_ko.json")
        assert file.digests == ()
        assert file.findings
    assert not trap.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "no_list"),
        ("null", "no_list"),
        ("{}", "no_list"),
        ("[]", "empty_list"),
        ('{"papers": []}', "empty_list"),
        ('{"error": "Sorry, we can\'t find the page you are looking for."}', "error_instead"),
        ('{"status": "no data", "date": "2025-01-10"}', "no_list"),
        ('{"status": "success", "data": ["nothing"]}', "no_list"),
        ('[{"paper": {"id": "1706.03762"', "broken_json"),
        ('[{"name": "somebody"}]', "unknown_format"),
        ("[" * 100_000, "broken_json"),
        ("{'a': " * 5_000, "broken_json"),
    ],
)
def test_what_stands_in_place_of_a_list_is_told(text, code):
    file = read(text.encode(), "2025-01-10_paper_ko.json")
    assert file.digests == ()
    assert {found.code for found in file.findings} & {f"digest.{code}", "digest.bad_record"}
    assert file.findings[-1].code == f"digest.{code}"


@pytest.mark.parametrize("text", ["1", "[]", '{"error": "not found"}'])
def test_such_values_are_known_without_the_name_of_a_json_file(text):
    file = read_text(text, "saved")
    assert file.findings[-1].code != "digest.unknown_format"
