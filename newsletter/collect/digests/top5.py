"""``top5``: the five most upvoted papers of a day, with summary, abstract and key points in Korean."""

import re

from newsletter.collect.digests import headed, lines, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Format
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

_UPVOTES = re.compile(
    r"[-*\s]*(?:Upvotes?|Votes?|추천|좋아요)(?: 수)?\W*?[:：]\s*(.*)$|[-*\s]*👍[^\w-]*(-?\d[\d,.kK]*+)\W*$",
    re.IGNORECASE,
)
_LINKS = re.compile(r"\W*(?:관련 |논문 )?(?:링크|links?)\W*", re.IGNORECASE)


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    blocks = lines.blocks(post.lines)
    names_paper = headed.paper_headings(blocks)
    first = next((block for block in blocks if block.heading), None)
    title = first.heading.text if first and first.heading and not names_paper(first) else ""
    findings: list[Finding] = list(post.disagreements(title))
    entries = tuple(_entry(paper, findings) for paper in headed.papers(blocks, names_paper))
    digest = Digest(
        Format.TOP5,
        prose.title(title or post.front.title),
        entries,
        listed_on=post.day(title),
        observed_at=post.observed_at,
        intro=headed.intro(blocks, names_paper),
        credit=post.front.author,
    )
    return (digest,), tuple(findings)


def _entry(paper: headed.Headed, findings: list[Finding]) -> DigestEntry:
    draft = headed.begin(paper, findings)
    rest = []
    for line in draft.take_media(paper.head.body):
        if found := _UPVOTES.match(line.text):
            draft.read_votes(found[1] or found[2] or "", line.number)
            # One line may hold more than the votes.
            rest += [line.text] if "|" in line.text else []
        elif not draft.takes_links(line.text, line.number):
            rest.append(line.text)
    if prose.reduce(rest):
        draft.add_section("", rest, paper.head.number)
    for block in paper.sections:
        _add_section(draft, block)
    return draft.finish(lines.raw(paper.blocks))


def _add_section(draft: Draft, block: lines.Block) -> None:
    """Add a section; one that holds only pictures names them, and one of links gives them."""
    if block.heading is None:
        return
    left = [line.text for line in draft.take_media(block.body)]
    found = list(prose.links_in(left))
    if _LINKS.fullmatch(block.heading.text) and found:
        draft.add_links(found)
    elif prose.reduce(left):
        draft.add_section(block.heading.text, left, block.number)
    else:
        draft.add_section(block.heading.text, prose.pictures(block.body), block.number)
