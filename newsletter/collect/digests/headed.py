"""Posts in which every paper has a heading of its own: top5, wtp and imrlc are such."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from newsletter.collect.digests import links, prose
from newsletter.collect.digests.digest import Section
from newsletter.collect.digests.entries import LIKES, Draft
from newsletter.collect.digests.lines import Block, Heading
from newsletter.common.findings import Finding

# Headings that a model numbers now and then, and that are still sections.
_SECTION_WORDS = re.compile(
    r"(?:introduction|background|related|method|approach|experiment|result|evaluation|discussion|limitation|"
    r"conclusion|abstract|summary|서론|소개|배경|방법|실험|결과|한계|결론|요약|초록)",
    re.IGNORECASE,
)
_MARKS = " -–—|·,:*"


@dataclass(frozen=True, slots=True)
class Headed:
    """One paper: the block under its heading, and the blocks of its sections."""

    head: Block
    heading: Heading
    sections: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All its blocks, in order."""
        return (self.head, *self.sections)


def paper_headings(
    blocks: Sequence[Block], shows_paper: Callable[[Block], bool] | None = None
) -> Callable[[Block], bool]:
    """Return the test that tells the headings of papers from those of sections.

    A link with an arXiv id always names a paper. Without one, a heading must stand
    as high as the others do, and have a link or a number. In a format without
    numbers, ``shows_paper`` tells whether what stands below is a paper's.
    """
    level = _paper_level(blocks, need_number=shows_paper is None)

    def names_paper(block: Block) -> bool:
        heading = block.heading
        if heading is None or links.arxiv_id(heading.url):
            return heading is not None
        if level is not None and heading.level != level:
            return False
        return bool(heading.url) or (shows_paper(block) if shows_paper else _is_numbered(heading))

    return names_paper


def _paper_level(blocks: Sequence[Block], *, need_number: bool) -> int | None:
    """Return the level of most headings that link to a paper, else of the first that may be one."""
    own = [block.heading for block in blocks if block.heading]
    levels = [heading.level for heading in own if links.arxiv_id(heading.url)]
    if levels:
        return max(set(levels), key=levels.count)
    able = (heading.level for heading in own if heading.url or _is_numbered(heading))
    return next(able, None) if need_number else min((h.level for h in own), default=None)


def _is_numbered(heading: Heading) -> bool:
    return heading.number is not None and not _SECTION_WORDS.match(heading.title)


def intro(blocks: Sequence[Block], names_paper: Callable[[Block], bool]) -> tuple[Section, ...]:
    """Return what is written above the first paper; the title is a heading and no text."""
    above = takewhile(lambda block: not names_paper(block), blocks)
    told = ((block, prose.reduce(line.text for line in block.body)) for block in above)
    return tuple(
        section
        for index, (block, text) in enumerate(told)
        if text
        for section in prose.sections(block.heading.text if block.heading and index else "", text)
    )


def begin(paper: Headed, findings: list[Finding]) -> Draft:
    """Return the draft of a paper with all that its heading tells: links, votes, further words."""
    heading, number = paper.heading, paper.head.number
    draft = Draft(heading.title, number, findings=findings)
    if heading.url:
        draft.add_link(heading.url, "", number)
    for found in prose.links_in([heading.rest]):
        draft.add_link(found.url, found.label, number)
    rest = links.MARKDOWN_LINK.sub("", heading.rest)
    if liked := LIKES.search(rest):
        draft.read_votes(liked[1], number)
    rest = LIKES.sub("", rest).strip(_MARKS)
    if re.search(r"\w", rest):
        draft.add_section("", [rest], number)
    return draft


def papers(blocks: Sequence[Block], names_paper: Callable[[Block], bool]) -> Iterator[Headed]:
    """Yield the papers of the blocks; what stands before the first is no part of any."""
    starts = [index for index, block in enumerate(blocks) if names_paper(block)]
    for start, end in pairwise([*starts, len(blocks)]):
        heading = blocks[start].heading
        assert heading is not None  # noqa: S101 - chosen above by its heading
        yield Headed(blocks[start], heading, tuple(blocks[start + 1 : end]))
