"""``newsletter approve``, ``preview`` and ``send``."""

from datetime import datetime

import click
from django.db import transaction

from newsletter.commands.checking import print_findings
from newsletter.commands.line import prepare
from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.common.errors import BadInput, Declined, Refused
from newsletter.common.findings import Finding, Severity
from newsletter.delivery import preflight, preview, scheduling, sending
from newsletter.delivery.backends import choose
from newsletter.delivery.backends.base import SendError
from newsletter.issues import approval, editing
from newsletter.issues.holding import wrong_state
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState
from newsletter.subscribers.addresses import parse_each
from newsletter.tasks import deliver

_AFTER_THE_BEGINNING = {
    IssueState.SENDING: (
        "이미 발송 중인 호입니다. 진행 상황은 newsletter status {name} 명령으로 볼 수 있습니다.",
        "This issue is being sent already; newsletter status {name} shows how far it is.",
    ),
    IssueState.PAUSED: (
        (
            "발송을 시작했다가 멈춘 호입니다. newsletter status {name} 명령으로 확인한 뒤 "
            "newsletter resume {name} 명령으로 이어서 보내 주세요."
        ),
        (
            "Sending of this issue has begun and is paused; look at newsletter status {name}, "
            "then go on with newsletter resume {name}."
        ),
    ),
    IssueState.SENT: (
        (
            "이미 발송을 마친 호입니다. 결과는 newsletter report {name} 명령으로 볼 수 있습니다. "
            "그 뒤에 구독한 독자는 다음 호부터 받습니다."
        ),
        (
            "This issue was sent already; newsletter report {name} shows how it fared. "
            "Who has joined since gets the next one."
        ),
    ),
}


@click.command("approve")
@click.argument("issue")
@click.option("--read", is_flag=True, help="I have read the warnings of this issue.")
@click.option("--by", default="command line", help="Who approves; kept with the issue.")
@click.option("--despite", default="", help="Why it may leave despite its errors; kept as well.")
def approve_command(issue: str, read: bool, by: str, despite: str) -> None:
    """Approve an issue, so that it may be sent; the gate must be open, or a reason given.

    Warnings are shown, and need --read from somebody who has read them.

    \b
    Example: newsletter approve 2026-01-05-weekly --by 지은
    """
    prepare()
    found = editing.find(issue)
    _approve(found, by, read=read, reason=despite)
    click.echo(f"{found.slug}: 승인했습니다. / approved.")


@click.command("preview")
@click.argument("issue")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--lang", type=click.Choice([v.value for v in Language]), default="ko")
def preview_command(issue: str, addresses: tuple[str, ...], lang: str) -> None:
    """Send an issue to the addresses named, as a preview; no reader and no count changes.

    \b
    Example: newsletter preview 2026-01-05-weekly editor@example.com --lang en
    """
    prepare()
    wanted = parse_each(addresses)
    outcomes = preview.send_preview(editing.find(issue), wanted, Language(lang), choose.backend())
    refused = False
    for address, outcome in zip(wanted, outcomes, strict=True):
        failed = isinstance(outcome.result, SendError)
        refused |= failed
        told = (
            outcome.result.reason if isinstance(outcome.result, SendError) else "보냈습니다 / sent"
        )
        click.echo(f"{address}: {told}")
    if refused:
        raise SystemExit(1)


