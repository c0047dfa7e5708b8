"""``newsletter check``: asks the gate whether an issue may leave."""

from collections.abc import Iterable

import click

from newsletter.commands.line import prepare
from newsletter.common.findings import Finding, Gathered, Severity, gathered
from newsletter.delivery import preflight
from newsletter.delivery.preflight import VariantGauge
from newsletter.issues import editing, gate

_BAR = 20
_SIGNS = {
    Severity.ERROR: "오류 error  ",
    Severity.WARNING: "주의 warning",
    Severity.NOTICE: "알림 notice ",
}


@click.command("check")
@click.argument("issue")
def check_command(issue: str) -> None:
    """Say what keeps an issue from leaving, where, and how to mend it.

    Exit code 1 if there is an error; warnings and notices leave it at 0.

    \b
    Example: newsletter check 2026-01-05-weekly
    """
    prepare()
    seen = preflight.look(editing.find(issue))
    found = seen.findings
    print_findings(found)
    for gauge in seen.gauges:
        _print_gauge(gauge)
    if gate.worst(found) is Severity.ERROR:
        raise SystemExit(1)
    click.echo("보낼 수 있습니다. / This issue may leave.")


def print_findings(found: Iterable[Finding]) -> None:
    """Write what was found, where, and how to mend it; what repeats is told once, with its number."""
    for kind in gathered(found):
        _print_kind(kind)


def _print_kind(kind: Gathered) -> None:
    sign, code = _SIGNS[kind.finding.severity], kind.finding.code
    number = f" ×{len(kind.all)}" if len(kind.all) > 1 else ""
    if kind.tells_one_thing:
        where = f" [{', '.join(kind.places)}]" if kind.places else ""
        click.echo(f"{sign} {code}{number}{where}: {kind.finding.message}")
    else:
        click.echo(f"{sign} {code}{number}:")
        for one in kind.all:
            click.echo(f"             [{one.place}] {one.message}")
    for remedy in kind.remedies:
        click.echo(f"             → {remedy.remedy_ko} / {remedy.remedy_en}")


def _print_gauge(gauge: VariantGauge) -> None:
    filled = min(_BAR, gauge.percent * _BAR // 100)
    bar = "█" * filled + "░" * (_BAR - filled)
    gave_way = (
        f"접음 folded {gauge.folded}, 제목만 brief {gauge.brief}, 뺌 left out {gauge.left_out}"
    )
    click.echo(
        f"{gauge.language:4} {bar} {gauge.percent:3} % ({gauge.size:,} / "
        f"{preflight.MAXIMUM_HTML:,} bytes): {gave_way}"
    )
