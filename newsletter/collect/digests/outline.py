"""A post as an outline: headings, items of lists, and what stands below each of them. Pure.

The readers of named formats know which headings they will meet. This one knows none, so
an item that may turn out to be a paper is a part like a heading is, only a lower one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.collect.digests import labels, lines, links, naming, tables
from newsletter.collect.digests.lines import Block, Heading, Line
from newsletter.collect.digests.naming import Kind

_ITEM = re.compile(r"(?P<indent>\s{0,20})(?:[-*•+]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_BOLD_NUMBER = re.compile(r"\s{0,3}\*\*\s?(?:\[?\d{1,3}[.)\]])\s?[^*]{3,300}\*\*")
_RULE = re.compile(r"\s*[-*_][-*_\s]*$")
# A line that says more behind its first link is running text, unless it is an item of a list.
_MOST_WORDS_BEHIND = 6
# Headings have the ranks 1 to 6; then come lines that open a paper, then bullets by their depth.
WHOLE, BOLD, OPENING, BULLET = 0, 7, 8, 10


@dataclass(slots=True)
class Part:
    """A heading or an item, its own lines and the parts below it, in their order."""

    rank: int
    line: Line
    heading: Heading | None = None
    content: "list[Line | Part]" = field(default_factory=list)
    ids: tuple[str, ...] = ()
    """The papers that its opening line tells."""
    linking: list[tuple[Line, tuple[str, ...]]] = field(default_factory=list)
    """Its own lines that tell papers, and which."""
    within: frozenset[str] = frozenset()
    """The papers that are told in it or below it."""

    @property
    def parts(self) -> "Iterator[Part]":
        """The parts right below it."""
        return (one for one in self.content if isinstance(one, Part))

    @property
    def words(self) -> str:
        """What its opening line says."""
        return self.heading.text if self.heading else self.line.text

    def take(self, line: Line) -> None:
        """Put a line into it."""
        self.content.append(line)
        if ids := naming.ids(line.text):
            self.linking.append((line, ids))

    def close(self) -> frozenset[str]:
        """Sum up which papers are told in it, once all is in it."""
        own = {paper for _, ids in self.linking for paper in ids}
        self.within = frozenset(own.union(self.ids, *(part.close() for part in self.parts)))
        return self.within

    def walk(self) -> "Iterator[Line | Part]":
        """Yield it, its lines and its parts with theirs, in the order of the text."""
        yield self
        for one in self.content:
            if isinstance(one, Part):
                yield from one.walk()
            else:
                yield one


def outline(own: Sequence[Line]) -> Part:
    """Return the whole of a text as one part, with its parts below it."""
    whole = Part(WHOLE, Line(own[0].number if own else 1, "", ""))
    open_parts = [whole]
    for block in lines.blocks(own):
        if block.heading:
            _open(open_parts, _headed(block, block.heading))
        _add(open_parts, block.body)
    whole.close()
    return whole


def _headed(block: Block, heading: Heading) -> Part:
    below = sum(len(line.raw) + 1 for line in block.body)
    raw = block.raw[: len(block.raw) - below] if below else block.raw
    line = Line(block.number, f"{'#' * heading.level} {heading.text}", raw)
    return Part(heading.level, line, heading, ids=naming.ids(heading.text))


def _add(open_parts: list[Part], body: Sequence[Line]) -> None:
    """Put lines where they belong; what is not indented, behind a gap, ends a list of bullets."""
    gap = False
    for line in body:
        rank = _rank(line.text)
        if rank:
            _open(open_parts, Part(rank, line, ids=naming.ids(line.text)))
        elif line.text.strip():
            while gap and open_parts[-1].rank >= BULLET and not line.text.startswith(" "):
                open_parts.pop()
            open_parts[-1].take(line)
        else:
            open_parts[-1].take(line)
        gap = not line.text.strip()


def _open(open_parts: list[Part], part: Part) -> None:
    while open_parts[-1].rank >= part.rank and not _tells_of(part, open_parts[-1]):
        open_parts.pop()
    open_parts[-1].content.append(part)
    open_parts.append(part)


def _tells_of(part: Part, above: Part) -> bool:
    """Tell whether an item says something of the paper above it: a page has no depth in its lists."""
    alike = part.rank == above.rank >= OPENING and part.heading is None
    return alike and begins_with_paper(above.line.text) and bool(labels.labels(part.line.text))


def _rank(text: str) -> int:
    """Return the rank of the part that a line opens, 0 where it opens none."""
    if not text.strip() or _RULE.match(text) or tables.is_row(text):
        return 0
    found = _ITEM.match(text)
    if names_title(text) or (not found and begins_with_paper(text)):
        return OPENING
    if found is None:
        return BOLD if _BOLD_NUMBER.match(text) else 0
    depth = len(found["indent"])
    if found["number"] and depth < 2:  # noqa: PLR2004 - as Markdown has it, one blank may stand there
        return OPENING
    return BULLET + depth


def names_title(text: str) -> bool:
    """Tell whether a line is a label such as ``Title:`` with a title behind it."""
    has_colon = ":" in text or "：" in text
    return has_colon and any(one.kind is Kind.TITLE and one.text for one in labels.labels(text))


def begins_with_paper(text: str) -> bool:
    """Tell whether a line begins with a link to a paper whose label can be a title."""
    found = first_link(text)
    if found is None or text.lstrip().startswith(">") or naming.words(found[2]):
        return False
    behind = found[3]
    return not behind[:1].isalnum() and (
        bool(_ITEM.match(text)) or len(naming.words(behind)) <= _MOST_WORDS_BEHIND
    )


def first_link(text: str) -> tuple[str, str, str, str] | None:
    """Return label, id, what stands before and what stands behind the first link that names a paper."""
    if "](" not in text:
        return None
    for found in links.MARKDOWN_LINK.finditer(text):
        told = links.arxiv_id(found[2])
        label = naming.title(found[1])
        if told and label and not naming.is_link_word(label):
            return label, told.lower(), text[: found.start()], text[found.end() :]
    return None
