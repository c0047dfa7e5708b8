"""An arXiv id is one thing, however it is written where it comes from."""

import json
from datetime import UTC, datetime

import pytest

from newsletter.collect.digests.read import read
from newsletter.collect.sources import arxiv, arxiv_announce, huggingface
from newsletter.collect.sources.adapter import Reading
from tests.collect.answers import Answers

NOW = datetime(2026, 1, 30, tzinfo=UTC)
ODD = (
    "2601.00041v2",
    "not-an-arxiv-id",
    "https://arxiv.org/abs/2601.00042",
    "../../../desk",
    "2601.00043",
)
DAY = "https://huggingface.co/api/daily_papers?date=2026-01-30"


def listed(*ids: str, **more: object) -> bytes:
    return json.dumps(
        [
            {
                "paper": {
                    "id": one,
                    "title": f"A Made-up Paper {number}",
                    "summary": "We make things up.",
                    "authors": [{"name": "Kim A"}],
                    "upvotes": number,
                }
                | more
            }
            for number, one in enumerate(ids, 1)
        ]
    ).encode()


def on_hugging_face(*ids: str, **more: object) -> Reading:
    return huggingface.collect(DAY, Answers({"*": listed(*ids, **more)}), NOW)


def ids(reading: Reading) -> list[str | None]:
    return [entry.arxiv_id for file in reading.files for entry in file.entries]


def first_id(identity: str) -> str | None:
    """Return the id of a paper that stands under this identity in an answer of arXiv."""
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>{identity}</id><title>A</title></entry></feed>'
    return next(iter(ids(arxiv.collect("cat:cs.CL", Answers({"*": feed.encode()}), NOW))), None)


def test_of_a_list_with_odd_ids_the_papers_are_read_and_the_others_are_told():
    reading = on_hugging_face(*ODD)
    assert ids(reading) == ["2601.00041", "2601.00042", "2601.00043"]
    (finding,) = reading.findings
    assert finding.code == "source.unreadable_records"
    assert finding.en.endswith("(in order: 2, 4).")


def test_the_links_of_a_paper_are_made_of_its_bare_id():
    (file,) = on_hugging_face("2601.00041v2").files
    assert [link.url for link in next(iter(file.entries)).links] == [
        "https://huggingface.co/papers/2601.00041",
        "https://arxiv.org/abs/2601.00041",
    ]


def test_a_list_that_was_saved_as_a_file_is_read_alike():
    file = read(listed(*ODD), "2026-01-30.json")
    assert [entry.arxiv_id for entry in file.entries] == ["2601.00041", "2601.00042", "2601.00043"]
    assert [finding.code for finding in file.findings] == ["digest.bad_id", "digest.bad_id"]
    assert not any("desk" in link.url for entry in file.entries for link in entry.links)


def test_a_paper_is_withdrawn_under_its_bare_id():
    assert on_hugging_face("2601.00041v3", withdrawnAt="2026-01-30").withdrawn == ("2601.00041",)


@pytest.mark.parametrize(
    ("identity", "arxiv_id"),
    [
        ("http://arxiv.org/abs/2601.00041v12", "2601.00041"),
        ("http://arxiv.org/abs/0704.0001v1", "0704.0001"),
        ("http://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001"),
        ("http://arxiv.org/abs/MATH.gt/0309136v1", "math.GT/0309136"),
        ("http://arxiv.org/abs/HEP-TH/9901001", "hep-th/9901001"),
        ("oai:arXiv.org:2601.00041v2", "2601.00041"),
        ("https://doi.org/10.48550/arXiv.2601.00041", "2601.00041"),
        ("http://arxiv.org/abs/2601.000411", None),
        ("http://arxiv.org/abs/../desk", None),
        ("2601", None),
    ],
)
def test_whatever_arxiv_calls_a_paper_it_has_one_id(identity, arxiv_id):
    assert first_id(identity) == arxiv_id


def test_what_names_no_paper_among_the_answers_of_arxiv_is_told():
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:x</id><title>A</title></entry></feed>'
    reading = arxiv.collect("cat:cs.CL", Answers({"*": feed}), NOW)
    assert "source.unreadable_records" in {finding.code for finding in reading.findings}


def test_an_announcement_of_a_version_is_one_of_the_paper():
    item = (
        "<item><title>A</title><guid>oai:arXiv.org:{}</guid>"
        "<arxiv:announce_type>new</arxiv:announce_type></item>"
    )
    feed = (
        '<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"><channel>'
        f"{item.format('2601.00041v1')}{item.format('made-up')}</channel></rss>"
    )
    reading = arxiv_announce.collect("cs.CL", Answers({"*": feed.encode()}), NOW)
    assert ids(reading) == ["2601.00041"]
    assert "source.unreadable_records" in {finding.code for finding in reading.findings}


@pytest.mark.parametrize("url", ["2601.00041v2", "2601.00041", "2601.00041v2?x=1#abstract"])
def test_a_ranking_names_a_paper_by_its_address(url):
    ranked = {"title": "A", "url": f"https://huggingface.co/papers/{url}", "likes": 1}
    file = read(json.dumps({"date": "2026-01-30", "papers": [ranked]}).encode(), "day.json")
    assert [entry.arxiv_id for entry in file.entries] == ["2601.00041"]
