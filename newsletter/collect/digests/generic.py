"""``generic``: any post that gives papers a heading, an item or a row each. Read last, and by guess.

Nobody has shown us the format. What is read is marked as unsure, what names no paper is
reported and left out, and the introduction is what stands above the first paper.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from itertools import islice

from newsletter.collect.digests import choosing, dates, naming, part_entry, prose, tables
from newsletter.collect.digests.choosing import Chosen
from newsletter.collect.digests.digest import Digest, Listing, Section
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.outline import WHOLE, Part, outline
from newsletter.collect.digests.part_entry import without_tags
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

# A list may hold thousands of lines that name no paper; beyond these, their number is enough.
_MOST_REPORTED = 30
# Where nothing else tells the day, one of these may.
_FIRST_LINES = 4
_INTRODUCES = naming.known(
    "trend trends overview summary intro introduction highlights editorial glance tldr about 트렌드 동향 흐름 요약 개요 소개"
    " 들어가며 인사 인사말 서문 총평 머리말 한눈에 브리핑 인사이트"
)  # fmt: skip
_IN_HAN = (
    "趋势",
    "综述",
    "概览",
    "概述",
    "导读",
    "总结",
    "前言",
    "概要",
    "総評",
    "トレンド",
    "はじめに",
)
# How many were looked through and how many were chosen: a number for the maker, not for readers.
_COUNT = re.compile(
    r"\W*[^\W\d_][^:：]{0,40}[:：]\W{0,6}\d[\d,.]{0,9}\s?(?:편|개|건|papers?|篇|本)?\W*"
)
# A longer line says more than the day that it names.
_LONGEST_DATE = 50
_CLOSES = re.compile(r"[)）】]")


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it; no digest where no paper is found."""
    whole = outline(post.lines)
    chosen = choosing.papers(whole)
    if not chosen:
        return (), ()
    findings: list[Finding] = []
    title = _title(post, whole, chosen)
    parts = {id(one.part) for one in chosen if not one.row}
    entries = tuple(
        part_entry.entry(one, parts, post.front.title or title, findings) for one in chosen
    )
    rest = _Rest(whole, chosen)
    start, end = _days(post, whole, title)
    digest = Digest(
        Listing.GENERIC,
        prose.title(title),
        entries,
        listed_on=end,
        period_start=start,
        observed_at=post.observed_at,
        intro=tuple(rest.intro()),
        credit=post.front.author,
    )
    unsure = Problem.UNSURE.at(read=len(entries))
    return (digest,), (unsure, *post.disagreements(title), *findings, *rest.reports())


def _title(post: Post, whole: Part, chosen: list[Chosen]) -> str:
    """Return the title of a post: its one highest heading, unless that is a paper among others."""
    own = [part for part in whole.parts if part.heading]
    first = own[0] if own and not any(part.rank <= own[0].rank for part in own[1:]) else None
    is_paper = len(chosen) > 1 and any(one.part is first and not one.row for one in chosen)
    if first is None or is_paper or naming.is_part(first.words):
        return post.front.title
    return naming.title(prose.inline(first.words)) or post.front.title


def _days(post: Post, whole: Part, title: str) -> tuple[date | None, date | None]:
    """Return the first day of a week, and the last day or the only one."""
    for text in (title, post.front.title):
        if week := dates.week(f"{_CLOSES.sub(']', text)}]") or dates.iso_week(text):
            return week
    first = islice((line.text for line in _lines(whole) if line.text.strip()), _FIRST_LINES)
    return None, post.day(title) or next(filter(None, map(dates.day, first)), None)


