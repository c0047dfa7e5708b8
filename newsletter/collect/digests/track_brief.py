"""``track-brief``: a table of the day's papers by track, and an analysis of each below it.

The first of them had no headings below the table: ``📄 *1. Title*`` opened a paper,
``🔬 *메소드*: text`` was a part of it, and ``📌 *금주 트렌드 요약*`` ended them all.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from newsletter.collect.digests import lines, prose, tables
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing, Section
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Line
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

_TRACK = re.compile(r"\s*\*\*트랙\*\*\s*[:：]")
_LINKS = re.compile(r"\|\s*\*\*링크\*\*\s*[:：]")
_PLAIN_TITLE = re.compile(r"\s*📄\s*\*{1,2}\s*(\d{1,2}[.)]\s.*?)\*{1,2}\s*$")
_PLAIN_END = re.compile(r"\s*(📌)\s*\*{1,2}([^*\n]{1,60})\*{1,2}\s*+[:：]?\s*$")
_PLAIN_PART = re.compile(
    r"\s*(?P<label>[^\w\s*]{1,3}\s*\*{1,2}[^*\n]{1,40})\*{1,2}\s*[:：]\s*(?P<text>.*)$"
)
# Who wrote it, and the paper in one sentence: lines without a label.
_PLAIN_LINE = re.compile(r"\s*[🏢⭐]\ufe0f?\s*\S")
_PLAIN_LINK = re.compile(r"\s*🔗\W{0,3}https?://")
_POOLED = re.compile(r"\[Pool\]\s*")
_ONLY_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?$")
_LONGEST_LABEL = 60


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    blocks = lines.blocks([replace(line, text=_headed(line.text)) for line in post.lines])
    title = next((block.heading.text for block in blocks if block.heading), "")
    above, papers = lines.grouped([block for block in blocks if not _ends(block)], _opens)
    named = {entry.arxiv_id: entry.authors for entry in tables.entries(above, [])}
    analysed = [_by(_entry(paper, findings), named) for paper in papers]
    known = {entry.arxiv_id for entry in analysed if entry.arxiv_id}
    listed = tables.entries(above, findings, besides=known)
    digest = Digest(
        Listing.TRACK_BRIEF,
        prose.title(title),
        (*analysed, *(replace(entry, title=_named(entry.title)) for entry in listed)),
        listed_on=post.day(title),
        intro=tuple(_intro([*above, *filter(_ends, blocks)])),
    )
    return (digest,), tuple(findings)


def _headed(text: str) -> str:
    """Return a line that stood for a heading as the heading."""
    if found := _PLAIN_TITLE.match(text):
        return f"### {found[1]}"
    ended = _PLAIN_END.match(text)
    return f"## {ended[1]} {ended[2]}" if ended else text


def _opens(block: Block) -> bool:
    """Return whether a block is of a paper: its track or its link stands below its heading."""
    return block.heading is not None and any(
        _facts(line.text) or _PLAIN_LINK.match(line.text) for line in block.body
    )


def _ends(block: Block) -> bool:
    """Return whether a block is what is said of all papers, below the last of them."""
    return block.heading is not None and block.heading.text.startswith("📌")


def _intro(blocks: Sequence[Block]) -> Iterator[Section]:
    for block in blocks:
        text = prose.reduce(line.text for line in block.body if not tables.is_row(line.text))
        if text:
            heading = block.heading.text if block.heading and _ends(block) else ""
            yield prose.section(heading, text)


def _entry(blocks: Sequence[Block], findings: list[Finding]) -> DigestEntry:
    heading = blocks[0].heading
    draft = Draft(_named(heading.title if heading else ""), blocks[0].number, findings=findings)
    draft.take_media(blocks[0].body)
    for label, text, number in _sections(draft, blocks):
        if label or prose.reduce(text):
            draft.add_section(label, text, number)
    return draft.finish(lines.raw(blocks))


def _by(entry: DigestEntry, named: Mapping[str | None, tuple[str, ...]]) -> DigestEntry:
    """Return an entry with the authors that the table names."""
    return replace(entry, authors=entry.authors or named.get(entry.arxiv_id, ()))


def _named(title: str) -> str:
    """Return a title without the mark of where it was taken from; a bare id is no title."""
    title = _POOLED.sub("", title)
    return "" if _ONLY_ID.match(title) else title


def _sections(draft: Draft, blocks: Sequence[Block]) -> Iterator[tuple[str, list[str], int]]:
    """Read track and links; yield label, lines and line number of each part of the analysis."""
    label, text, number = "", [], blocks[0].number  # type: str, list[str], int
    plain = any(_PLAIN_LINK.match(line.text) for line in blocks[0].body)
    for line in _lines(blocks):
        if found := _facts(line.text):
            _read_facts(draft, *found, line.number)
        elif _PLAIN_LINK.match(line.text) and draft.takes_links(line.text, line.number):
            continue
        elif plain and (opened := _plainly_opened(line.text)):
            yield label, text, number
            (label, text), number = opened, line.number
        elif _is_label(line.text):
            yield label, text, number
            label, text, number = line.text.strip("#* "), [], line.number
        else:
            text.append(line.text)
    yield label, text, number


def _plainly_opened(text: str) -> tuple[str, list[str]] | None:
    """Return label and text where a line without a heading begins a part."""
    if found := _PLAIN_PART.match(text):
        return found["label"].replace("*", ""), [found["text"]]
    return ("", [text]) if _PLAIN_LINE.match(text) else None


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    """Yield the lines below the paper's heading; further headings are lines too."""
    for index, block in enumerate(blocks):
        if index and block.heading:
            yield Line(block.number, f"## {block.heading.text}", block.heading.text)
        yield from block.body


def _facts(text: str) -> tuple[str, str] | None:
    """Return track and links of ``**트랙**: … | **링크**: …``."""
    track = _TRACK.match(text)
    links = _LINKS.search(text, track.end()) if track else None
    if track is None or links is None:
        return None
    return text[track.end() : links.start()].strip(), text[links.end() :].lstrip()


def _read_facts(draft: Draft, track: str, written: str, number: int) -> None:
    if track:
        draft.add_fact("트랙", [track], number)
    for link in prose.links_in([written]):
        draft.add_link(link.url, link.label, number)


def _is_label(text: str) -> bool:
    """Return whether a line is a heading, or one in disguise: an emoji and a few words."""
    bare = text.strip("#* ")
    is_emoji = bool(bare) and unicodedata.category(bare[0]) == "So"
    return (text.startswith("## ") or is_emoji) and len(bare) <= _LONGEST_LABEL
