"""A post that this house writes, this house reads back the same."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import newsletter
from newsletter.collect.digests.digest import Digest, DigestEntry, Format
from newsletter.collect.digests.read import read
from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import NotFound
from newsletter.issues.content import Credit, IssueContent, ItemContent
from newsletter.render.markdown import issue_markdown
from tests.shared_data import real_posts

SAMPLES = Path(newsletter.__file__).parent / "samples"
# The headings by which each format is known to its readers, and to our importer.
HEADINGS = {
    Format.TOP5: ("📌 요약", "📝 초록 (번역)", "🔑 핵심 포인트"),
    Format.HF_RANKING: ("Abstract", "요약", "설명"),
    Format.WTP: ("What's New", "Technical Details", "Performance Highlights"),
    Format.IMRLC: ("Introduction", "Method", "Results"),
    Format.PYTORCHKR_WEEKLY: ("논문 소개", "논문 초록(Abstract)", "논문 소개"),
}


def _issue_of(digest: Digest) -> IssueContent:
    day = digest.listed_on or date(2026, 1, 9)
    items = [
        ItemContent(
            position=number,
            title=entry.title,
            arxiv_id=entry.arxiv_id,
            title_ko=entry.title_ko,
            authors=entry.authors,
            institution=entry.institution,
            votes=entry.votes,
            image=entry.image or "",
            sections=entry.sections,
            links=entry.links,
            credits=(
                Credit("어느 모임 [일간]", "https://example.org/", "CC BY 4.0"),
                Credit("A & B"),
            ),
        )
        for number, entry in enumerate(digest.entries, 1)
    ]
    return IssueContent(
        cadence=Cadence.DAILY,
        slug="2026-01-09-daily",
        title=digest.title or "제목",
        subject=digest.title or "제목",
        style=digest.format,
        start=digest.period_start or day,
        end=day,
        items=tuple(items),
        intro=digest.intro,
    )


def _read_back(issue: IssueContent, site, style: str | None = None) -> Digest:
    post = issue_markdown(issue.in_style(style or issue.style), Language.BOTH, site)
    (digest,) = read(post.encode(), "post.md").digests
    return digest


def _digests(format_name: str):
    """Yield every digest of a format that is there: our samples, and the real posts beside us."""
    samples = sorted((SAMPLES / format_name).glob("2*"))
    for path in [*samples, *real_posts(format_name)]:
        for digest in read(path.read_bytes(), path.name).digests:
            yield pytest.param(digest, id=f"{format_name}-{path.name}")


def _held(entry: DigestEntry, style: Format) -> dict[str, object]:
    """Return what an entry says, as far as the format has a place for it."""
    held = {
        "id": entry.arxiv_id,
        "title": entry.title,
        "sections": [(part.heading, part.lang, part.text) for part in entry.sections],
        # The link of a heading has no label of its own, and stands first.
        "links": {link.url for link in entry.links},
    }
    if style in {Format.TOP5, Format.HF_RANKING, Format.WTP}:
        held["votes"] = entry.votes
    if style is Format.PYTORCHKR_WEEKLY:
        held["title_ko"] = entry.title_ko
    if style is Format.WTP:
        held["authors"] = entry.authors
    if style is Format.HF_RANKING:
        held["institution"] = entry.institution
    if style in {Format.TOP5, Format.WTP, Format.PYTORCHKR_WEEKLY}:
        # An issue has no use for a picture that lies beside a post.
        held["image"] = entry.image if (entry.image or "").startswith("https://") else None
    return held


@pytest.mark.parametrize("style", list(Format))
@pytest.mark.parametrize("digest", [one for name in Format for one in _digests(name)])
def test_every_digest_is_read_back_the_same_from_a_post_in_every_format(digest, style, site):
    back = _read_back(_issue_of(digest), site, style)
    assert back.format is style
    assert back.listed_on == digest.listed_on
    assert [_held(entry, style) for entry in back.entries] == [
        _held(entry, style) for entry in digest.entries
    ]
    assert [(part.heading, part.text) for part in back.intro] == [
        (part.heading, part.text) for part in digest.intro
    ]


def _in_the_words_of(style: Format, issue: IssueContent) -> IssueContent:
    items = [
        replace(
            item,
            sections=tuple(
                replace(section, heading=heading)
                for section, heading in zip(item.sections, HEADINGS[style], strict=False)
            ),
        )
        for item in issue.items
    ]
    return replace(issue, items=tuple(items), style=style)


@pytest.mark.parametrize("style", list(Format))
def test_our_own_issue_is_read_back_in_every_style(weekly, site, style):
    back = _read_back(_in_the_words_of(style, weekly), site)
    assert back.format is style
    assert back.listed_on == weekly.end
    for entry, item in zip(back.entries, weekly.items, strict=True):
        assert (entry.arxiv_id, entry.title) == (item.arxiv_id, item.title)
        assert {link.url for link in item.links} <= {link.url for link in entry.links}


@pytest.mark.parametrize("style", [Format.TOP5, Format.HF_RANKING, Format.WTP])
def test_votes_are_kept_where_the_format_has_a_place_for_them(weekly, site, style):
    back = _read_back(_in_the_words_of(style, weekly), site)
    assert [entry.votes for entry in back.entries] == [item.votes for item in weekly.items]


def test_the_weekly_keeps_both_languages_of_a_section_under_one_heading(weekly, site):
    post = issue_markdown(weekly, Language.BOTH, site)
    back = _read_back(weekly, site)
    assert post.count("### 논문 소개") == len(weekly.items)
    assert back.period_start == weekly.start
    for entry, item in zip(back.entries, weekly.items, strict=True):
        assert entry.title_ko == item.title_ko
        assert sorted(s.text for s in entry.sections) == sorted(s.text for s in item.sections)


def test_a_post_in_one_language_has_that_language(weekly, site):
    english = issue_markdown(weekly, Language.ENGLISH, site)
    assert weekly.items[0].sections[-1].text[:60] in english
    assert weekly.items[0].sections[0].text[:20] not in english


def test_an_unknown_style_is_refused(weekly, site):
    with pytest.raises(NotFound):
        issue_markdown(weekly.in_style("../mail/top5/body"), Language.KOREAN, site)
