"""``hf-ranking``: the ten most liked papers of a day, or of a month, as a numbered list.

``1. **Title** - 👍 80`` opens a paper; what belongs to it stands indented below.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise

from newsletter.collect.digests import dates, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Format, Section
from newsletter.collect.digests.entries import LIKES, Draft
from newsletter.collect.digests.lines import Block, Line
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_OPENS = re.compile(r"\s{0,3}(\d{1,3})[.)]\s+(?:\*\*|__)|\s{0,3}\d{1,3}[.)]\s++.*👍")
# An item may be dressed as a heading; what it says is the same.
_HEADED = re.compile(r"\s{0,3}#{1,6}\s+(?=\d{1,3}[.)]\s.*👍)")
_ITEM = re.compile(r"\s{0,3}\d{1,3}[.)]\s++(?:\*\*|__)")
_PLAIN_ITEM = re.compile(r"\s{0,3}\d{1,3}[.)]\s++")
_ALONE = re.compile(
    r"\W{0,20}(?:(?:likes?|좋아요)\W{0,5})?(\d[\d,.]*\s?[kK]?)?\s?(?:likes?|upvotes?|votes?|표|개)?\W{0,20}$",
    re.IGNORECASE,
)
# A bullet that stands deeper belongs to the text of the one above it, if there is one.
_BULLET = re.compile(r"\s{0,4}[-*•+]\s+(.*)$")
_ANY_BULLET = re.compile(r"\s*[-*•+]\s+(.*)$")
_LABEL = re.compile(
    r"(?:\*\*(?=[^*]{1,120}\*\*)(?P<bold>[^*]+?)\s*(?:[:：]\s*\*\*|\*\*\s*[:：])"
    r"|(?P<plain>[^\[\]():：*]{1,30}?)\s*[:：])\s*(?P<text>.*)$"
)
_LIST = re.compile(r"순위|인기 있는|ranking|top \d", re.IGNORECASE)
_INSTITUTION = re.compile(r"기관|소속|institutions?|organi[sz]ations?", re.IGNORECASE)
_AUTHORS = re.compile(r"저자|authors?", re.IGNORECASE)
_STATED_COUNT = re.compile(r"총\s*\*{0,2}(\d{1,9})개?\*{0,2}\s*개?의 논문")
_MONTHLY = re.compile(r"월간|monthly", re.IGNORECASE)
# "NVIDIA433" is NVIDIA with stars and comments; "·4 authors1" is no institution.
# The point of "Co., Ltd.343" is the name's own.
_COUNTERS = re.compile(r"(?:(?<=[^\d\s.,])|(?<=[^\W\d][.,]))\d[\d.,]*(?:[kK]\d*)?$")
_COUNT_OF_AUTHORS = re.compile(r"·?\s*\d+\s*authors?\s*[\d.,kK]*$", re.IGNORECASE)
_LONGEST_TITLE = 4
# An emoji and a word may stand before the link that a bullet is.
_BEFORE_A_LINK = 12


@dataclass(frozen=True, slots=True)
class _Item:
    title: str
    rest: str
    lines: tuple[Line, ...]
    body: tuple[Line, ...]


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    undressed = (replace(line, text=_undressed(line.text)) for line in post.lines)
    blocks = lines.blocks(tuple(undressed))
    title = next((block.heading.text for block in blocks if block.heading), "")
    findings: list[Finding] = list(post.disagreements(title))
    first = next((i for i, b in enumerate(blocks) if b.heading and _heads_list(b)), 0)
    intro = [section for i, block in enumerate(blocks) for section in _intro(block, i >= first)]
    items = [item for block in blocks[first:] for item in _items(block.body)]
    entries = without_counters([_entry(item, findings) for item in items])
    digest = Digest(
        Format.HF_RANKING,
        prose.title(title or post.front.title),
        tuple(entries),
        listed_on=post.day(title),
        observed_at=post.observed_at,
        intro=tuple(intro),
        credit=post.front.author,
    )
    return (_dated(digest, findings),), (*findings, *_miscounted(post, len(entries)))


def institution(text: str) -> str:
    """Return an institution, empty where its place was taken by a number of authors."""
    return "" if _COUNT_OF_AUTHORS.match(text) else prose.title(text)


def without_counters(entries: Sequence[DigestEntry]) -> list[DigestEntry]:
    """Part the counters from the institutions, where the post glued them to most of them."""
    named = [entry.institution for entry in entries if entry.institution]
    glued = sum(bool(_COUNTERS.search(name)) for name in named)
    if 2 * glued <= len(named):
        return list(entries)
    return [
        replace(entry, institution=_COUNTERS.sub("", entry.institution).strip())
        for entry in entries
    ]


def _dated(digest: Digest, findings: list[Finding]) -> Digest:
    """Return the digest with the days of its month, where it sums up a month."""
    span = dates.month(digest.title) if _MONTHLY.search(digest.title) else None
    if span is None:
        return digest
    findings.append(Problem.MONTH_SUMMARY.at())
    return replace(digest, period_start=span[0], listed_on=span[1])


def _miscounted(post: Post, read: int) -> Iterator[Finding]:
    for line in post.lines:
        stated = _STATED_COUNT.search(line.text)
        if stated and int(stated[1]) != read:
            yield Problem.COUNT_DIFFERS.at(line.number, stated=stated[1], read=read)


def _heads_list(block: Block) -> bool:
    """Return whether a block is the list of papers; what stands above it is the intro."""
    listed = block.heading is not None and bool(_LIST.search(block.heading.text))
    return listed and any(_opens(block.body, index) for index in range(len(block.body)))


def _intro(block: Block, may_list: bool) -> tuple[Section, ...]:
    """Return what stands above the papers, if it is more than their count."""
    opened = (i for i, line in enumerate(block.body) if may_list and _opens(block.body, i))
    first = next(opened, len(block.body))
    above = [line.text for line in block.body[:first] if not _STATED_COUNT.search(line.text)]
    text = prose.reduce(above)
    # The highest heading is the title of the post and not of its intro.
    heading = block.heading.text if block.heading and block.heading.level > 1 else ""
    return prose.sections(heading, text) if text else ()


def _items(body: Sequence[Line]) -> Iterator[_Item]:
    """Yield the items; a numbered list in a text, in bold as they are, stays in that text."""
    starts = _starts(body)
    told = [_tells_paper(body[start:end]) for start, end in pairwise([*starts, len(body)])]
    if any(told):
        told[0] = True
        starts = list(compress(starts, told))
    for start, end in pairwise([*starts, len(body)]):
        yield _item(body[start:end])


def _starts(body: Sequence[Line]) -> list[int]:
    starts: list[int] = []
    for index in range(len(body)):
        if _opens(body, index) and not (starts and _is_broken(body[starts[-1] : index])):
            starts.append(index)
    return starts


def _tells_paper(own: Sequence[Line]) -> bool:
    """Return whether likes or a paper's address show that a stretch is an item."""
    liked = any(LIKES.search(line.text) or "👍" in line.text for line in own[:_LONGEST_TITLE])
    return liked or any(links.arxiv_id(line.text) for line in own)


