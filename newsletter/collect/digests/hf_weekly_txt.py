"""``hf-weekly-txt``: the ten papers of a week as plain text, the abstract in English and Korean.

``--- 1. Title ---`` opens a paper, and may be broken over two lines. Every text is
wrapped by hand.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter.collect.digests import dates, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_OPENS = re.compile(r"-{3,}\s*\d{1,3}[.)]\s+\S")
_OPENS_TITLE = re.compile(r"-{3,}\s*\d{1,3}[.)]\s+")
_CLOSING_DASHES = 3
_LINK = re.compile(r"\s*(?:Link|링크|URL)\s*[:：]\s*(\S+)\s*$", re.IGNORECASE)
_SOURCE = re.compile(r"\s*(?:출처|Source)\s*[:：]\s*(\S.*)$", re.IGNORECASE)
_LONGEST_TITLE = 4


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a file, and what is to be said of it."""
    findings: list[Finding] = []
    starts = [index for index, line in enumerate(post.lines) if _OPENS.match(line.text)]
    above = post.lines[: starts[0]] if starts else post.lines
    papers = (post.lines[start:end] for start, end in pairwise([*starts, len(post.lines)]))
    title = next((line.text.strip() for line in above if line.text.strip()), "")
    week = dates.iso_week(title) or dates.iso_week(post.name)
    sources = (found[1] for line in above if (found := _SOURCE.match(line.text)))
    digest = Digest(
        Listing.HF_WEEKLY_TXT,
        prose.title(title),
        tuple(entry for paper in papers if (entry := _entry(paper, findings))),
        listed_on=week[1] if week else post.day(title),
        period_start=week[0] if week else None,
        credit=" · ".join(sources),
    )
    return (digest,), tuple(findings)


def _entry(own: Sequence[Line], findings: list[Finding]) -> DigestEntry | None:
    """Return a paper; what only says that one could not be read is reported and none."""
    title, length = _title(own)
    if prose.failed(title):
        findings.append(Problem.FAILED_TEXT.at(own[0].number))
        return None
    draft = Draft(title, own[0].number, findings=findings)
    for heading, text, number in _sections(draft, own[length:]):
        draft.add_section(heading, prose.unwrapped("\n".join(text)), number)
    return draft.finish("\n".join(line.raw for line in own))


def _title(own: Sequence[Line]) -> tuple[str, int]:
    """Return the title of a paper, and over how many lines it was broken."""
    text = ""
    for length, line in enumerate(own[:_LONGEST_TITLE], 1):
        text = f"{text} {line.text.strip()}".strip()
        if (title := _closed(text)) is not None:
            return title, length
    return own[0].text.strip("- ").split(maxsplit=1)[-1], 1


def _closed(text: str) -> str | None:
    """Return the title in ``--- 1. Title ---``, ``None`` where nothing closes it."""
    opened = _OPENS_TITLE.match(text)
    body = text[opened.end() :].rstrip() if opened else ""
    title = body.rstrip("-")
    return title.rstrip() if len(body) - len(title) >= _CLOSING_DASHES else None


def _sections(draft: Draft, body: Sequence[Line]) -> Iterator[tuple[str, list[str], int]]:
    """Read the link above the texts; yield heading, lines and line number of each text."""
    heading, text, number = "", [], 0  # type: str, list[str], int
    for line in body:
        opened = lines.heading(line.text)
        linked = _LINK.match(line.text)
        if linked and links.is_web(linked[1]):
            draft.add_link(linked[1], "", line.number)
        elif opened:
            if heading or any(kept.strip() for kept in text):
                yield heading, text, number
            heading, text, number = opened.text, [], line.number
        else:
            number = number or line.number
            text.append(line.text)
    if heading or any(kept.strip() for kept in text):
        yield heading, text, number
