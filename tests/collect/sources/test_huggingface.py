"""Hugging Face Daily Papers: pages, days, weekends, withdrawals, and answers that are none."""

import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetched import Expected
from newsletter.collect.sources.huggingface import ADDRESS, collect
from tests.collect.answers import Answers, sample
from tests.shared_data import needs_shared_data

NOW = datetime(2026, 1, 9, 22, tzinfo=UTC)
FRIDAY = f"{ADDRESS}?date=2026-01-09"


def a_record(number: int, **more: object) -> dict[str, object]:
    paper = {"id": f"2601.{number:05}", "title": f"A Paper\nNumbered {number}", "upvotes": number}
    return {"paper": paper | {"summary": "We  propose\n it.", "authors": []} | more, "title": "x"}


def a_list(count: int, start: int = 0) -> bytes:
    return json.dumps([a_record(start + number) for number in range(count)]).encode()


def pages(*bodies: bytes) -> Answers:
    return Answers({f"{FRIDAY}&limit=100&p={page}": body for page, body in enumerate(bodies)})


def entries(answers: Answers, address: str = FRIDAY):
    return [entry for file in collect(address, answers, NOW).files for entry in file.entries]


def test_the_last_two_days_are_asked_by_date_the_older_first():
    answers = Answers({"*": b"[]"})
    collect(ADDRESS, answers, NOW)
    asked = [parse_qs(urlsplit(ask.url).query) for ask in answers.asked]
    assert [query["date"] for query in asked] == [["2026-01-08"], ["2026-01-09"]]
    assert all(query["limit"] == ["100"] for query in asked)
    assert {ask.expected for ask in answers.asked} == {Expected.JSON}


def test_half_a_letter_in_a_title_costs_that_letter_and_no_paper():
    record = b'{"paper": {"id": "2601.00001", "title": "One \\ud83d half \\u0000", "upvotes": 3}}'
    (found, _) = entries(pages(b"[" + record + b"," + json.dumps(a_record(2)).encode() + b"]"))
    assert found.title.encode().split() == [b"One", b"half"]


def test_a_full_page_has_a_next_one_and_both_are_one_list():
    answers = pages(a_list(100), a_list(7, start=100))
    found = entries(answers)
    assert len(found) == 107
    assert [ask.whole for ask in answers.asked] == [False, True]


def test_a_list_of_exactly_a_page_ends_with_an_empty_one():
    assert len(entries(pages(a_list(100), b"[]"))) == 100


@pytest.mark.parametrize("span", ["week=2026-W02", "month=2026-01"])
def test_a_week_and_a_month_can_be_asked_for(span):
    answers = Answers({"*": a_list(3)})
    assert len(entries(answers, f"{ADDRESS}?{span}")) == 3
    assert len(answers.asked) == 1
    assert span in answers.asked[0].url
    (file,) = collect(f"{ADDRESS}?{span}", answers, NOW).files
    assert file.page == f"https://huggingface.co/papers/{span.replace('=', '/')}"


def test_an_empty_weekend_is_read_without_a_word():
    reading = collect(ADDRESS, Answers({"*": b"[]"}), NOW)
    assert reading.files == ()
    assert reading.findings == ()


def test_a_list_that_has_not_changed_holds_nothing():
    assert collect(FRIDAY, Answers({"*": None}), NOW).files == ()


def test_titles_and_abstracts_are_on_one_line_and_votes_are_counted_now():
    reading = collect(FRIDAY, pages(a_list(2)), NOW)
    digest = reading.files[0].digests[0]
    assert digest.entries[1].title == "A Paper Numbered 1"
    assert digest.entries[1].sections[0].text == "We propose it."
    assert [entry.votes for entry in digest.entries] == [0, 1]
    assert (digest.listed_on, digest.observed_at) == (date(2026, 1, 9), NOW)


def test_a_paper_that_stands_twice_on_a_day_is_one_entry():
    twice = json.dumps([a_record(1), a_record(2), a_record(1)]).encode()
    assert [entry.arxiv_id for entry in entries(pages(twice))] == ["2601.00001", "2601.00002"]


def test_a_withdrawn_paper_is_not_listed_but_told():
    body = json.dumps([a_record(1), a_record(2, withdrawnAt="2026-01-09T00:00:00.000Z")]).encode()
    reading = collect(FRIDAY, pages(body), NOW)
    assert [entry.arxiv_id for entry in reading.files[0].entries] == ["2601.00001"]
    assert reading.withdrawn == ("2601.00002",)


def test_hidden_authors_are_not_named():
    authors = [{"name": "Minji Kim"}, {"name": "Not Shown", "hidden": True}]
    assert entries(pages(json.dumps([a_record(1, authors=authors)]).encode()))[0].authors == (
        "Minji Kim",
    )


def test_a_record_without_an_id_is_reported_and_the_others_are_read():
    reading = collect(FRIDAY, pages(json.dumps([{"paper": {}}, a_record(1)]).encode()), NOW)
    assert len(list(reading.files[0].entries)) == 1
    assert [finding.code for finding in reading.findings] == ["source.unreadable_records"]


@pytest.mark.parametrize(
    "body", [b"1", b'{"error": "x"}', b'"x"', b"[1]", b"null", b'["os.system(1)"]']
)
def test_an_answer_that_is_no_list_of_papers_is_refused(body):
    with pytest.raises(FeedError) as refused:
        collect(FRIDAY, pages(body), NOW)
    assert refused.value.code in {"feed.shape", "feed.not_a_feed"}


def test_json_that_is_cut_off_is_refused():
    with pytest.raises(FeedError) as refused:
        collect(FRIDAY, pages(a_list(3)[:-20]), NOW)
    assert refused.value.code == "feed.malformed"


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "count", "first", "votes"),
    [
        ("api-2024-05-29", 8, "2405.18407", 18),
        ("api-2024-12-11", 26, "2412.07730", 54),
        ("api-2025-01-10", 9, "2501.05441", 51),
        ("api-2025-03-04", 13, "2503.01785", 24),
        ("api-2025-10-13", 33, "2510.08673", 57),
        ("api-2025-12-10", 10, "2512.08765", 74),
        ("api-2026-01-09", 19, "2601.05242", 58),
        ("api-2026-08-21", 17, "2608.19880", 163),
        ("repr-2024-12-26", 1, "2412.18547", 9),
        ("repr-2025-01-28", 9, "2501.15368", 28),
        ("repr-2026-08-14", 27, "2608.13546", 81),
    ],
)
def test_recorded_lists_of_all_years_are_read(name, count, first, votes):
    found = entries(pages(sample(f"hf-daily-papers/{name}.json")))
    assert len(found) == count
    assert (found[0].arxiv_id, found[0].votes) == (first, votes)
    assert all(entry.title and entry.authors and entry.sections for entry in found)
    assert all("\n" not in entry.title for entry in found)


@needs_shared_data
def test_the_recorded_withdrawal_is_found():
    reading = collect(FRIDAY, pages(sample("hf-daily-papers/repr-2026-08-14.json")), NOW)
    assert reading.withdrawn == ("2608.12313",)


@needs_shared_data
@pytest.mark.parametrize("name", ["http-error-body", "repr-2025-01-25"])
def test_recorded_error_bodies_are_no_data(name):
    with pytest.raises(FeedError):
        collect(FRIDAY, pages(sample(f"hf-daily-papers/{name}.json")), NOW)
