"""``pytorchkr-derived``: the papers of the forum's week, told again from their abstracts alone.

Where no Korean could be written, a mark in italics says so and the English abstract
stands below it: a text that is there, and still a failure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.collect.digests import dates, headed, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Link, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Line
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_FACTS = re.compile(r"\*(?P<authors>[^*`]+)·\s*(?P<facts>`[^*`]+`[^*`]*)\*\s*$")
_AND_OTHERS = re.compile(r"\s외(?:\s?\d+\s?명)?\s?$")
_ABSTRACT = re.compile(r">\s*\*\*(?P<label>Abstract)\.?\*\*\.?\s*(?P<text>.*)$", re.IGNORECASE)
_FAILED = re.compile(r"_\((?=[^()]*실패)[^()]*+\)_\s*$")
_SOURCE = re.compile(r"\W*(?:출처|원문)\W*$")
_SAYS_SOURCE = re.compile(r"출처|원문")


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    blocks = lines.blocks(tuple(_without_failures(post.lines, findings)))
    sources = [block for block in blocks if _is_source(block)]
    own = [block for block in blocks if not _is_source(block)]
    week = dates.week(post.front.title)
    digest = Digest(
        Listing.PYTORCHKR_DERIVED,
        post.front.title,
        tuple(_entry(paper, findings) for paper in headed.papers(own, _names_paper)),
        listed_on=week[1] if week else post.day(),
        period_start=week[0] if week else None,
        intro=headed.intro(own, _names_paper),
        credit=" ".join(prose.reduce(line.text for line in block.body) for block in sources),
        origin=_origin(post, sources, own),
    )
    return (digest,), tuple(findings)


def _without_failures(own: Sequence[Line], findings: list[Finding]) -> Iterator[Line]:
    """Yield the lines, empty where they only say that nothing could be written; report those."""
    for line in own:
        if _FAILED.match(line.text.strip()):
            findings.append(Problem.FAILED_TEXT.at(line.number))
            yield replace(line, text="")
        else:
            yield line


def _is_source(block: Block) -> bool:
    return block.heading is not None and bool(_SOURCE.match(block.heading.text))


def _origin(post: Post, sources: Sequence[Block], own: Sequence[Block]) -> Link | None:
    """Return whose list it tells again: by the block of its sources, or by the quote on top."""
    opening = (line for block in own if block.heading is None for line in block.body)
    told = [line.text for block in sources for line in block.body]
    told += [line.text for line in opening if _SAYS_SOURCE.search(line.text)]
    for text in told:
        for label, url in links.MARKDOWN_LINK.findall(text):
            if name := post.front.source or prose.title(label):
                return links.link(url, name)
    return None


def _names_paper(block: Block) -> bool:
    return block.heading is not None and block.heading.number is not None


def _entry(paper: headed.Headed, findings: list[Finding]) -> DigestEntry:
    draft = headed.begin(paper, findings)
    for heading, text, number in _sections(draft, draft.take_media(paper.head.body)):
        if heading or prose.reduce(text):
            draft.add_section(heading, text, number)
    for block in paper.sections:
        if block.heading:
            draft.add_section(block.heading.text, [one.text for one in block.body], block.number)
    return draft.finish(lines.raw(paper.blocks))


def _sections(draft: Draft, body: Sequence[Line]) -> Iterator[tuple[str, list[str], int]]:
    """Read authors and links; yield what was told again, and the abstract that it was told from."""
    heading, text, number = "", [], draft.line  # type: str, list[str], int
    for line in body:
        if found := _ABSTRACT.match(line.text):
            yield heading, text, number
            heading, text, number = found["label"], [found["text"]], line.number
        elif found := _FACTS.match(line.text.strip()):
            draft.authors = prose.names(_AND_OTHERS.sub("", found["authors"]))
            draft.add_section("", [found["facts"].replace("`", "")], line.number)
        elif not draft.takes_links(line.text, line.number):
            text.append(line.text)
    yield heading, text, number
