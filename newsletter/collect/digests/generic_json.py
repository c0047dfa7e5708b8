"""``generic`` in JSON: any list of records that hold one paper each, JSON Feed among them. Read by guess.

What a field means is told by the words of its name, as labels of a post are.
"""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.collect.digests import dates, discourse, naming, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Listing
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.naming import Kind
from newsletter.collect.digests.problems import Problem
from newsletter.collect.digests.records import Record, Records
from newsletter.common.findings import Finding

_SMALL_THEN_LARGE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?")
# Shorter values are marks and names, not texts.
_SHORTEST_TEXT = 20
_MOST_FIELDS = 60
_MOST_REPORTED = 30
# The names that JSON Feed has for the text of an item.
_TEXTS = ("content_html", "content_text", "content", "text")
_DAYS = ("date", "day", "listed_on", "generated_at", "updated")


def parse(file: Records, name: str) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a file; none where no record holds one paper."""
    findings = list(file.findings)
    told = [(record, _paper(record)) for record in file.own]
    entries = tuple(_entry(record, paper, findings) for record, paper in told if paper)
    if not entries:
        return (), (*findings, Problem.UNKNOWN_RECORDS.at(records=len(file.own)))
    aside = (Problem.LEFT_OUT.at(record.line) for record, paper in told if not paper)
    title = prose.title(file.head.text("title"))
    days = (dates.day(text) for text in (*map(file.head.text, _DAYS), title, name))
    digest = Digest(
        Listing.GENERIC,
        title,
        entries,
        listed_on=next(filter(None, days), None),
    )
    return (digest,), (
        Problem.UNSURE.at(read=len(entries)),
        *findings,
        *islice(aside, _MOST_REPORTED),
    )


def _paper(record: Record) -> str:
    """Return the one paper that a record links to, empty where it is none or several."""
    if not _title(record):
        return ""
    found = {
        paper
        for key, kind in _fields(record)
        if kind is Kind.LINK
        for paper in _ids(record.text(key))
    }
    return found.pop() if len(found) == 1 else ""


def _ids(text: str) -> tuple[str, ...]:
    alone = _ID.fullmatch(text)
    return (alone[1].lower(),) if alone else naming.ids(text)


def _fields(record: Record) -> Iterator[tuple[str, Kind]]:
    """Yield the fields of a record, and what their names say."""
    for key in islice(record.value, _MOST_FIELDS):
        if isinstance(key, str):
            yield key, naming.kind_of(_words(key))


def _words(key: str) -> str:
    return _SMALL_THEN_LARGE.sub(" ", key.replace("_", " ").replace("-", " "))


def _title(record: Record) -> str:
    named = (key for key, kind in _fields(record) if kind is Kind.TITLE)
    first = "title" if "title" in record.value else next(named, "")
    return naming.title(record.text(first))


def _entry(record: Record, paper: str, findings: list[Finding]) -> DigestEntry:
    draft = Draft(_title(record), record.line, findings=findings)
    draft.add_link(f"https://arxiv.org/abs/{paper}", "", record.line)
    for key, kind in _fields(record):
        _take(draft, record, key, kind)
    return draft.finish(record.raw)


def _take(draft: Draft, record: Record, key: str, kind: Kind) -> None:
    """Take one field: a fact, or a section."""
    match kind:
        case Kind.TITLE_KO:
            draft.title_ko = record.text(key)
        case Kind.AUTHORS:
            draft.authors = tuple(_names(record.value[key])) or prose.names(record.text(key))
        case Kind.INSTITUTION:
            draft.institution = record.text(key)
        case Kind.VOTES:
            draft.read_votes(str(record.value[key]), record.line)
        case Kind.SECTION:
            if text := _text(record, key):
                heading = "" if key in _TEXTS else _words(key).strip().capitalize()
                draft.add_section(heading, text, record.line)


def _names(value: object) -> Iterator[str]:
    """Yield the names of a list of people, each a text or an object with a name."""
    for one in value if isinstance(value, list) else ():
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            yield " ".join(name.split())


def _text(record: Record, key: str) -> list[str]:
    """Return the lines of a field that is a text; what is HTML in it has become text."""
    value = record.value[key]
    if isinstance(value, str) and discourse.is_html(value):
        return [line.text for line in discourse.lines(value)]
    told = record.lines(key)
    return told if len("".join(told)) >= _SHORTEST_TEXT and not naming.ids(" ".join(told)) else []
