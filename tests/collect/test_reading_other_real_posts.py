"""Real digests in other shapes, held against counts that a plain pattern makes of the same bytes."""

import json
import re

import pytest

from newsletter.collect.digests.read import read
from tests.shared_data import SHARED, needs_shared_data, real_posts

pytestmark = needs_shared_data

ANSWERS = sorted((SHARED / "data" / "feeds" / "hf-daily-papers").glob("*.json"))
# What opens a paper, and tells its id, in each format.
OPENS = {
    "hf-weekly-txt": re.compile(r"^Link: https://huggingface\.co/papers/([\d.]+)$", re.MULTILINE),
    "ko-fenced": re.compile(r"^## (\d{4}\.\d{5})$", re.MULTILINE),
    "pda-daily": re.compile(
        r"^(?:\*\*arXiv\*\*: \[|\| \d+ \| \[).*?\]\(https://arxiv\.org/abs/([\d.]+)\)", re.MULTILINE
    ),
    "track-brief": re.compile(r"^\*\*트랙\*\*.*arxiv\.org/abs/([\d.]+)\)$", re.MULTILINE),
    "pytorchkr-derived": re.compile(r"^🔗 \[arXiv\].*?/abs/([\d.]+)v", re.MULTILINE),
}
HEADINGS = {
    "hf-weekly-txt": re.compile("^## ", re.MULTILINE),
    "ko-fenced": re.compile(r"^## \d\. |^\*\*(?!Summary)[^*]+\*\*$", re.MULTILINE),
    "track-brief": re.compile(r"^[📋📚🔬🧪💡] [A-Z].*$", re.MULTILINE),
    "pytorchkr-derived": re.compile(r"^> \*\*Abstract\.\*\*", re.MULTILINE),
}


def _id(path):
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", real_posts(*OPENS), ids=_id)
def test_papers_and_headings_are_those_that_a_pattern_counts(path):
    text, name = path.read_text(), path.parent.name
    file = read(path.read_bytes(), path.name)
    entries = list(file.entries)
    assert file.format == name
    assert [entry.arxiv_id for entry in entries] == OPENS[name].findall(text)
    assert all(entry.sections for entry in entries)
    assert all(digest.listed_on for digest in file.digests)
    if name in HEADINGS:
        headed = [part for entry in entries for part in entry.sections if part.heading != "트랙"]
        assert sum(bool(part.heading) for part in headed) == len(HEADINGS[name].findall(text))


@pytest.mark.parametrize("path", real_posts("hf-ranking-json"), ids=_id)
def test_the_data_of_a_ranking_has_the_votes_that_it_states(path):
    told = json.loads(path.read_bytes())
    listed = told.get("papers") or told["top_papers"]
    entries = list(read(path.read_bytes(), path.name).entries)
    assert [entry.votes for entry in entries] == [one["likes"] for one in listed]
    assert [entry.arxiv_id for entry in entries] == [
        one["paper_link"].rsplit("/", 1)[1] for one in listed
    ]


@pytest.mark.parametrize("path", [*real_posts("ko-json"), *ANSWERS], ids=_id)
def test_saved_answers_hold_the_ids_that_a_pattern_finds(path):
    text = path.read_text()
    ids = re.findall(r"""['"]paper['"]: \{\s*['"]id['"]: ['"]([\d.]+)['"]""", text)
    file = read(path.read_bytes(), path.name)
    told = [entry.arxiv_id for entry in file.entries]
    withdrawn = text.count("withdrawnAt")
    assert [one for one in ids if one in told] == told
    assert len(told) == len(ids) - withdrawn
    assert ids or file.findings


def test_every_translation_of_every_week_is_an_error_sentence():
    for path in real_posts("hf-weekly-txt"):
        codes = [found.code for found in read(path.read_bytes(), path.name).findings]
        assert codes == ["digest.failed_text"] * 10
