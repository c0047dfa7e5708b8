"""Every other real post, held against counts that a plain pattern makes of the same bytes."""

import re
import unicodedata

import pytest

from newsletter.collect import placeholders
from newsletter.collect.digests.prose import only_pictures
from newsletter.collect.digests.read import read
from tests.shared_data import needs_shared_data, real_posts

pytestmark = needs_shared_data

WORDS = re.compile(r"[^\W_]+")
HEADED = re.compile(
    r"^#{1,3} (?:\d+\. )?\[(?s:.*?)\]\(https?://(?:arxiv\.org/abs|huggingface\.co/papers)/([\d.]+?)(?:v\d+)?\)",
    re.MULTILINE,
)
RANKED = re.compile(r"^\d+\. \*\*(?s:.*?)\*\* - 👍 ([\d,]+)", re.MULTILINE)
RANKED_ID = re.compile(r"\[HF 페이지\]\(https://huggingface\.co/papers/([\d.]+)\)")
VOTE = re.compile(r"^(?:Vote: |\*\*Upvotes\*\*: )(\d+)$", re.MULTILINE)
LABEL = re.compile(r"^- \*{2,3}([^*]+)\*{1,3}:", re.MULTILINE)
OTHERS = [
    path for path in real_posts("top5", "wtp", "imrlc", "hf-ranking") if "mojibake" not in path.name
]
# Words of the posts that are structure, or a counter, and so no text of a paper.
STRUCTURE = {
    "authors", "author", "vote", "upvotes", "thumbnail", "figure", "기관", "총", "의", "논문이", "수집되었습니다",
    "좋아요", "순위", "가장", "인기", "있는", "논문", "top", "추가", "자료", "제목", "arxiv", "video", "div", "src",
    "controls", "muted", "false", "watch",
}  # fmt: skip

SITES = {"arxiv", "hugging", "face", "video"}


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_ids_votes_and_labels_are_those_that_a_pattern_counts(path):
    text = path.read_text()
    file = read(path.read_bytes(), path.name)
    entries = list(file.entries)
    ranking = path.parent.name == "hf-ranking"
    ids = RANKED_ID.findall(text) if ranking else HEADED.findall(text)
    votes = (RANKED if ranking else VOTE).findall(text)
    assert [entry.arxiv_id for entry in entries] == ids
    assert [entry.votes for entry in entries if entry.votes is not None] == [
        int(found.replace(",", "")) for found in votes
    ]
    if path.parent.name == "wtp":
        told = [part.heading for entry in entries for part in entry.sections if part.heading]
        assert told == LABEL.findall(text)
    assert not {"digest.unreadable", "digest.no_title", "digest.no_id"} & {
        finding.code for finding in file.findings
    }


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_word_of_a_paper_is_lost_and_none_is_invented(path):
    for entry in read(path.read_bytes(), path.name).entries:
        # What arXiv puts in the place of addresses is no word of the paper.
        raw = " ".join(map(placeholders.without, entry.raw.split("\n")))
        told, stood = _words(" ".join(_told(entry))), _words(raw)
        counters = {word for word in stood if re.fullmatch(r".*?\d[\dk]*", word)}
        institution = _words(entry.institution)
        assert not stood - told - counters - STRUCTURE
        assert not told - stood - institution - SITES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wtp/2024-10-18.md", [7, 2]),
        ("wtp/README-2025-05-09.md", [20]),
        ("imrlc/2025-12-26-daily-papers-20251226.md", [0]),
        ("hf-ranking/2025-11-01-monthly-papers-summary.c3cd6f0.md", [10]),
    ],
)
def test_odd_posts_have_the_issues_and_papers_that_they_have(name, expected):
    (path,) = (path for path in real_posts(name.split("/")[0]) if path.name == name.split("/")[1])
    file = read(path.read_bytes(), path.name)
    assert [len(digest.entries) for digest in file.digests] == expected


def _words(text):
    """Return the words of a text, without its pictures, addresses and LaTeX commands."""
    text = re.sub(r"!\[.*?\]\(.*?\)|https?://[!-~]+|<[^>]*(?:src|div|video)[^>]*>", " ", text)
    text = re.sub(
        r"\\[A-Za-z]+|\text\w*(?={)|[${}^_]|[α-ω]", "", unicodedata.normalize("NFKC", text)
    )
    return {word for word in WORDS.findall(text.lower()) if len(word) > 1 and not word.isdecimal()}


def _told(entry):
    yield from (entry.title, entry.title_ko, str(entry.votes or ""), entry.institution)
    yield from entry.authors
    for part in entry.sections:
        yield part.heading if only_pictures(part.text) else f"{part.heading} {part.text}"
    yield from (link.label for link in entry.links)
