"""``wtp``: all papers of a day, told as What's New, Technical Details, Performance Highlights.

The labels came with the second year; before, a paper had bullets without names.
A file may hold two issues one after the other, and its README wraps one issue.
What a value says may begin with "#", as a remark in code does, and opens nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newsletter.collect.digests import headed, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Format
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Heading, Line
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_ISSUE = re.compile(r"Daily Papers\W{0,3}20\d\d", re.IGNORECASE)
# Blanks are bounded in these patterns: a line of many would take minutes otherwise.
_LABEL = re.compile(
    r"\s?[-*•+]\s{1,4}(?:\*{1,3}|__)\s{0,3}(?P<label>[^*:：][^*]{0,80}?)\s{0,3}[:：]?\s{0,3}(?:\*{1,3}|__)\s{0,3}"
    r"(?:(?<=[:：]\*)|(?<=[:：]\*\*)|(?<=[:：]\*\*\*)|[:：])\s*(?P<text>.*)$"
)
# The three that every paper has, in whatever dress a model gave them.
_KNOWN = re.compile(
    r"\s{0,3}(?:[-*•+]|#{1,6}|\d{1,2}[.)])?\s*[*_`\"“]{0,4}"
    r"(?P<label>What.?s New|Technical Details?|Performance Highlights?)"
    r"(?:[*_`\"”]{0,4}\s*(?:[:：]|[-–—]\s|$)[*_`\"”]{0,4}|[*_]{2,4}\s)\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s{0,1}[-*•+]\s+")
_VOTE = re.compile(r"\W*(?:Votes?|Upvotes?)\W*?[:：]\s*(.*)$", re.IGNORECASE)
_AUTHORS = re.compile(r"\W*(?:Authors?|저자)\W*?[:：]\s*(.*)$", re.IGNORECASE)
# For two weeks of 2023 the address stood without its parentheses.
_LABELLED = re.compile(r"\s*\[([^\[\]]{1,60})\]\s?\(?\s?(https?://[^\s()]+)\)?\s*$")


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return a digest for each issue in the file, and what is to be said of them."""
    findings: list[Finding] = []
    blocks = lines.blocks(post.lines)
    issues = list(_issues(blocks))
    digests = tuple(_digest(post, issue, findings) for issue in issues)
    read = {block.number for issue in issues for block in issue}
    aside = (block for block in blocks if block.number not in read)
    told = next((block for block in aside if prose.reduce(line.text for line in block.body)), None)
    return digests, (*findings, *([Problem.TEXT_ASIDE.at(told.number)] if told else []))


def _issues(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks of each issue; all are one where no heading opens an issue."""
    starts = [
        index for index, block in enumerate(blocks) if block.heading and _opens_issue(block.heading)
    ]
    for start, end in pairwise([*(starts or [0]), len(blocks)]):
        opening = blocks[start].heading
        own = blocks[start + 1 : end]
        yield [blocks[start], *_until_end(own, opening.level if starts and opening else 1)]


def _opens_issue(heading: Heading) -> bool:
    return not heading.url and bool(_ISSUE.search(heading.text))


def _until_end(blocks: Sequence[Block], level: int) -> Sequence[Block]:
    """Return the blocks up to the next heading as high as the issue's own, as of a licence.

    What stands above a further paper, or a label, is no end.
    """
    own = max((index for index, block in enumerate(blocks) if _is_of_paper(block)), default=-1)
    for index, block in enumerate(blocks[own + 1 :], own + 1):
        if block.heading and block.heading.level <= level and not block.heading.url:
            return blocks[:index]
    return blocks


def _is_of_paper(block: Block) -> bool:
    linked = block.heading is not None and links.arxiv_id(block.heading.url)
    return bool(linked) or any(_KNOWN.match(line.text) for line in block.body)


def _shows_paper(issue: Sequence[Block]) -> Callable[[Block], bool]:
    """Return the test that tells a paper without a link from a heading inside a value.

    It has votes, authors or a picture, if the linked papers of its issue have them.
    """
    linked = [block for block in issue if block.heading and links.arxiv_id(block.heading.url)]
    telling = any(map(_has_facts, linked))
    return lambda block: not telling or _has_facts(block)


def _has_facts(block: Block) -> bool:
    texts = [line.text for line in block.body]
    return any(_VOTE.match(text) or _AUTHORS.match(text) or "![" in text for text in texts)


def _digest(post: Post, issue: Sequence[Block], findings: list[Finding]) -> Digest:
    opening = issue[0].heading
    title = opening.text if opening and not opening.url else ""
    own = issue if not title else [replace(issue[0], heading=None), *issue[1:]]
    names_paper = headed.paper_headings(own, _shows_paper(own))
    return Digest(
        Format.WTP,
        prose.title(title or post.front.title),
        tuple(_entry(paper, findings) for paper in headed.papers(own, names_paper)),
        listed_on=post.day(title),
        observed_at=post.observed_at,
        intro=headed.intro(own, names_paper),
        credit=post.front.author,
    )


def _entry(paper: headed.Headed, findings: list[Finding]) -> DigestEntry:
    draft = headed.begin(paper, findings)
    for heading, text, number in _sections(_without_facts(draft, _lines(paper))):
        draft.add_section(heading, text, number)
    return draft.finish(lines.raw(paper.blocks))


def _lines(paper: headed.Headed) -> Iterator[Line]:
    """Yield the lines below a paper's heading; the headings among them are lines too."""
    yield from paper.head.body
    for block in paper.sections:
        if block.heading:
            yield Line(block.number, f"{'#' * block.heading.level} {block.heading.text}", "")
        yield from block.body


def _without_facts(draft: Draft, body: Iterable[Line]) -> Iterator[Line]:
    """Take votes, authors and the video above the text; yield the text."""
    in_text = False
    for line in body:
        in_text = in_text or bool(_BULLET.match(line.text) or _KNOWN.match(line.text))
        if draft.takes(line):
            continue
        if in_text:
            yield line
        elif found := _VOTE.match(line.text):
            draft.read_votes(found[1], line.number)
        elif found := _AUTHORS.match(line.text):
            draft.authors = prose.names(found[1])
        elif alone := _LABELLED.match(line.text):
            draft.add_link(alone[2], alone[1], line.number)
        elif not draft.takes_links(line.text, line.number):
            yield line


def _sections(body: Iterator[Line]) -> Iterator[tuple[str, list[str], int]]:
    """Yield heading, lines and line number of each section; bullets without a label are one."""
    heading, text, number, labelled = "", [], 0, False  # type: str, list[str], int, bool
    for line in body:
        if opened := _opened(line.text, labelled=labelled):
            if heading or any(kept.strip() for kept in text):
                yield heading, text, number
            heading, text, labelled = opened
            number = line.number
        else:
            number = number or line.number
            text.append(line.text)
    if heading or any(kept.strip() for kept in text):
        yield heading, text, number


def _opened(text: str, *, labelled: bool) -> tuple[str, list[str], bool] | None:
    """Return heading, text and whether it is a label, where a line opens a section.

    A heading does too, unless it stands in the value of a label.
    """
    if found := _LABEL.match(text) or _KNOWN.match(text):
        return found["label"], [found["text"]], True
    heading = None if labelled else lines.heading(text)
    return (heading.text, [], False) if heading else None
