"""``newsletter import --show``: what is read of a digest, beside the lines that it is read from."""

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsletter.collect.beside import Beside, Stretch
from newsletter.collect.digests.digest import Digest, DigestEntry, Section

_LONGEST = 200
# Where nobody looks at a terminal, its width is not known either.
_WIDTH = 160


def show(looked: Beside, console: Console) -> None:
    """Print the parse of a file beside its text, and what was left out; store nothing."""
    file = looked.file
    told = file.format or "다이제스트 아님 / no digest"
    console.print(Text(f"{file.name}: {told}, {len(list(file.entries))}편 / papers", style="bold"))
    console.print(_table(looked))
    for finding in file.findings:
        console.print(Text(f"{finding.line or '-'}: {finding.code}: {finding.message}"))
    console.print("저장하지 않았습니다. / Nothing was stored.")


def console() -> Console:
    """Return the console on standard output, wide enough for two columns."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=_WIDTH)


def _table(looked: Beside) -> Table:
    table = Table("원문 / original", "읽은 것 / read", box=box.SIMPLE, show_lines=True, expand=True)
    for digest in looked.file.digests:
        table.add_row(Text(""), Text("\n".join(_of_digest(digest))))
    for stretch in looked.stretches:
        table.add_row(_lines(stretch), _read(stretch.entry))
    return table


def _of_digest(digest: Digest) -> Iterator[str]:
    yield f"제목 / title: {digest.title}"
    days = [str(day) for day in (digest.period_start, digest.listed_on) if day]
    yield f"날짜 / day: {' ~ '.join(days) or '-'}"
    for section in digest.intro:
        yield f"머리말 / introduction: {_section(section)}"


def _section(section: Section) -> str:
    return f"[{section.lang}] {section.heading}: {' '.join(section.text.split())[:_LONGEST]}"


def _lines(stretch: Stretch) -> Text:
    return Text("\n".join(f"{number:>5}  {line}" for number, line in stretch.lines))


def _read(entry: DigestEntry | None) -> Text:
    if entry is None:
        return Text("논문으로 읽지 않음 / read as no paper", style="dim")
    return Text("\n".join(_of_entry(entry)))


def _of_entry(entry: DigestEntry) -> Iterator[str]:
    yield entry.title
    yield entry.arxiv_id or "arXiv 번호 없음 / no arXiv id"
    if entry.votes is not None:
        yield f"추천 / votes: {entry.votes}"
    if entry.authors:
        yield f"저자 / authors: {', '.join(entry.authors)}"[:_LONGEST]
    if entry.institution:
        yield f"기관 / institution: {entry.institution}"[:_LONGEST]
    yield from map(_section, entry.sections)
