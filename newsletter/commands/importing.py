"""``newsletter import``: reads digests from files and keeps what they say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from newsletter.collect import terms
from newsletter.collect.beside import look
from newsletter.collect.digests.digest import DigestFile
from newsletter.collect.digests.read import MOST_BYTES, read
from newsletter.collect.folder import SUFFIXES, digest_files, source_of
from newsletter.collect.models import Source
from newsletter.commands import showing
from newsletter.commands.line import prepare
from newsletter.common import confined
from newsletter.common.errors import Declined
from newsletter.common.findings import Finding, Severity
from newsletter.papers.ingest import store

# Fewer files than this are done before a progress bar could be read.
WORTH_A_BAR = 10
_NO_FILE = Finding(
    "file.not_regular",
    "보통 파일이 아니어서 읽지 않았습니다.",
    "It is no regular file and was not read.",
)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--source", default="", help="Slug of the registered source these files are from.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.option(
    "--show",
    "only_show",
    is_flag=True,
    help="Print what is read beside the original; store nothing.",
)
def import_command(paths: tuple[Path, ...], source: str, as_json: bool, only_show: bool) -> None:
    """Read digests in any of the known formats; merge their papers by arXiv id.

    PATHS are files, or folders that are read recursively. The format is told by
    the content; whose texts they are by --source or a source.toml, else it is asked.
    Reading the same file again changes nothing.

    \b
    Example: newsletter import posts/2026-01-09-daily-papers.md
             newsletter import --json posts/
             newsletter import --show posts/2026-01-09-daily-papers.md
    """
    prepare()
    files = list(digest_files(paths))
    if not files and not as_json:
        raise Declined(
            "import.nothing",
            f"읽을 파일이 없습니다. 다이제스트는 {', '.join(sorted(SUFFIXES))} 파일입니다.",
            f"There is no file to read; digests are files of {', '.join(sorted(SUFFIXES))}.",
            place=str(paths[0]),
        )
    if only_show:
        _show(files)
        return
    quiet = as_json or len(files) < WORTH_A_BAR
    told: list[Any] = []
    new = known = 0
    for entry, papers_new in _import_all(files, source, quiet=quiet):
        # Of the texts only what will be printed is kept: a year of posts is a lot of them.
        told.append(entry if as_json else _lines(entry))
        new, known = new + papers_new, known + bool(entry["format"])
    if as_json:
        click.echo(json.dumps({"files": told, "papers_new": new}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([*told, f"새 논문 {new}편 / {new} new papers"]))
    if not known:
        raise SystemExit(1)


def _show(files: list[Path]) -> None:
    """Print what is read of each file; the answer is no where none is a digest."""
    known = 0
    for file in filter(Path.is_file, files):
        looked = confined.call(look, _bytes(file), str(file), place=str(file))
        showing.show(looked, showing.console())
        known += bool(looked.file.digests)
    if not known:
        raise SystemExit(1)


def _import_all(
    files: list[Path], source: str, *, quiet: bool
) -> Iterator[tuple[dict[str, Any], int]]:
    steps = track(files, "가져오는 중 / importing", console=Console(stderr=True), disable=quiet)
    asked_for: set[str] = set()
    return (import_file(file, source, asked_for) for file in steps)


def import_file(
    path: Path, source: str = "", asked_for: set[str] | None = None
) -> tuple[dict[str, Any], int]:
    """Read one file and store it; return what the JSON report says of it, and its new papers.

    ``asked_for`` holds the sources whose terms were asked for already in this run.
    """
    if not path.is_file():  # a pipe or a device might never end
        return _entry(str(path), None, None, [], (_NO_FILE,)), 0
    file = _parsed(path)
    if file.format is None:
        return _entry(file.name, None, None, [], file.findings), 0
    whose = source_of(path, file.format, slug=source, raw=file.raw)
    stored = store(file, whose)
    ids = iter(stored.arxiv_ids)
    papers = [
        {
            "id": arxiv_id,
            "title": entry.title,
            "title_ko": entry.title_ko,
            "votes": entry.votes,
            "authors": list(entry.authors),
            "image": entry.image,
            "sections": [
                {"heading": section.heading, "lang": section.lang, "text": section.text}
                for section in entry.sections
            ],
            "links": [{"label": link.label, "url": link.url} for link in entry.links],
        }
        for arxiv_id, entry in zip(ids, file.entries, strict=True)
    ]
    resolved = {
        entry.line
        for arxiv_id, entry in zip(stored.arxiv_ids, file.entries, strict=True)
        if arxiv_id and not entry.arxiv_id
    }
    date = file.digests[0].listed_on
    findings = (*_settled(file.findings, resolved), *_asking(whose, asked_for))
    day = date.isoformat() if date else None
    return _entry(file.name, file.format, day, papers, findings), stored.papers_new


def _parsed(path: Path) -> DigestFile:
    """Return what a file says; one that cannot be parsed within the limits is a finding on it."""
    name, raw = str(path), _bytes(path)
    try:
        return confined.call(read, raw, name, place=name)
    except confined.ParserFailed as error:
        found = Finding(error.code, error.ko, error.en, Severity.ERROR, place=name)
        return DigestFile(name, (), (found,), "", raw)


def _asking(source: Source, asked_for: set[str] | None) -> Iterator[Finding]:
    """Ask whose texts they are, once in a run, where nobody has said it yet."""
    if source.is_confirmed or (asked_for is not None and source.slug in asked_for):
        return
    if asked_for is not None:
        asked_for.add(source.slug)
    yield terms.not_confirmed(source)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)  # one more, by which it is known to be too large


def _settled(findings: tuple[Finding, ...], resolved: set[int]) -> Iterator[Finding]:
    """Leave out the missing ids that another digest supplied by title."""
    return (f for f in findings if not (f.code == "digest.no_id" and f.line in resolved))


def _entry(
    name: str,
    digest_format: str | None,
    day: str | None,
    papers: list[dict[str, Any]],
    findings: tuple[Finding, ...],
) -> dict[str, Any]:
    return {
        "file": name,
        "format": digest_format,
        "date": day,
        "papers": papers,
        "findings": [
            {"line": finding.line, "code": finding.code, "message": finding.message}
            for finding in findings
        ],
    }


def _lines(file: dict[str, Any]) -> str:
    """Return what a person is told of one file."""
    told = file["format"] or "다이제스트 아님 / no digest"
    lines = [f"{file['file']}: {told}, {len(file['papers'])}편 / papers"]
    lines += [
        f"  {finding['line'] or '-'}: {finding['code']}: {finding['message']}"
        for finding in file["findings"]
    ]
    return "\n".join(lines)
