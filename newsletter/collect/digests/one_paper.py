"""Entries that are parts of one paper, put together again. Pure.

A reader takes each heading of a post for a paper. Words that head a section ("Abstract",
"arXiv Links") name none: what stands below them belongs to the paper above. Where that is
none, or where all headings lead to one arXiv id, the whole post is about one paper, and the
paper's title is the post's own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from newsletter.collect.digests import dates, lines, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, DigestFile, Section
from newsletter.collect.digests.entries import LIKES
from newsletter.collect.digests.lines import Block
from newsletter.collect.digests.problems import Problem
from newsletter.collect.digests.section_words import is_section
from newsletter.common.findings import Finding

# By such a name goes a list of papers, and no paper.
_LIST = re.compile(
    r"\b(?:daily|weekly|monthly|papers|digest|newsletter|top \d)\b|데일리|주간|다이제스트|뉴스|논문|\[20\d\d",
    re.IGNORECASE,
)
_FACT = re.compile(r"[-•*_ ]{0,6}([^\W\d_][\w -]{0,40}?)[*_ ]{0,4}[:：][*_ ]{0,4}(?=\S)")
_AUTHORS = re.compile(r"(?:authors?|저자)$", re.IGNORECASE)
_OF_ONE_ENTRY = {
    problem.at().code for problem in (Problem.NO_ID, Problem.NO_TITLE, Problem.NO_SECTIONS)
}


def joined(
    digest: Digest, findings: Sequence[Finding], page_title: str
) -> tuple[Digest, tuple[Finding, ...]]:
    """Return a digest whose entries are papers, and what is to be said of it then."""
    title = _of_paper(digest.title) or _of_paper(page_title)
    if title in {entry.title for entry in digest.entries}:
        title = ""  # the heading of one paper, and not of all
    groups = list(_groups(digest.entries, title))
    if all(len(group) == 1 and not is_section(group[0].title) for group in groups):
        return digest, tuple(findings)
    papers = [_paper(group, title if len(groups) == 1 else "") for group in groups]
    intro = digest.intro
    if len(papers) == 1 and papers[0].title == title:
        papers, intro = [with_facts(papers[0], intro)], ()
    made = replace(digest, entries=tuple(papers), intro=intro)
    return made, _reviewed(digest, findings, papers)


def as_one(file: DigestFile, title: str, arxiv_id: str) -> DigestFile:
    """Return a file in which no entry has an id, and whose post leads to one paper alone.

    Where the post has a paper's title, its entries are sections of that paper, unless two of
    them at least may be papers themselves.
    """
    (digest,) = file.digests
    papers = [entry for entry in digest.entries if not is_section(entry.title)]
    if len(papers) > 1 or not (_of_paper(title) or len(digest.entries) == 1):
        return file
    paper, intro = replace(digest.entries[0], arxiv_id=arxiv_id), digest.intro
    if own := _of_paper(title):
        paper = with_facts(replace(_under(own, digest.entries), arxiv_id=arxiv_id), intro)
        intro = ()
    made = replace(digest, entries=(paper,), intro=intro)
    return replace(file, digests=(made,), findings=_reviewed(digest, file.findings, [paper]))


def sections_of(text: str) -> tuple[Section, ...]:
    """Return the sections of a post in no known format that is about one paper.

    Where one of its headings is a word for a section, all of them are sections, whatever
    they are called, and what stands above them is told too.
    """
    lead, below = _parted(text)
    if not any(is_section(_name(block)) for block in below):
        return ()
    told = [("", _said(block)) for block in lead]
    told += [(_name(block), _said(block)) for block in below]
    return tuple(prose.section(name, said) for name, said in told if said and not is_section(said))


def side_by_side(text: str) -> tuple[tuple[DigestEntry, ...], tuple[Finding, ...]]:
    """Return the papers of a post in no known format whose headings have authors or votes of their own.

    One alone may be the paper that the post links to, and is not told from it. None of
    several has an id: the link beside them may be of any.
    """
    papers: list[DigestEntry] = []
    findings: list[Finding] = []
    for block in _parted(text)[1]:
        name, said = _name(block), _said(block)
        made = DigestEntry(name, None, line=block.number, raw=block.raw)
        if is_section(name) and papers:
            part = (prose.section(name, said),) if said else ()
            papers[-1] = replace(papers[-1], sections=(*papers[-1].sections, *part))
            continue
        made = with_facts(made, [prose.section("", said)] if said else [])
        if not is_section(name) and (made.authors or made.votes is not None):
            papers.append(made)
        elif said:
            findings.append(Problem.LEFT_OUT.at(block.number))
    if len(papers) == 1:
        return (), ()
    return tuple(papers), (*findings, *(one for paper in papers for one in _review(paper)))


def with_facts(entry: DigestEntry, intro: Iterable[Section]) -> DigestEntry:
    """Return the only paper of a post with all that the post tells above its first heading."""
    facts = _Facts(list(entry.authors), entry.votes)
    for section in intro:
        facts.read(section)
    return replace(
        entry,
        authors=tuple(facts.authors),
        votes=facts.votes,
        sections=(*facts.sections, *entry.sections),
    )


def _parted(text: str) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return what stands above the first heading of a post, and below each; its title is none."""
    found = lines.blocks(lines.split(text))
    headed = [block.heading for block in found if block.heading]
    is_titled = bool(headed) and headed[0].level == 1
    start = len(found) - len(headed) + is_titled
    return found[:start], found[start:]