def _is_broken(own: Sequence[Line]) -> bool:
    """Return whether the title of an item goes on below: its bold words have no end yet."""
    text = "\n".join(line.text for line in own)
    bulleted = any(_BULLET.match(line.text) for line in own)
    return len(own) < _LONGEST_TITLE and text.count("**") == 1 and not bulleted


def _opens(body: Sequence[Line], index: int) -> bool:
    return bool(_OPENS.match(body[index].text))


def _item(own: Sequence[Line]) -> _Item:
    """Return an item; its title may be broken over several lines."""
    text = ""
    for length, line in enumerate(own[:_LONGEST_TITLE], 1):
        text = f"{text} {line.text.strip()}".strip()
        if found := _in_bold(text) or _plain(text):
            return _Item(*found, tuple(own), tuple(own[length:]))
    return _Item(own[0].text.split(maxsplit=1)[-1], "", tuple(own), tuple(own[1:]))


def _in_bold(text: str) -> tuple[str, str] | None:
    """Return title and rest of ``1. **Title** - rest``; in the rest stands no star."""
    opened = _ITEM.match(text)
    if opened is None:
        return None
    body = text[opened.end() :]
    star = body.rfind("*")
    end = max(body.rfind("__", star + 1), star - 1 if body[: star + 1].endswith("**") else -1)
    return (body[:end], body[end + 2 :].lstrip()) if end >= 0 else None


def _plain(text: str) -> tuple[str, str] | None:
    """Return title and rest of ``1. Title - 👍 80``."""
    opened = _PLAIN_ITEM.match(text)
    at = text.find("👍", opened.end()) if opened else -1
    if opened is None or at < 0:
        return None
    title = text[opened.end() : at].rstrip()
    return (title[:-1].rstrip() if title.endswith(("-", "–", "—")) else title), text[at:]


def _undressed(text: str) -> str:
    found = _HEADED.match(text)
    return text[found.end() :] if found else text


def _entry(item: _Item, findings: list[Finding]) -> DigestEntry:
    draft = Draft(item.title, item.lines[0].number, findings=findings)
    _read_title(draft, item)
    for heading, text, number in _sections(draft, draft.take_media(item.body)):
        draft.add_section(heading, text, number)
    return draft.finish("\n".join(line.raw for line in item.lines))


def _read_title(draft: Draft, item: _Item) -> None:
    """Read votes behind the title, and the link that it may be."""
    number = item.lines[0].number
    if item.rest.strip():
        likes = LIKES.search(item.rest) or _ALONE.match(item.rest)
        draft.read_votes((likes[1] or "-") if likes else item.rest, number)
    if linked := links.MARKDOWN_LINK.fullmatch(item.title.strip()):
        draft.title = linked[1]
        draft.add_link(linked[2], "", number)


def _sections(draft: Draft, body: Sequence[Line]) -> Iterator[tuple[str, list[str], int]]:
    """Read links, institution and authors; yield the labelled texts."""
    current: tuple[str, list[str], int] | None = None
    for line in body:
        bullet = (_BULLET if current else _ANY_BULLET).match(line.text)
        label = _LABEL.match(bullet[1]) if bullet else None
        name = (label["bold"] or label["plain"]).strip() if label else ""
        if bullet and _takes_links(draft, bullet[1], line.number):
            continue
        if label and _INSTITUTION.fullmatch(name):
            draft.institution = institution(label["text"])
        elif label and _AUTHORS.fullmatch(name):
            draft.authors = prose.names(label["text"])
        elif label:
            if current:
                yield current
            current = (name, [label["text"]], line.number)
        elif current or line.text.strip():
            current = current or ("", [], line.number)
            current[1].append(line.text)
    if current:
        yield current


def _takes_links(draft: Draft, text: str, number: int) -> bool:
    """Take the links of a bullet that is nothing else; return whether it was one."""
    if draft.takes_links(text, number):
        return True
    found = links.MARKDOWN_LINK.search(text)
    if found is None or found.start() >= _BEFORE_A_LINK or text[found.end() :].strip():
        return False
    draft.add_link(found[2], found[1], number)
    return True
