"""``track-brief``: a table of the day's papers by track, and an analysis of each below it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.collect.digests import lines, prose, tables
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing, Section
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Line
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

_FACTS = re.compile(
    r"\s*\*\*트랙\*\*\s*[:：]\s*(?P<track>.*?)\s*\|\s*\*\*링크\*\*\s*[:：]\s*(?P<links>.*)$"
)
_POOLED = re.compile(r"\[Pool\]\s*")
_ONLY_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?$")
_LONGEST_LABEL = 60


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    blocks = lines.blocks(post.lines)
    title = next((block.heading.text for block in blocks if block.heading), "")
    above, papers = lines.grouped(blocks, _opens)
    analysed = [_entry(paper, findings) for paper in papers]
    known = [entry.arxiv_id for entry in analysed if entry.arxiv_id]
    listed = tables.entries(above, findings, besides=known)
    digest = Digest(
        Listing.TRACK_BRIEF,
        prose.title(title),
        (*analysed, *(replace(entry, title=_named(entry.title)) for entry in listed)),
        listed_on=post.day(title),
        intro=tuple(_intro(above)),
    )
    return (digest,), tuple(findings)


def _opens(block: Block) -> bool:
    """Return whether a block is of a paper: track and link stand below its heading."""
    return block.heading is not None and any(_FACTS.match(line.text) for line in block.body)


def _intro(blocks: Sequence[Block]) -> Iterator[Section]:
    for block in blocks:
        text = prose.reduce(line.text for line in block.body if not tables.is_row(line.text))
        if text:
            yield prose.section("", text)


def _entry(blocks: Sequence[Block], findings: list[Finding]) -> DigestEntry:
    heading = blocks[0].heading
    draft = Draft(_named(heading.title if heading else ""), blocks[0].number, findings=findings)
    draft.take_media(blocks[0].body)
    for label, text, number in _sections(draft, blocks):
        if label or prose.reduce(text):
            draft.add_section(label, text, number)
    return draft.finish(lines.raw(blocks))


def _named(title: str) -> str:
    """Return a title without the mark of where it was taken from; a bare id is no title."""
    title = _POOLED.sub("", title)
    return "" if _ONLY_ID.match(title) else title


def _sections(draft: Draft, blocks: Sequence[Block]) -> Iterator[tuple[str, list[str], int]]:
    """Read track and links; yield label, lines and line number of each part of the analysis."""
    label, text, number = "", [], blocks[0].number  # type: str, list[str], int
    for line in _lines(blocks):
        if found := _FACTS.match(line.text):
            _read_facts(draft, found, line.number)
        elif _is_label(line.text):
            yield label, text, number
            label, text, number = line.text.strip("#* "), [], line.number
        else:
            text.append(line.text)
    yield label, text, number


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    """Yield the lines below the paper's heading; further headings are lines too."""
    for index, block in enumerate(blocks):
        if index and block.heading:
            yield Line(block.number, f"## {block.heading.text}", block.heading.text)
        yield from block.body


def _read_facts(draft: Draft, found: re.Match[str], number: int) -> None:
    if found["track"]:
        draft.add_fact("트랙", [found["track"]], number)
    for link in prose.links_in([found["links"]]):
        draft.add_link(link.url, link.label, number)


def _is_label(text: str) -> bool:
    """Return whether a line is a heading, or one in disguise: an emoji and a few words."""
    bare = text.strip("#* ")
    is_emoji = bool(bare) and unicodedata.category(bare[0]) == "So"
    return (text.startswith("## ") or is_emoji) and len(bare) <= _LONGEST_LABEL