def _name(block: Block) -> str:
    return block.heading.text if block.heading else ""


def _said(block: Block) -> str:
    return prose.reduce(line.text for line in block.body)


def _of_paper(title: str) -> str:
    """Return the title of a post where it can be a paper's."""
    is_of_list = is_section(title) or _LIST.search(title) or dates.day(title)
    return "" if is_of_list else title


def _groups(entries: Sequence[DigestEntry], title: str) -> Iterator[list[DigestEntry]]:
    """Yield the entries of each paper: a section is of the one above, unless it has another id."""
    named = [entry.arxiv_id for entry in entries if not is_section(entry.title)]
    one_paper = title and len(_ids(entries)) == 1 and all(named)
    group: list[DigestEntry] = []
    own = None
    for entry in entries:
        is_part = is_section(entry.title) and entry.arxiv_id in {None, own or entry.arxiv_id}
        if group and not (one_paper or is_part):
            yield group
            group, own = [], None
        group.append(entry)
        own = own or entry.arxiv_id
    if group:
        yield group


def _ids(entries: Iterable[DigestEntry]) -> set[str]:
    return {entry.arxiv_id for entry in entries if entry.arxiv_id}


def _paper(group: Sequence[DigestEntry], title: str) -> DigestEntry:
    """Return the paper of a group, under its one title of its own, else under ``title``."""
    titles = [entry.title for entry in group if not is_section(entry.title)]
    if len(group) == 1 and titles:
        return group[0]
    return _under(titles[0] if len(titles) == 1 or (titles and not title) else title, group)


def _under(title: str, group: Sequence[DigestEntry]) -> DigestEntry:
    """Return the paper of this title with all that a group of entries says."""
    arxiv_id = next((one.arxiv_id for one in group if one.arxiv_id), None)
    return replace(
        group[0],
        title=title or (f"arXiv {arxiv_id}" if arxiv_id else group[0].title),
        arxiv_id=arxiv_id,
        votes=next((one.votes for one in group if one.votes is not None), None),
        authors=next((one.authors for one in group if one.authors), ()),
        image=next((one.image for one in group if one.image), None),
        figures=tuple(dict.fromkeys(figure for one in group for figure in one.figures)),
        sections=tuple(section for one in group for section in _sections(one, title)),
        links=tuple({link.url: link for one in group for link in one.links}.values()),
        raw="\n".join(one.raw for one in group),
    )


def _sections(entry: DigestEntry, title: str) -> Iterator[Section]:
    """Yield the sections of an entry; what has no heading stands below that of the entry."""
    for section in entry.sections:
        heading = section.heading or (entry.title if entry.title != title else "")
        yield replace(section, heading=heading)


def _reviewed(
    digest: Digest, findings: Iterable[Finding], papers: Iterable[DigestEntry]
) -> tuple[Finding, ...]:
    """Return the findings without those of single entries, but with those of the papers."""
    stood = {entry.line for entry in digest.entries}
    kept = [one for one in findings if one.line not in stood or one.code not in _OF_ONE_ENTRY]
    return (*kept, *(finding for paper in papers for finding in _review(paper)))


def _review(paper: DigestEntry) -> Iterator[Finding]:
    if paper.arxiv_id is None:
        yield Problem.NO_ID.at(paper.line)
    if not paper.sections:
        yield Problem.NO_SECTIONS.at(paper.line)


@dataclass(slots=True)
class _Facts:
    """What a text says of a paper, line by line: who wrote it, its votes, short sections."""

    authors: list[str]
    votes: int | None
    sections: list[Section] = field(default_factory=list)

    def read(self, section: Section) -> None:
        """Take the facts of a section; the rest of it stays one."""
        rest = "\n\n".join(text for text in section.text.split("\n\n") if not self._takes(text))
        # "arXiv | PDF" below "Links" are buttons and no text.
        if rest and not (is_section(section.heading) and is_section(rest)):
            self.sections.append(prose.section(section.heading, rest))

    def _takes(self, text: str) -> bool:
        found = _FACT.match(text)
        if found is None:
            return False
        name, value = found[1].strip(), text[found.end() :]
        if _AUTHORS.match(name):
            self.authors = self.authors or list(prose.names(value))
        elif liked := LIKES.fullmatch(f"{name}: {value}".strip()):
            self.votes = int(liked[1].replace(",", "")) if self.votes is None else self.votes
        elif is_section(name):
            self.sections.append(prose.section(name, value))
        else:
            return False
        return True
