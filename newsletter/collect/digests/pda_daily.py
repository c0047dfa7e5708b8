"""``pda-daily``: a report on three papers of a day, and a table of further ones.

The sections of a paper have higher headings than the paper itself, so a paper is
the numbered heading with its arXiv address right below.
"""

import re
from collections.abc import Sequence

from newsletter.collect.digests import dates, lines, links, prose, tables
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing, Section
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

# How good it is, and whether its code was found: "⭐⭐⭐⭐ [GitHub ✓]".
_CODE_FOUND = re.compile(r"\[GitHub\W{0,4}\]$", re.IGNORECASE)
_STARS = "⭐★☆\ufe0f" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_FACT = re.compile(r"\s*\*\*([^*]{1,30})\*\*\s*[:：]\s*(.*)$")
_LINKED = re.compile(r"arXiv|PDF|GitHub|Code|코드|링크|Project", re.IGNORECASE)
_MADE = re.compile(r"\s*\*?Generated at (.*)$")
_OTHERS = re.compile(r"\W*기타\s*주목할")
_SECTION_LEVEL = 2


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    blocks = lines.blocks(post.lines)
    title = next((block.heading.text for block in blocks if block.heading), "")
    above, papers = lines.grouped(blocks, _opens)
    made = (found[1] for line in post.lines if (found := _MADE.match(line.text)))
    digest = Digest(
        Listing.PDA_DAILY,
        prose.title(title),
        tuple(entry for paper in papers for entry in _entries(paper, findings)),
        listed_on=post.day(title),
        observed_at=dates.instant(next(made, "")),
        intro=tuple(_intro(above)),
    )
    return (digest,), tuple(findings)


def _opens(block: Block) -> bool:
    """Return whether a block is a paper's first, or the table of further papers."""
    heading = block.heading
    if heading is None:
        return False
    first = next((line.text for line in block.body if line.text.strip()), "")
    numbered = heading.number is not None and bool(links.arxiv_ids(links.BARE_URL.findall(first)))
    return numbered or bool(_OTHERS.match(heading.text))


def _entries(blocks: Sequence[Block], findings: list[Finding]) -> list[DigestEntry]:
    heading = blocks[0].heading
    if heading and heading.number is None:
        return tables.entries(blocks, findings)
    return [_entry(blocks, findings)]


def _entry(blocks: Sequence[Block], findings: list[Finding]) -> DigestEntry:
    heading = blocks[0].heading
    draft = Draft(
        _CODE_FOUND.sub("", heading.title if heading else "").rstrip(_STARS),
        blocks[0].number,
        findings=findings,
    )
    rest = [line.text for line in blocks[0].body if not _take_fact(draft, line.text, line.number)]
    if prose.reduce(rest):
        draft.add_section("", rest, blocks[0].number)
    for own in _sections(blocks[1:]):
        heading = own[0].heading
        text = [line.text for line in own[0].body if not _MADE.match(line.text)]
        for block in own[1:]:
            below = block.heading.text if block.heading else ""
            text += ["", f"**{below}**", "", *(line.text for line in block.body)]
        draft.add_section(heading.text if heading else "", text, own[0].number)
    return draft.finish(lines.raw(blocks))


def _take_fact(draft: Draft, text: str, number: int) -> bool:
    """Take a line such as ``**PDF**: [다운로드](…)``; return whether it was one."""
    found = _FACT.match(text)
    if found is None:
        return False
    if not _LINKED.match(found[1]):
        draft.add_fact(found[1], [found[2]], number)
        return True
    for url in dict.fromkeys(links.BARE_URL.findall(found[2])):
        draft.add_link(url, found[1], number)
    return True


def _sections(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks of each section, the lower headings with the one above them."""
    own: list[list[Block]] = []
    for block in blocks:
        if not own or (block.heading and block.heading.level <= _SECTION_LEVEL):
            own.append([])
        own[-1].append(block)
    return own


def _intro(blocks: Sequence[Block]) -> list[Section]:
    told = ((block.heading, prose.reduce(line.text for line in block.body)) for block in blocks)
    # The highest heading is the title of the report and not of its intro.
    return [
        prose.section(heading.text if heading and heading.level > 1 else "", text)
        for heading, text in told
        if text
    ]
