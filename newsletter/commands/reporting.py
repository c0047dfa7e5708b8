"""``newsletter report``: how an issue fared after it left."""

import json

import click
from rich.console import Console
from rich.table import Table

from newsletter.commands.line import prepare
from newsletter.commands.words import both
from newsletter.insights import reports, rollup
from newsletter.insights.rates import Counts, IssueReport
from newsletter.issues import editing


@click.command("report")
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def report_command(issue: str, as_json: bool) -> None:
    """Say how an issue fared: delivered, bounced, complained, left, per mailbox provider.

    \b
    Example: newsletter report 2026-01-05-weekly --json
    """
    prepare()
    found = editing.find(issue)
    rollup.roll_up(found)
    report = reports.issue_report(found)
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
        return
    Console().print(_table(report))


def _table(report: IssueReport) -> Table:
    columns = [report.total, *(one.counts for one in report.mailboxes)]
    table = Table(title=report.issue)
    table.add_column("")
    for name in (both("All", "all"), *(_mailbox(one.mailbox) for one in report.mailboxes)):
        table.add_column(name, justify="right")
    for word, field in _LINES:
        table.add_row(both(word, field), *[f"{getattr(counts, field):,}" for counts in columns])
    table.add_section()
    table.add_row("신고율 / complaints", *[_complaints(counts) for counts in columns])
    table.add_row("반송률 / bounces", *[f"{counts.bounce_rate:.2%}" for counts in columns])
    return table


_LINES = (
    ("Accepted", "accepted"),
    ("Arrived", "delivered"),
    ("Put off", "deferred"),
    ("Bounced", "bounced"),
    ("제외", "dropped"),
    ("소식 없음", "untold"),
    ("Complained", "complained"),
    ("Left", "left"),
)


def _mailbox(name: str) -> str:
    return both("Others", name) if name == "other" else name


def _complaints(counts: Counts) -> str:
    bar = f" ≥ {counts.bar.label}" if counts.bar else ""
    return f"{counts.complaint_rate:.2%}{bar}"
