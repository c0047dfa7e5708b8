"""One row of a table that nobody described as the entry of a paper: its first row names the cells. Pure."""

import re
from collections.abc import Iterator, Sequence

from newsletter.collect.digests import labels, links, naming, outline, prose, tables
from newsletter.collect.digests.choosing import Chosen
from newsletter.collect.digests.digest import DigestEntry
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.naming import Kind
from newsletter.common.findings import Finding

_EMPTY = re.compile(r"\W*(?:null|none|n/?a|\d{0,4}(?:[-./]\d{1,2}){0,2})?\W*", re.IGNORECASE)
_FEWEST_WORDS = 2


def entry(chosen: Chosen, row: Line, findings: list[Finding]) -> DigestEntry:
    """Return the paper of a row."""
    draft = Draft("", row.number, findings=findings)
    draft.own_urls.append(f"https://arxiv.org/abs/{chosen.paper}")
    for url in links.BARE_URL.findall(row.text):
        draft.add_further_link(url, "", row.number)
    named = list(_named(chosen, row))
    at = _title_at(named)
    draft.title, rest = _title(named[at][1]) if at is not None else ("", "")
    if rest:
        draft.add_section("", [rest], row.number)
    for name, cell in (cell for place, cell in enumerate(named) if place != at):
        _take(draft, name, cell, row.number)
    return draft.finish(row.raw)


def _named(chosen: Chosen, row: Line) -> Iterator[tuple[str, str]]:
    """Yield name and text of each cell; the names stand in the first row without a paper."""
    table = [
        line for line in chosen.part.content if isinstance(line, Line) and line.number < row.number
    ]
    first = next(
        (line.text for line in table if tables.is_row(line.text) and not naming.ids(line.text)), ""
    )
    names = [prose.inline(name).strip("* ") for name in tables.cells(first)]
    for at, cell in enumerate(tables.cells(row.text)):
        yield (names[at] if at < len(names) else ""), cell


def _title_at(named: Sequence[tuple[str, str]]) -> int | None:
    """Return which cell has the title: by its name, its link, or as the first with some words."""
    for fits in (_is_named_title, _links_title, _has_words):
        found = next((at for at, (name, cell) in enumerate(named) if fits(name, cell)), None)
        if found is not None:
            return found
    return None


def _is_named_title(name: str, cell: str) -> bool:
    return naming.kind_of(name) is Kind.TITLE and bool(_title(cell)[0])


def _links_title(_name: str, cell: str) -> bool:
    return outline.first_link(cell) is not None


def _has_words(name: str, cell: str) -> bool:
    """Tell whether a cell may hold the title: more than an id, and no authors."""
    if naming.kind_of(name) in {Kind.AUTHORS, Kind.FILED, Kind.INSTITUTION}:
        return False
    words = naming.words(_title(cell)[0])
    return len(words) >= _FEWEST_WORDS or (bool(words) and "**" in cell)


def _title(cell: str) -> tuple[str, str]:
    """Return the title that a cell tells, and the text behind it."""
    if found := outline.first_link(cell):
        return found[0], ""
    if bold := labels.BOLD_FIRST.match(cell):
        return naming.title(bold["title"]), bold["rest"].strip(" -–—:：")
    text = prose.inline(cell)
    return ("", "") if naming.is_link_word(text) else (naming.title(text), "")


def _take(draft: Draft, name: str, cell: str, number: int) -> None:
    """Take a cell that is not the title."""
    text = prose.inline(cell)
    if _EMPTY.fullmatch(text) or naming.is_link_word(text):
        return
    kind = naming.kind_of(name)
    if kind is Kind.AUTHORS:
        draft.authors = labels.names(text)
    elif kind is Kind.INSTITUTION:
        draft.institution = text
    elif kind is Kind.VOTES:
        draft.read_votes(text, number)
    elif name and kind is Kind.SECTION:
        draft.add_fact(name, [cell.replace("`", "")], number)