@click.command("send")
@click.argument("issue")
@click.option("--confirm", is_flag=True, help="Yes, write to every reader of this cadence.")
@click.option("--at", "moment", default="", help="Not now but then, in Korea: 2026-01-12 08:00.")
@click.option("--forget-time", is_flag=True, help="Take the time back; it stays approved.")
@click.option("--by", default="command line", help="Who sends; kept with the issue.")
def send_command(issue: str, confirm: bool, moment: str, forget_time: bool, by: str) -> None:
    """Send an issue to its readers, each of them once. A draft is approved first.

    Its warnings are shown, and --confirm is your word that it may leave with them. Where it
    cannot begin, a draft stays a draft. Exit code 1 if it had begun before.

    \b
    Example: newsletter send 2026-01-05-weekly --confirm
    Example: newsletter send 2026-01-05-weekly --confirm --at "2026-01-12 08:00"
    """
    prepare()
    found = editing.find(issue)
    if forget_time:
        scheduling.forget(found, by)
        click.echo(f"{found.slug}: 예약을 취소했습니다. / the time is forgotten.")
        return
    if not confirm:
        raise Refused(
            "confirm.required",
            "모든 독자에게 보내려면 --confirm을 붙여 주세요.",
            "Add --confirm to write to every reader.",
            place=found.slug,
        )
    _refuse_begun(found)
    if moment:
        _schedule(found, scheduling.parse_moment(moment), by)
        return
    _begin(found, by)
    if deliver.publish_issue(found.pk):
        click.echo(f"{found.slug}: 발송을 시작했습니다. / sending has begun.")
    else:
        click.echo(
            "작업 대기열에 닿지 않아, 워커가 돌아오면 시작합니다. / "
            "The queue cannot be reached; a worker will begin when it is back.",
            err=True,
        )
    click.echo(f"newsletter status {found.slug}")


def _approve(issue: Issue, by: str, *, read: bool, reason: str = "") -> None:
    """Approve a draft; its warnings are shown first, and somebody must have read them."""
    found = _shown(issue)
    warned = any(finding.severity is Severity.WARNING for finding in found)
    closed = approval.errors_of(found) and not reason
    if warned and not read and not closed:
        raise BadInput(
            "approve.unread",
            "위의 주의할 점을 읽고, --read를 붙여 다시 실행해 주세요.",
            "Read the warnings above, then run this again with --read.",
            place=issue.slug,
        )
    preflight.approve(issue, by, read=read, reason=reason)


def _shown(issue: Issue) -> tuple[Finding, ...]:
    """Show the warnings of a draft; return all that the gate finds in it, nothing for any other."""
    found = preflight.findings(issue) if issue.state == IssueState.DRAFT else ()
    print_findings(one for one in found if one.severity is Severity.WARNING)
    return found


def _schedule(issue: Issue, when: datetime, by: str) -> None:
    """Approve a draft and give it its time: both, or neither."""
    _shown(issue)
    with transaction.atomic():
        if issue.state == IssueState.DRAFT:
            preflight.approve(issue, by, read=True)
        scheduling.schedule(issue, when, by)
    told = when.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
    click.echo(f"{issue.slug}: {told}(한국 시각)에 시작합니다. / leaves at {told} in Korea.")


def _begin(issue: Issue, by: str) -> None:
    """Approve a draft and start: both, or neither.

    Raises :class:`Declined` (``issue.begun``) where another process was faster,
    :class:`Refused` where the issue was cancelled meanwhile, and what
    :func:`newsletter.delivery.sending.start` raises; then a draft is a draft still.
    """
    _shown(issue)
    try:
        with transaction.atomic():
            if issue.state == IssueState.DRAFT:
                preflight.approve(issue, by, read=True)
            begun = sending.start(issue.pk, by)
    except Refused:
        issue.refresh_from_db()
        _refuse_begun(issue)
        raise
    if not begun:
        issue.refresh_from_db()
        _refuse_begun(issue)
        # It had begun a moment ago, and was taken out of that state since.
        raise wrong_state(issue, IssueState(issue.state))


def _refuse_begun(issue: Issue) -> None:
    """Raise :class:`Declined` for an issue that has begun to leave; it says what can be done."""
    if issue.state not in BEGUN:
        return
    ko, en = _AFTER_THE_BEGINNING[IssueState(issue.state)]
    name = issue.slug
    raise Declined("issue.begun", ko.format(name=name), en.format(name=name), place=name)
