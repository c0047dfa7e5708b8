"""``newsletter assemble``: makes the issue of a day or a week."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import click

from newsletter.commands.line import prepare
from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.errors import BadInput
from newsletter.issues.assemble import Assembled, assemble, assemble_latest, refresh
from newsletter.issues.window import window_around


@click.command("assemble")
@click.argument("cadence", type=click.Choice([cadence.value for cadence in Cadence]))
@click.option(
    "--for",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="A day in the window (Korea); without it, the last window that is over.",
)
@click.option("--refresh", "again", is_flag=True, help="Let a draft take in what came late.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def assemble_command(cadence: str, day: datetime | None, again: bool, as_json: bool) -> None:
    """Assemble the issue of a window, once; asking again finds the same issue.

    With --refresh, a draft is ranked anew; what an editor decided stays.

    \b
    Example: newsletter assemble weekly --for 2026-01-09
    """
    prepare()
    assembled = _assemble(Cadence(cadence), day.date() if day else None)
    issue = assembled.issue
    refreshed = refresh(issue) if again and not assembled.created else None
    papers = [
        item.paper.arxiv_id or item.paper.title
        for item in issue.items.filter(hidden=False).select_related("paper")
    ]
    if as_json:
        told: dict[str, Any] = {
            "issue": issue.slug,
            "created": assembled.created,
            "papers": papers,
            **(asdict(refreshed) if refreshed else {}),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    made = "만들었습니다 / made" if assembled.created else "이미 있습니다 / already there"
    click.echo(f"{issue.slug}: {issue.title}\n{made}, {len(papers)}편 / papers")
    if refreshed:
        click.echo(
            f"새로 들어온 논문 {refreshed.added}편, 빠진 논문 {refreshed.removed}편 / "
            f"{refreshed.added} papers came, {refreshed.removed} went"
        )
    for item in issue.items.select_related("paper"):
        click.echo(f"{item.position:3}. {item.paper.title} ({item.reason['ko']})")


def _assemble(cadence: Cadence, day: date | None) -> Assembled:
    if day is None:
        return assemble_latest(cadence)
    try:
        window = window_around(cadence, day, clock.SEOUL)
        # A database counts in UTC, where the first day of Seoul's calendar has no year.
        window.start.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(
            "time.invalid",
            "그런 날의 호는 없습니다.",
            "There is no issue of such a day.",
            place=str(day),
        ) from error
    return assemble(window)
