"""What ``newsletter sources list`` shows: each source, how it fares, and what somebody should know."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click
from django.db.models import Prefetch
from rich.console import Console
from rich.table import Column, Table

from newsletter.collect import terms
from newsletter.collect.models import Source, SourceFinding
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Finding
from newsletter.papers import told

Said = Finding | SourceFinding


def rows() -> list[dict[str, Any]]:
    """Return a row for each source, by its slug."""
    still_open = SourceFinding.objects.filter(passed_at=None).order_by("code")
    sources = list(
        Source.objects.select_related("derived_from")
        .prefetch_related(Prefetch("findings", still_open))
        .order_by("slug")
    )
    with_texts = {pk for pk, given in told.given().items() if given.texts}
    return [_row(source, list(_findings(source, with_texts))) for source in sources]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the sources as a table, and below it what somebody should know."""
    table = Table(
        # Whole, however narrow the window: it is what the other commands ask for.
        Column("소스 / source", no_wrap=True, overflow="ignore", min_width=_longest(rows)),
        Column("조건 / terms", min_width=len("not confirmed")),
        "종류 / kind",
        "주기 / every",
        "읽음 / read",
        "새 글 / new",
        "실패 / failed",
    )
    for row in rows:
        state = row["every"] if row["enabled"] else "꺼짐 / off"
        times = [_short(row["last_success"]), _short(row["last_new"])]
        failed = str(row["failures_in_a_row"])
        table.add_row(row["slug"], _terms(row), row["kind"], state or "-", *times, failed)
    Console().print(table)
    for row in rows:
        for finding in row["findings"]:
            click.echo(f"{row['slug']}: {finding['severity']} {finding['ko']} / {finding['en']}")


def _longest(rows: list[dict[str, Any]]) -> int:
    return max((len(row["slug"]) for row in rows), default=0)


def _terms(row: dict[str, Any]) -> str:
    """Return what becomes of its texts: nothing before somebody has said it."""
    if not row["confirmed_at"]:
        return "확인 필요 / not confirmed"
    return "실음 / mailed" if row["may_be_mailed"] else "링크만 / linked"


def _findings(source: Source, with_texts: set[int]) -> Iterable[Said]:
    yield from source.findings.all()
    if source.pk in with_texts and not source.is_confirmed:
        yield terms.not_confirmed(source)


def _row(source: Source, findings: list[Said]) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "name": source.name,
        "kind": source.kind,
        "address": source.address,
        "every": source.interval,
        "enabled": source.enabled,
        "licence": source.licence,
        "written_by": source.written_by,
        "may_be_mailed": source.may_be_mailed,
        "confirmed_at": _moment(source.confirmed_at),
        "confirmed_by": source.confirmed_by,
        "derived_from": source.derived_from.slug if source.derived_from else None,
        "last_success": _moment(source.last_success_at),
        "last_new": _moment(source.last_new_at),
        "failures_in_a_row": source.failures_in_a_row,
        "last_error": source.last_error,
        "findings": [
            {"code": one.code, "severity": one.severity, "ko": one.ko, "en": one.en}
            for one in findings
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _short(moment: str | None) -> str:
    """Return a moment as a table shows it: in Korea, to the minute."""
    return f"{datetime.fromisoformat(moment).astimezone(SEOUL):%m-%d %H:%M}" if moment else "-"