class _Rest:
    """What is no paper: the introduction, and what has to be reported."""

    def __init__(self, whole: Part, chosen: list[Chosen]) -> None:
        self._whole = whole
        self._title = next((part for part in whole.parts if part.heading), None)
        self._papers = {one.paper for one in chosen}
        self._chosen = {id(one.part) for one in chosen if not one.row}
        self._first = chosen[0].number
        self._holders = set(
            _holders(whole, self._chosen, {id(one.part) for one in chosen if one.row})
        )

    def intro(self) -> Iterator[Section]:
        """Yield what introduces the post: what stands above the first paper, no news among it."""
        for heading, own in self._above(self._whole):
            told = (without_tags(one.text) for one in own if one.number < self._first)
            text = prose.reduce(line for line in told if not _says_nothing(line))
            yield from prose.sections(heading, text) if text else ()

    def reports(self) -> Iterator[Finding]:
        """Yield a finding for each part that was left out."""
        own = list(self._left_out(self._whole))
        yield from (_report(part, self._papers) for part in own[:_MOST_REPORTED])
        if more := own[_MOST_REPORTED:]:
            yield Problem.MORE_LEFT_OUT.at(more[0].line.number, left=len(more))

    def _above(self, part: Part) -> Iterator[tuple[str, list[Line]]]:
        """Yield heading and lines of each stretch of the introduction."""
        if self._opens(part):
            yield "", list(self._own(part))
        elif _introduces(part):
            # Papers of a lower level may stand below the trends of the day.
            yield naming.title(part.words), list(self._own(part))
        for child in part.parts:
            if child.heading is None or child.line.number >= self._first:
                continue
            if id(child) in self._holders:
                yield from self._above(child)
            elif id(child) not in self._chosen and _introduces(child):
                yield naming.title(child.words), list(_lines(child))[1:]

    def _own(self, part: Part) -> Iterator[Line]:
        """Yield the lines of a part, and of its items that no paper is in."""
        for one in part.content:
            if isinstance(one, Line):
                yield one
            elif not one.heading and id(one) not in self._chosen | self._holders:
                yield from _lines(one)

    def _opens(self, part: Part) -> bool:
        return part in (self._whole, self._title) and id(part) not in self._chosen

    def _left_out(self, part: Part) -> Iterator[Part]:
        for child in part.parts if id(part) not in self._chosen else ():
            if id(child) in self._holders:
                yield from self._left_out(child)
            elif not (id(child) in self._chosen or self._is_told(part, child)) and _says_anything(
                child
            ):
                yield child

    def _is_told(self, part: Part, child: Part) -> bool:
        """Tell whether a part that is no paper is in the introduction."""
        above = child.line.number < self._first
        return above and (_introduces(child) if child.heading else self._opens(part))


def _says_nothing(line: str) -> bool:
    """Tell whether a line only counts, or dates: it introduces nothing."""
    is_date = len(line) <= _LONGEST_DATE and dates.day(line) is not None
    return is_date or tables.is_row(line) or _COUNT.fullmatch(line) is not None


def _holders(part: Part, chosen: Collection[int], in_rows: Collection[int]) -> Iterator[int]:
    """Yield the parts that papers stand below, or in whose tables they are."""
    inside = [held for child in part.parts for held in _holders(child, chosen, in_rows)]
    yield from inside
    below = any(id(child) in chosen for child in part.parts)
    if inside or below or part.rank == WHOLE or id(part) in in_rows:
        yield id(part)


def _lines(part: Part) -> Iterator[Line]:
    return (one if isinstance(one, Line) else one.line for one in part.walk())


def _introduces(part: Part) -> bool:
    if part.heading is None:
        return False
    told = naming.words(part.words)
    # What is written without blanks is one word.
    return any(word in _INTRODUCES or any(map(word.__contains__, _IN_HAN)) for word in told)


def _says_anything(part: Part) -> bool:
    return any(prose.inline(line.text) for line in _lines(part))


def _report(part: Part, papers: Collection[str]) -> Finding:
    """Return what is to be said of a part that was left out."""
    if part.within - set(papers):
        return Problem.NOT_TOLD_APART.at(part.line.number)
    return Problem.LEFT_OUT.at(part.line.number)
