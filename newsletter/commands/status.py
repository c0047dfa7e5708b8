"""``newsletter status``: the ledger's numbers and whether a send keeps its promises; or what is under way."""

import json

import click
from rich.console import Console
from rich.table import Table

from newsletter.commands.line import prepare
from newsletter.commands.words import both
from newsletter.delivery import invariants
from newsletter.delivery.invariants import Promise
from newsletter.delivery.ledger import LedgerCounts, counts
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState


@click.command("status")
@click.argument("issue", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")
def status_command(issue: str | None, as_json: bool) -> None:
    """Say how many letters of an issue stand where. The numbers always balance.

    Without ISSUE, name each issue that is under way, from draft to paused.

    \b
    Example: newsletter status
    Example: newsletter status 2026-01-05-weekly --json
    """
    prepare()
    if issue is None:
        _under_way(as_json)
        return
    found = editing.find(issue)
    told, promises = counts(found), invariants.check(found)
    if as_json:
        kept = {"invariants": [promise.to_json() for promise in promises]}
        click.echo(json.dumps({**told.to_json(found), **_held(found), **kept}, ensure_ascii=False))
        return
    console = Console()
    console.print(table(f"{found.slug} · {IssueState(found.state).korean} / {found.state}", [told]))
    for why in _held(found).values():
        console.print(why, highlight=False, markup=False, soft_wrap=True)
    for promise in promises:
        console.print(_line(promise), highlight=False)


def _under_way(as_json: bool) -> None:
    ended = (IssueState.SENT, IssueState.CANCELLED)
    issues = Issue.objects.exclude(state__in=ended).order_by("pk")
    if as_json:
        told = [{"issue": issue.slug, "state": issue.state, **_held(issue)} for issue in issues]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for issue in issues:
        click.echo(f"{issue.slug}  {IssueState(issue.state).korean} / {issue.state}")
        for why in _held(issue).values():
            click.echo(f"  → {why}")
    if not issues:
        click.echo("진행 중인 호가 없습니다. / No issue is under way.")


def _held(issue: Issue) -> dict[str, str]:
    """Return why the issue waits for a person, as ``held``; nothing where it does not."""
    reasons = {IssueState.PAUSED: issue.pause_reason, IssueState.APPROVED: issue.send_held}
    why = reasons.get(IssueState(issue.state), "")
    return {"held": why} if why else {}


def _line(promise: Promise) -> str:
    said = f"{promise.name} {promise.ko} / {promise.en}"
    if promise.holds:
        return f"[green]✓[/] {said}"
    return f"[red]✗[/] {said}: {promise.broken:,}\n  → {promise.remedy_ko} / {promise.remedy_en}"


def table(
    title: str, columns: list[LedgerCounts], names: tuple[str, ...] = ("편지 / letters",)
) -> Table:
    """Return the ledgers side by side, one column each, with the sum that must be the first line."""
    rows = Table(title=title)
    rows.add_column("")
    for name in names:
        rows.add_column(name, justify="right")
    rows.add_row("독자 / frozen", *[f"{c.frozen:,}" for c in columns], end_section=True)
    for word, field in _LINES:
        rows.add_row(both(word, field), *[f"{getattr(c, field):,}" for c in columns])
    skipped = [f"{sum(c.skipped.values()):,}" for c in columns]
    rows.add_row(both("Skipped", "skipped"), *skipped, end_section=True)
    rows.add_row(
        "합이 맞음 / balances", *["예 / yes" if c.balances else "아니요 / NO" for c in columns]
    )
    return rows


_LINES = (
    ("Queued", "queued"),
    ("Sending", "sending"),
    ("Delivered", "accepted"),
    ("Rejected", "rejected"),
    ("Cancelled", "cancelled"),
    ("Uncertain", "uncertain"),
)
