"""``newsletter check``: asks the gate whether an issue may leave."""

import click

from newsletter.commands.line import prepare
from newsletter.common.findings import Finding, Severity
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
    for finding in found:
        print_finding(finding)
    for gauge in seen.gauges:
        _print_gauge(gauge)
    if gate.worst(found) is Severity.ERROR:
        raise SystemExit(1)
    click.echo("보낼 수 있습니다. / This issue may leave.")


def print_finding(finding: Finding) -> None:
    """Write what was found, where, and how to mend it."""
    where = f" [{finding.place}]" if finding.place else ""
    click.echo(f"{_SIGNS[finding.severity]} {finding.code}{where}: {finding.message}")
    if finding.remedy_ko:
        click.echo(f"             → {finding.remedy_ko} / {finding.remedy_en}")


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
