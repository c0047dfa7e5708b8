"""``newsletter sources``: whom we read, how well it goes, and reading them now."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
from django.db import connection

from newsletter.collect import collecting, licences
from newsletter.collect.health import Outcome
from newsletter.collect.models import Source
from newsletter.collect.record import Collected
from newsletter.collect.registering import Registration, register
from newsletter.collect.schedule import Interval
from newsletter.collect.sources.kinds import Kind
from newsletter.collect.visiting import Visitor
from newsletter.commands import source_list
from newsletter.commands.line import prepare
from newsletter.commands.source_terms import confirm
from newsletter.common import clock
from newsletter.common.errors import NotFound
from newsletter.papers import arxiv_facts
from newsletter.papers.keeping import keep

# Most of a source's time is waiting for its server.
AT_ONCE = 8


@click.group("sources")
def sources_command() -> None:
    """Say whom to read, see how well it goes, and read them now.

    \b
    Example: newsletter sources add arxiv-announce cs.CL --slug arxiv-cl
    """


sources_command.add_command(confirm)


@sources_command.command("add", short_help="읽을 곳 추가 / read a source from now on")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("address")
@click.option("--slug", required=True, help="A short name without blanks.")
@click.option("--name", default="", help="How readers know the source.")
@click.option(
    "--credit", default="", help="The name by which its texts are credited, if it is another."
)
@click.option("--licence", default="", help="The licence of its texts.")
@click.option(
    "--mail/--no-mail",
    "may_be_mailed",
    default=None,
    help="Mail its texts, or only link them. [default: as the licence says]",
)
@click.option(
    "--written-by",
    type=click.Choice([writer.value for writer in licences.Writer if writer]),
    help="Who writes its texts: readers are told of a machine.",
)
@click.option("--adopt", is_flag=True, help="It is the source that these files came from.")
@click.option(
    "--every",
    "interval",
    type=click.Choice([interval.value for interval in Interval]),
    default=Interval.DAILY.value,
)
def add(address: str, **told: Any) -> None:
    """Add a source, or give an address to one that was fed by files until now.

    \b
    ADDRESS is a web address; for arxiv also a query (cat:cs.CL), for arxiv-announce
    also categories (cs.AI+cs.CL), for files also a pattern with {date}.
    Example: newsletter sources add feed https://example.com/feed.xml --slug blog
    """
    prepare()
    source = register(Registration(address=address, **told))
    click.echo(f"{source.slug}: 등록했습니다. / Added.")
    if not source.may_be_mailed:
        click.echo(
            "글은 싣지 않고 링크만 합니다. 허락받았거나 라이선스를 안다면: "
            f"newsletter sources confirm {source.slug} --mail | --licence …"
            " / Its texts are linked, not mailed; whoever has leave or knows the licence says so."
        )
    elif licences.forbids_mailing(source.licence):
        click.echo(
            f"{source.licence}: 라이선스와 달리 글을 싣습니다."
            " / Its texts are mailed although the licence forbids it."
        )


@sources_command.command("list", short_help="읽는 곳과 상태 / the sources and their health")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def list_(as_json: bool) -> None:
    """List the sources with their health, and what an editor should know of them.

    \b
    Example: newsletter sources list
    """
    prepare()
    rows = source_list.rows()
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    source_list.show(rows)


@sources_command.command("test", short_help="저장하지 않고 읽어 보기 / read one, store nothing")
@click.argument("slug")
def test(slug: str) -> None:
    """Read a source now and show what it says, without storing anything.

    \b
    Example: newsletter sources test pytorchkr
    """
    prepare()
    reading = collecting.read(_find(slug), Visitor(None), clock.now())
    for file in reading.files:
        for digest in file.digests:
            click.echo(f"{digest.listed_on}  {digest.format}  {digest.title}")
            for entry in digest.entries:
                click.echo(f"    {entry.arxiv_id or '-':<12} {entry.title}")
    for finding in reading.findings:
        click.echo(f"  {finding.code}: {finding.message}", err=True)
    papers = sum(len(tuple(file.entries)) for file in reading.files)
    click.echo(f"{reading.looked_at} → 논문 {papers}편 / {papers} papers")
    if not papers:
        raise SystemExit(1)


@sources_command.command("disable", short_help="읽기 중단 / stop reading a source")
@click.argument("slug")
def disable(slug: str) -> None:
    """Stop reading a source; what it said so far stays.

    \b
    Example: newsletter sources disable pytorchkr
    """
    prepare()
    source = _find(slug)
    source.enabled = False
    source.save(update_fields=["enabled"])
    click.echo(f"{slug}: 더 읽지 않습니다. / Disabled.")


@sources_command.command("enable", short_help="다시 읽기 / read a source again")
@click.argument("slug")
def enable(slug: str) -> None:
    """Read a source again that was disabled.

    \b
    Example: newsletter sources enable pytorchkr
    """
    prepare()
    source = _find(slug)
    source.enabled, source.next_check_at = True, None
    source.save(update_fields=["enabled", "next_check_at"])
    click.echo(f"{slug}: 다시 읽습니다. / Enabled.")


@sources_command.command("run", short_help="지금 읽기 / read one or all now")
@click.argument("slug", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def run(slug: str | None, as_json: bool) -> None:
    """Collect one source, or all of them side by side, and store what they say.

    \b
    Example: newsletter sources run
    """
    prepare()
    chosen = (
        [_find(slug)] if slug else list(Source.objects.filter(enabled=True).exclude(address=""))
    )
    failed = False
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for told in pool.map(collect_one, chosen):
            failed |= told.outcome is Outcome.FAILED
            click.echo(_told(told, as_json))
    if failed:
        raise SystemExit(1)


@sources_command.command(
    "facts", short_help="arXiv에서 빠진 정보 채우기 / ask arXiv for what is missing"
)
def facts() -> None:
    """Ask arXiv for what digests lack: abstracts, authors, ids of lost links, withdrawals.

    \b
    Example: newsletter sources facts
    """
    prepare()
    filled = arxiv_facts.fill(Visitor(None), clock.now())
    for match in filled.identified:
        click.echo(f"{match.arxiv_id}  {match.confidence:.0%}  {match.title}")
    for arxiv_id in filled.withdrawn:
        click.echo(f"{arxiv_id}  철회 / withdrawn")
    click.echo(
        f"채움 {filled.filled}편, 없음 {len(filled.missing)}편"
        f" / {filled.filled} filled, {len(filled.missing)} missing"
    )


def collect_one(source: Source) -> Collected:
    """Collect one source in a thread of its own, and give its connection back."""
    try:
        return collecting.collect(source, keep)
    finally:
        connection.close()  # each thread has its own


def _find(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).exclude(address="").first()
    if source is None:
        raise NotFound(
            "source.unknown",
            "등록되지 않은 소스입니다.",
            "No such source is registered.",
            place=slug,
        )
    return source


def _told(told: Collected, as_json: bool) -> str:
    if as_json:
        findings = [{"code": one.code, "message": one.message} for one in told.findings]
        row = {
            "slug": told.slug,
            "outcome": told.outcome,
            "papers": told.papers,
            "papers_new": told.papers_new,
            "error": told.error,
            "findings": findings,
        }
        return json.dumps(row, ensure_ascii=False)
    lines = [f"{told.slug}: {told.outcome}, {told.papers}편 / papers, +{told.papers_new}"]
    lines += [f"  {told.error}"] if told.error else []
    return "\n".join(lines + [f"  {one.code}: {one.message}" for one in told.findings])
