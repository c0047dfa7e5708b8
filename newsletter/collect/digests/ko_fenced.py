"""``ko-fenced``: papers under their bare arXiv ids, the answer of a model under each.

Some answers are Markdown inside a code fence, with headings of their own that
stand as high as the papers do; others have bold lines for headings.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.collect.digests import headed, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Block, Heading, Line
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

_ID = re.compile(r"(?:arXiv:\s?)?(\d{4}\.\d{4,5})(?:v\d+)?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"\s*\*\*(?:Summary|요약)\*\*\s*+[:：]?\s*$", re.IGNORECASE)
_BOLD_LINE = re.compile(r"\s*\*\*([^*]{1,80}?)\s{0,3}[:：]?\s{0,3}\*\*\s*+[:：]?\s*$")
# "논문 요약: Title" names the paper behind the colon.
_ABOUT = re.compile(r"논문\s*(?:요약|제목)\s*[:：]\s*")
_QUOTES = "\"'“”‘’"


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    blocks = lines.blocks(post.lines)
    first = next((block for block in blocks if block.heading), None)
    title = first.heading.text if first and first.heading and not _names_paper(first) else ""
    digest = Digest(
        Listing.KO_FENCED,
        prose.title(title),
        tuple(_entry(paper, findings) for paper in headed.papers(blocks, _names_paper)),
        listed_on=post.day(title),
        intro=headed.intro(blocks, _names_paper),
    )
    return (digest,), tuple(findings)


def _names_paper(block: Block) -> bool:
    return block.heading is not None and bool(_ID.match(block.heading.title))


def _entry(paper: headed.Headed, findings: list[Finding]) -> DigestEntry:
    draft = Draft("", paper.head.number, findings=findings)
    body = list(_without_links(draft, paper))
    for block in paper.sections:
        heading = block.heading
        if heading and heading.level == 1 and not draft.title and not draft.sections:
            _name(draft, heading)
            body += block.body
            continue
        _add_parts(draft, body)
        body = []
        if heading:
            draft.add_section(heading.text, [line.text for line in block.body], block.number)
    _add_parts(draft, body)
    return draft.finish(lines.raw(paper.blocks))


def _without_links(draft: Draft, paper: headed.Headed) -> Iterator[Line]:
    """Take the paper's page; yield the text below it."""
    for line in paper.head.body:
        urls = links.BARE_URL.findall(line.text)
        if urls and not prose.has_hangul(line.text) and links.arxiv_id(urls[0]):
            draft.add_link(urls[0], "", line.number)
        elif not _LABEL.match(line.text):
            yield line
    told = _ID.match(paper.heading.title)
    if told and not draft.own_urls:
        draft.add_link(f"https://arxiv.org/abs/{told[1]}", "", paper.head.number)


def _name(draft: Draft, heading: Heading) -> None:
    """Take the title that the answer gives: in Korean, else as it is."""
    told = _ABOUT.sub("", heading.text).strip(_QUOTES)
    if prose.has_hangul(told):
        draft.title_ko = told
    draft.title = told


def _add_parts(draft: Draft, body: Sequence[Line]) -> None:
    """Add the parts of a text that lines in bold head."""
    heading, text, number = "", [], 0  # type: str, list[str], int
    for line in body:
        if found := _BOLD_LINE.match(line.text):
            _add(draft, heading, text, number)
            heading, text, number = found[1], [], line.number
        else:
            number = number or line.number
            text.append(line.text)
    _add(draft, heading, text, number)


def _add(draft: Draft, heading: str, text: list[str], number: int) -> None:
    if heading or prose.reduce(text):
        draft.add_section(heading, text, number)
