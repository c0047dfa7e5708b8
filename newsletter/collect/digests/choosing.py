"""Which parts of an outline are papers: those that hold exactly one, and that can name it. Pure.

A link in a heading names its paper, and so does a line of links or a label such as
``URL:``. A link in running text may only compare with another paper, so it counts where
nothing better is there. The title of the whole post names no paper that it only mentions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from newsletter.collect.digests import labels, links, naming, outline, tables
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.naming import Kind
from newsletter.collect.digests.outline import Part
from newsletter.collect.digests.prose import links_in


class Said(IntEnum):
    """How surely a link names the paper of the part that it stands in."""

    MENTIONED = 1
    LINKED = 2
    NAMED = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part that is a paper, and the row of a table where it is one of its rows."""

    part: Part
    paper: str
    said: Said
    row: Line | None = None

    @property
    def number(self) -> int:
        """The line that it begins on."""
        return (self.row or self.part.line).number


def papers(whole: Part) -> list[Chosen]:
    """Return the papers of a text, in order; one that is only mentioned elsewhere is taken once."""
    chooser = _Chooser(whole)
    found = chooser.below(whole) or chooser.alone(whole) or chooser.items(whole)
    found = sorted(found, key=lambda one: one.number)
    surely = {one.paper for one in found if one.said > Said.MENTIONED}
    kept: dict[str, Chosen] = {}
    for one in found:
        if one.said is Said.MENTIONED and one.paper not in surely:
            kept.setdefault(one.paper, one)
    return [one for one in found if one.said > Said.MENTIONED or kept.get(one.paper) is one]


def said_in(line: str, ids: tuple[str, ...]) -> Said:
    """Return how surely a line that is no heading names the papers that it links to."""
    told = labels.labels(line)
    if told and any(
        naming.ids(one.text) and (one.kind in {Kind.LINK, Kind.TITLE} or only_links(one.text))
        for one in told
    ):
        return Said.LINKED
    return Said.LINKED if ids and only_links(line) else Said.MENTIONED


def rows(part: Part) -> list[tuple[Line, str]]:
    """Return the rows of the tables of a part that hold one paper each."""
    return [
        (line, ids[0]) for line, ids in part.linking if len(ids) == 1 and tables.is_row(line.text)
    ]


class _Chooser:
    """Goes down an outline and takes what is a paper, the highest part that can be."""

    def __init__(self, whole: Part) -> None:
        own = [part for part in whole.parts if part.heading]
        highest = min((part.rank for part in own), default=0)
        first = own[0] if own and sum(part.rank == highest for part in own) == 1 else None
        self._title = first if first and first.rank == highest else None
        self._known: dict[int, bool] = {}

    def below(self, part: Part) -> list[Chosen]:
        """Return the papers among the parts right below one, and further down; and the rows of its tables."""
        found = [one for child in part.parts for one in self.of(child)]
        told = {one.paper for one in found}
        own = [
            Chosen(part, paper, Said.LINKED, row) for row, paper in rows(part) if paper not in told
        ]
        return [*found, *own] if found or len(own) > 1 or not self._can_name(part) else []

    def of(self, part: Part) -> list[Chosen]:
        """Return the papers of a part: itself, or those below it."""
        if not part.within:
            return []
        if self._can_name(part):
            if len(part.ids) == 1:
                return [Chosen(part, part.ids[0], Said.NAMED), *self._others(part, part.ids[0])]
            linked = self._told(part)
            if len(linked) == 1 and not (part is self._title and self._has_others(part, linked)):
                (paper,) = linked
                return [Chosen(part, paper, Said.LINKED), *self._others(part, paper)]
        if below := self.below(part):
            return below
        return self._mentioned(part) or self.items(part)

    def _others(self, part: Part, paper: str) -> list[Chosen]:
        """Return the papers further down whose own headings name them, as where levels are mixed."""
        found = self.below(part)
        return [
            one
            for one in found
            if one.said is Said.NAMED and one.paper != paper and one.part.heading
        ]

    def _has_others(self, part: Part, own: Iterable[str]) -> bool:
        return any(one.paper not in own for one in self.below(part))

    def _mentioned(self, part: Part) -> list[Chosen]:
        if part is self._title or not self._can_name(part):
            return []
        return [
            Chosen(part, paper, Said.MENTIONED) for paper in part.within if len(part.within) == 1
        ]

    def alone(self, whole: Part) -> list[Chosen]:
        """Return the whole of a text, where it links to one paper and no part of it can name that."""
        told = self._told(whole)
        is_one = len(told) == 1 and (len(whole.within) == 1 or not self.items(whole))
        return [Chosen(whole, paper, Said.LINKED) for paper in told if is_one]

    def items(self, part: Part) -> list[Chosen]:
        """Return the items of a part that names no paper itself, each with one paper."""
        found = []
        for child in part.parts:
            if len(child.within) == 1 and not child.heading:
                found += [Chosen(child, paper, Said.LINKED) for paper in child.within]
            elif len(child.within) > 1:
                found += self.items(child)
        return found

    def _told(self, part: Part) -> dict[str, None]:
        """Return the ids that a part links to itself, or through parts that can name nothing."""
        told: dict[str, None] = {}
        for line, ids in part.linking:
            if tables.is_row(line.text) or said_in(line.text, ids) is Said.LINKED:
                told |= dict.fromkeys(ids)
        for child in part.parts:
            if child.within and not self._can_name(child):
                if child.heading or said_in(child.line.text, child.ids) is Said.LINKED:
                    told |= dict.fromkeys(child.ids)
                told |= self._told(child)
        return told

    def _can_name(self, part: Part) -> bool:
        """Tell whether the opening line of a part can name a paper; asked more than once."""
        if (known := self._known.get(id(part))) is None:
            known = self._known[id(part)] = _can_name(part)
        return known


def _can_name(part: Part) -> bool:
    text = part.line.text
    if part.rank == outline.WHOLE:
        return False
    if part.heading:
        return naming.can_be_title(naming.title(_with_labels(part.heading.text)))
    if outline.names_title(text) or outline.begins_with_paper(text):
        return True
    if part.rank > outline.OPENING and not (part.ids and "**" in text):
        return False
    return not labels.labels(text) and naming.can_be_title(naming.title(_without_links(text)))


def _with_labels(text: str) -> str:
    return links.BARE_URL.sub(" ", links.MARKDOWN_LINK.sub(r" \1 ", text))


def _without_links(text: str) -> str:
    found = links.MARKDOWN_LINK.sub(" ", text)
    return links.BARE_URL.sub(" ", found)


def only_links(line: str) -> bool:
    """Tell whether a line holds links, and words that say nothing but what they lead to."""
    rest = _without_links(line)
    labelled = all(naming.is_link_word(found.label) for found in links_in([line]))
    return labelled and (not naming.words(rest) or naming.is_link_word(rest))
