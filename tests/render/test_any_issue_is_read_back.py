"""Whatever an issue holds, a post of it says the same to who imports it."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newsletter.collect.digests.digest import Format, Link, Section
from newsletter.collect.digests.read import read
from newsletter.common.cadence import Cadence, Language
from newsletter.issues.content import Credit, IssueContent, ItemContent
from newsletter.render.mail import Site
from newsletter.render.markdown import issue_markdown

SITE = Site("오늘의 ML 논문", "https://news.example.org", "news@example.org")
# Words that mean something to Markdown, to Liquid, to HTML or to one of the formats.
ODD = [
    "&", "<b>", "{{x}}", "{%", "[x]", "(y)", "#1", "A*", "|", "a_b", "1.", "2)", "-", "+", "/", "`c`", "\"q\"", "👍",
    "Vote:", "기관:", "초록(Abstract)", "https://example.org/a?b=1&c=2", "3×", "~", "</div>", "AT&T", "!", "\\",
]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(ODD), st.text("가나다라마바사abcdefgXYZ012", min_size=1, max_size=9)
)
# A title begins and ends with a word, as every real one does.
PLAIN = st.text("가나다abcXYZ", min_size=2, max_size=9)
ENDS = st.text("가나다abcXYZ", min_size=2, max_size=9)
PHRASES = st.builds(
    lambda a, mid, z: " ".join([a, *mid, z]), PLAIN, st.lists(WORDS, max_size=6), ENDS
)
LATIN = st.builds(
    lambda a, mid, z: " ".join([a, *mid, z]),
    st.text("abcXYZ", min_size=2, max_size=9),
    st.lists(st.one_of(st.sampled_from([one for one in ODD if one.isascii() and one != "/"]), st.text("abcXYZ", min_size=1, max_size=9)), max_size=6),
    st.text("abcXYZ", min_size=2, max_size=9),
)  # fmt: skip
BULLETS = st.lists(PHRASES, min_size=1, max_size=3).map(
    lambda lines: "\n".join(f"- {line}" for line in lines)
)
TEXTS = st.lists(st.one_of(PHRASES, BULLETS), min_size=1, max_size=3).map(
    lambda parts: "\n\n".join(part for i, part in enumerate(parts) if i == 0 or part[0] != "-" or parts[i - 1][0] != "-")
)  # fmt: skip
NAMES = st.lists(PHRASES, max_size=2)
HEADINGS = {
    Format.TOP5: ("📌 요약", "🔑 핵심 포인트"),
    Format.HF_RANKING: ("Abstract", "요약 (번역)"),
    Format.WTP: ("What's New", "Technical Details"),
    Format.IMRLC: ("Introduction", "Results"),
    Format.PYTORCHKR_WEEKLY: ("논문 소개", "논문 초록(Abstract)"),
}


@st.composite
def items(draw, style):
    number = draw(st.integers(0, 99999))
    paper = f"2601.{number:05}"
    texts = draw(st.lists(TEXTS, min_size=1, max_size=2))
    return ItemContent(
        position=1,
        title=draw(LATIN),
        arxiv_id=paper,
        votes=draw(st.one_of(st.none(), st.integers(0, 5000))),
        sections=tuple(
            Section(heading, "ko", f"우리말 문장을 먼저 씁니다. {text}" if text[0] != "-" else text)
            for heading, text in zip(HEADINGS[style], texts, strict=False)
        ),
        links=(
            Link("arXiv", f"https://arxiv.org/abs/{paper}"),
            Link(draw(PLAIN), "https://example.org/a?b=1&c=2"),
        ),
        credits=tuple(Credit(name, "https://example.org/", "CC BY 4.0") for name in draw(NAMES)),
    )


def issue(style, items):
    return IssueContent(
        cadence=Cadence.DAILY,
        slug="2026-01-09-daily",
        title="오늘의 논문",
        subject="오늘의 논문",
        style=style,
        start=date(2026, 1, 9),
        end=date(2026, 1, 9),
        items=tuple(items),
    )


@pytest.mark.parametrize("style", list(Format))
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_issue_is_read_back_from_its_post(style, data):
    own = data.draw(st.lists(items(style), min_size=1, max_size=3))
    # In the weekly a line "… / …" is a paper's heading; a text that looks like one cannot be told.
    told = [section.text for item in own for section in item.sections]
    assume(style is not Format.PYTORCHKR_WEEKLY or not any(" / " in text for text in told))
    post = issue_markdown(issue(style, own), Language.BOTH, SITE)
    (digest,) = read(post.encode(), "post.md").digests
    assert digest.format is style
    entries = digest.entries
    assert [(entry.arxiv_id, entry.title) for entry in entries] == [
        (item.arxiv_id, item.title) for item in own
    ]
    assert [{link.url for link in entry.links} for entry in entries] == [
        {link.url for link in item.links} for item in own
    ]
    if style not in {Format.IMRLC, Format.PYTORCHKR_WEEKLY}:
        assert [entry.votes for entry in entries] == [item.votes for item in own]
    if style is not Format.PYTORCHKR_WEEKLY:
        assert [[(part.heading, part.text) for part in entry.sections] for entry in entries] == [
            [(part.heading, part.text) for part in item.sections] for item in own
        ]
