"""Tables of papers: each row with an arXiv address is a paper, its cells are what is said of it."""

import re
from collections.abc import Collection, Sequence

from newsletter.collect.digests import links, prose
from newsletter.collect.digests.digest import DigestEntry
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Line
from newsletter.common.findings import Finding

# What stands before each cell of a page while it is read.
CELL = "\x1f"
_CELLS = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"#|\d{0,3}$")
_TITLE = re.compile(r"논문|제목|title|paper", re.IGNORECASE)
_AUTHORS = re.compile(r"저자|authors?", re.IGNORECASE)
_ONLY_LINKS = re.compile(r"링크|link", re.IGNORECASE)


def entries(
    blocks: Sequence[Block], findings: list[Finding], *, besides: Collection[str] = ()
) -> list[DigestEntry]:
    """Return the papers of the tables in some blocks, without those whose ids are known."""
    found, names = [], []  # type: list[DigestEntry], list[str]
    for line in (line for block in blocks for line in block.body):
        own = cells(line.text)
        told = links.arxiv_ids(links.BARE_URL.findall(line.text))
        if own and not told and not names:
            names = own
        elif own and told and told[0] not in besides:
            found.append(_entry(line, own, names, findings))
    return found


def row(text: str) -> str:
    """Return the row of a page as one of a table, if it names a paper; else its cells as running text."""
    if CELL not in text:
        return text
    own = [cell.strip() for cell in text.split(CELL)]
    if any(map(links.arxiv_id, links.BARE_URL.findall(text))):
        return f"| {' | '.join(cell.replace('|', ' ') for cell in own[1:])} |"
    return " ".join(own)


def is_row(text: str) -> bool:
    """Return whether a line is part of a table."""
    return bool(cells(text))


def cells(text: str) -> list[str]:
    """Return the cells of a row, none for a line that is none."""
    text = text.strip()
    if not text.startswith("|") or not text.endswith("|"):
        return []
    return [cell.strip().replace("\\|", "|") for cell in _CELLS.split(text[1:-1])]


def _entry(
    line: Line, own: Sequence[str], names: Sequence[str], findings: list[Finding]
) -> DigestEntry:
    named = [(names[at] if at < len(names) else "", cell) for at, cell in enumerate(own)]
    draft = Draft("", line.number, findings=findings)
    for name, cell in named:
        if _NUMBER.fullmatch(cell):
            continue
        for found in prose.links_in([cell]):
            draft.add_link(found.url, "", line.number)
        if not draft.title and _TITLE.match(name):
            draft.title = prose.inline(cell)
        elif _AUTHORS.match(name):
            draft.authors = prose.names(cell)
        elif not _ONLY_LINKS.match(name):
            draft.add_fact(name, [cell.replace("`", "")], line.number)
    return draft.finish(line.raw)
