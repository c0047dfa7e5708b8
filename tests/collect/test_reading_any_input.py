"""Posts mutated and made up by a machine: nothing raises, and what was not touched stays."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.collect.digests import (
    dates,
    discourse,
    hf_ranking,
    imrlc,
    lines,
    pytorchkr,
    top5,
    wtp,
)
from newsletter.collect.digests import post as posts
from newsletter.collect.digests.read import read
from newsletter.collect.repair import line as repair_line
from tests.collect.posts import FORMATS, PAPERS, read_text

PARSERS = (top5, hf_ranking, wtp, imrlc, pytorchkr)
FRAGMENTS = st.sampled_from(
    [
        "# ", "## ", "### 1. [", "](https://arxiv.org/abs/2501.00001)", "**", "***", "1. **", "** - 👍 1,0", "Vote: ", "Authors: ['", "- ", "  - ", "- **What's New**: ", "```", "---", "> ", "논문 소개", "논문 링크",
        "초록(Abstract)", "[2025/03/17 ~ 03/23]", "가 / A", "<video src='", "<aside class='onebox'>", "<h2>", "</p>", "<div itemprop='text'>",
        "![](", "$\\frac{", "$", "\\(", "\x00", "\ufffd", "\u200b", "ë…¼", "{'a': [", "title: ", "https: //", "\n", "\n\n", "\r", "\t", " ",
    ]
)  # fmt: skip
TEXT = st.lists(FRAGMENTS | st.text(max_size=8), max_size=40).map("".join)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(st.binary(max_size=400))
def test_no_bytes_raise(raw):
    file = read(raw, "post.md")
    assert file.raw == raw
    assert file.digests or file.findings


@QUICK
@given(TEXT)
def test_no_text_raises_or_shows_a_broken_character(text):
    file = read_text(text)
    assert "\ufffd" not in file.text
    assert "digest.unreadable" not in {finding.code for finding in file.findings}
    assert all(finding.ko and finding.en and finding.place for finding in file.findings)


@QUICK
@given(TEXT)
def test_no_parser_raises_on_text_of_any_other_format(text):
    made = posts.of("post.md", lines.split(text))
    for parser in PARSERS:
        digests, _ = parser.parse(made)
        for digest in digests:
            assert all(entry.title or not entry.arxiv_id for entry in digest.entries)


@QUICK
@given(TEXT)
def test_html_is_read_to_its_end_whatever_it_is(text):
    own = discourse.lines(f"<div itemprop='text'><p>처음</p>{text}")
    assert own[0].text == "처음"


@QUICK
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_a_mutated_line_costs_no_paper_that_it_is_not_in(name, data):
    text = FORMATS[name]()
    whole = list(read_text(text).entries)
    body = text.split("\n")
    first, second = whole[0], whole[1]
    inside = data.draw(st.integers(first.line + 1, second.line - 2))
    # Signs that open a heading or a paper make a new one, which is right and not meant here.
    body[inside] = data.draw(
        st.text("가나다abc,.<>$\\*_[]() ", max_size=60).map(lambda new: f"글 {new}")
    )
    read_again = list(read_text("\n".join(body)).entries)
    assert read_again[-2:] == whole[-2:]
    assert read_again[0].arxiv_id in {first.arxiv_id, None}


@QUICK
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_a_dropped_paper_costs_no_other(name, data):
    kept = data.draw(st.lists(st.sampled_from(PAPERS), unique=True, min_size=1))
    entries = read_text(FORMATS[name](kept)).entries
    assert [(entry.arxiv_id, entry.title) for entry in entries] == [
        (paper.id, paper.title) for paper in kept
    ]


@QUICK
@given(st.sampled_from(sorted(FORMATS)), st.integers(0, 2000))
def test_a_post_cut_anywhere_keeps_the_papers_before_the_cut(name, length):
    text = FORMATS[name]()
    whole = list(read_text(text).entries)
    cut = text[:length]
    before = [entry for entry, following in pairwise(whole) if following.line <= cut.count("\n")]
    kept = list(read_text(cut).entries)[: len(before)]
    assert [entry.arxiv_id for entry in kept] == [entry.arxiv_id for entry in before]


@QUICK
@given(st.text(max_size=200))
def test_repair_is_idempotent_in_length_of_lines(text):
    for own in text.split("\n"):
        assert "\n" not in repair_line(own)


@QUICK
@given(st.text("0123456789/~.- []년월", max_size=30))
def test_no_date_raises(text):
    for reader in (dates.day, dates.month, dates.week, dates.instant, dates.instant_in_name):
        reader(text)
