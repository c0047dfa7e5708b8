"""``ko-json``: Hugging Face's own records with a Korean translation beside each.

Without any translation they are the site's own answer, and a digest of that.
"""

from newsletter.collect.arxiv_ids import bare_id
from newsletter.collect.digests import dates
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.problems import Problem
from newsletter.collect.digests.records import Record, Records
from newsletter.common.findings import Finding

_TITLE = "translation_title"
_KOREAN = (
    ("translation_summary", "초록 (번역)"),
    ("purpose", "목적"),
    ("method", "방법"),
    ("conclusion", "결론"),
    ("advertising_copy", "한 줄 소개"),
    ("keywords", "키워드"),
)


def is_one(record: Record) -> bool:
    """Return whether a record is one of these."""
    return isinstance(record.value.get("paper"), dict)


def parse(file: Records, name: str) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a file, and what is to be said of it."""
    findings = list(file.findings)
    standing = [record for record in file.own if _stands(record, findings)]
    translated = any(_is_translation(record) for record in file.own)
    day = dates.day(file.head.text("date")) or dates.day(name)
    digest = Digest(
        Listing.KO_JSON if translated else Listing.HF_API,
        f"Hugging Face Daily Papers {day}" if day else "",
        tuple(_entry(record, findings, translated=translated) for record in standing),
        listed_on=day,
    )
    return (digest,), tuple(findings)


def _stands(record: Record, findings: list[Finding]) -> bool:
    """Return whether a record is of a paper that still stands; report one that is not."""
    paper = record.inner("paper")
    problem = None
    if paper.value.get("withdrawnAt"):
        problem = Problem.WITHDRAWN
    elif not (paper.text("id") or paper.text("title") or record.text("title")):
        problem = Problem.BAD_RECORD
    elif paper.text("id") and bare_id(paper.text("id")) is None:
        problem = Problem.BAD_ID
    if problem:
        findings.append(problem.at(record.line))
    return problem is None


def _is_translation(record: Record) -> bool:
    return any(key in record.value for key in (_TITLE, *(key for key, _ in _KOREAN)))


def _entry(record: Record, findings: list[Finding], *, translated: bool) -> DigestEntry:
    paper = record.inner("paper")
    draft = Draft(paper.text("title") or record.text("title"), record.line, findings=findings)
    draft.title_ko = record.text(_TITLE)
    draft.authors = tuple(_authors(paper))
    draft.institution = paper.inner("organization").text("fullname")
    draft.image = record.text("thumbnail") or None
    votes = paper.value.get("upvotes")
    if isinstance(votes, int) and not isinstance(votes, bool):
        draft.read_votes(str(votes), record.line)
    _add_links(draft, paper)
    if translated:
        _add_translation(draft, record)
    for heading, key in (("Summary", "ai_summary"), ("Abstract", "summary")):
        if lines := paper.lines(key):
            draft.add_section(heading, lines, record.line)
    return draft.finish(record.raw)


def _add_links(draft: Draft, paper: Record) -> None:
    if found := bare_id(paper.text("id")):
        draft.add_link(f"https://huggingface.co/papers/{found}", "", paper.line)
        draft.add_link(f"https://arxiv.org/abs/{found}", "", paper.line)
    for label, key in (("GitHub", "githubRepo"), ("Project", "projectPage")):
        if url := paper.text(key):
            draft.add_further_link(url, label, paper.line)


def _add_translation(draft: Draft, record: Record) -> None:
    """Add what was written in Korean; nothing at all is a failure of that program."""
    told = [(heading, record.lines(key)) for key, heading in _KOREAN if key in record.value]
    if not any(lines for _, lines in told):
        draft.findings.append(Problem.NOT_TRANSLATED.at(record.line))
        return
    for heading, lines in told:
        draft.add_fact(heading, lines, record.line)


def _authors(paper: Record) -> list[str]:
    told = paper.value.get("authors")
    people = (
        [Record(one, 0, "") for one in told if isinstance(one, dict)]
        if isinstance(told, list)
        else []
    )
    shown = (person.text("name") for person in people if not person.value.get("hidden"))
    return [name for name in shown if name]
