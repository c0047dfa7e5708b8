"""``newsletter demo``: the whole product at work on samples, watched step by step.

Every step may be run again: what is done is found done, and a send that was cut
off goes on where it stood.
"""

import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

import click
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from newsletter.collect.folder import digest_files
from newsletter.commands import sample_readers, up
from newsletter.commands.importing import import_file
from newsletter.commands.line import prepare
from newsletter.commands.status import table
from newsletter.common import clock, places
from newsletter.common.cadence import Cadence
from newsletter.common.errors import Refused
from newsletter.common.tokens import Purpose
from newsletter.delivery import preflight, sending
from newsletter.delivery.ledger import LedgerCounts, counts
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.issues.window import window_around
from newsletter.subscribers import links
from newsletter.tasks import deliver

SAMPLE_DAY = date(2026, 1, 9)
EDITOR = "editor"
# No letter moved for this long: something is wrong, and waiting will not mend it.
STALLED_AFTER = 180.0

Step = TypeVar("Step")
console = Console()


@click.command("demo")
@click.option("--once", is_flag=True, help="Stop after the job; exit 0 if all letters arrived.")
def demo_command(once: bool) -> None:
    """Import samples, assemble a Daily and a Weekly, and deliver them to 200 sample readers.

    Everything stays on this machine: letters go to the built-in inbox.

    \b
    Example: newsletter demo --once
    """
    _refuse_real_mail()
    prepare()
    sample_readers.refuse_real_readers()
    if once:
        raise SystemExit(up.run_system(_job_alone))
    up.run_system(_job_and_stay)


def _refuse_real_mail() -> None:
    if settings.MAIL_BACKEND != "inbox":
        raise Refused(
            "demo.real_mail",
            "데모는 내장 메일함으로만 보냅니다. MAIL_BACKEND 설정을 비워 주세요.",
            "The demonstration only mails the built-in inbox; unset MAIL_BACKEND.",
            place="MAIL_BACKEND",
        )


def _job() -> int:
    """Do the whole job; return the exit code: 0 only if every letter was accepted."""
    _import_samples()
    issues = [_assemble(cadence) for cadence in (Cadence.DAILY, Cadence.WEEKLY)]
    for _ in _watched(
        "독자 등록 / signing up readers", sample_readers.sign_up_all(), sample_readers.READERS
    ):
        pass
    for issue in issues:
        _send(issue)
    told = _wait(issues)
    _summary(issues, told)
    return 0 if all(_arrived(one) for one in told) else 1


def _job_alone() -> int:
    """Do the job, and say how to see what came of it once everything is down again."""
    done = _job()
    console.print(
        "\n  이제 모두 끕니다. newsletter up으로 다시 켜면 위 주소와 암호를 그대로 쓸 수 있습니다."
        "\n  Everything stops now. newsletter up starts it again, at the same addresses and with"
        " the same password.\n",
        highlight=False,
    )
    return done


def _job_and_stay() -> int:
    """Do the job, then leave the site up until Ctrl-C."""
    _job()
    console.print("\n  Ctrl-C로 끝냅니다. / Ctrl-C ends it.\n")
    threading.Event().wait()
    return 0


def _import_samples() -> None:
    files = list(digest_files(sorted(places.SAMPLES.glob("*/"))))
    new = sum(
        import_file(file)[1]
        for file in _watched("다이제스트 읽기 / reading digests", files, len(files))
    )
    console.print(f"  논문 {new}편을 새로 알게 됐습니다. / {new} new papers")


def _assemble(cadence: Cadence) -> Issue:
    issue = assemble(window_around(cadence, SAMPLE_DAY, clock.SEOUL)).issue
    console.print(f"  [bold]{issue.title}[/] · {issue.items.count()}편 / papers", highlight=False)
    return issue


def _send(issue: Issue) -> None:
    with transaction.atomic():
        if issue.state == IssueState.DRAFT:
            # Nobody is there to read, and nobody real gets it.
            preflight.approve(issue, "demo", read=True)
        if issue.state == IssueState.APPROVED:
            sending.start(issue.pk, "demo")
    if issue.state == IssueState.PAUSED:
        # It was held, as after a new boot of the machine; nobody real gets it.
        sending.resume(issue.pk, "demo")
    deliver.publish_issue(issue.pk)


def _wait(issues: list[Issue]) -> list[LedgerCounts]:
    """Watch the ledger until nothing moves any more; give up when it stands still too long."""
    with _progress() as bar:
        lines = [bar.add_task(issue.slug, total=None) for issue in issues]
        since, before = time.monotonic(), None
        while True:
            told = [counts(issue) for issue in issues]
            for line, one in zip(lines, told, strict=True):
                bar.update(line, total=one.frozen, completed=one.frozen - one.unsettled)
            if all(one.settled for one in told) or time.monotonic() - since > STALLED_AFTER:
                return told
            if told != before:
                since, before = time.monotonic(), told
            time.sleep(0.2)


def _arrived(one: LedgerCounts) -> bool:
    return one.balances and one.settled and not (one.rejected or one.cancelled)


def _summary(issues: list[Issue], told: list[LedgerCounts]) -> None:
    names = tuple(issue.slug for issue in issues)
    console.print()
    console.print(table("원장 / the ledger", told, names))
    console.print(
        f"  독자 {sample_readers.READERS}명 중 한 명은 떠났고 한 곳은 발송 금지 주소입니다. / "
        "One of the readers has left, and one mailbox is suppressed."
    )
    site, weekly = settings.BASE_URL, issues[-1]
    reader = links.token(Purpose.PREFERENCES, sample_readers.one_reader().pk)
    for name, address in (
        ("내장 메일함 / inbox", f"{site}/inbox/"),
        ("웹에서 보기 / archive", f"{site}/issues/{weekly.slug}/"),
        ("구독 설정 / preferences", f"{site}/p/{reader}/"),
        ("편집 데스크 / desk", f"{site}/desk/  ({EDITOR} · {_password()})"),
    ):
        console.print(f"  {name:<24} {address}", highlight=False, soft_wrap=True)
    if not all(_arrived(one) for one in told):
        console.print(
            "[bold red]전달되지 않은 편지가 있습니다.[/] newsletter status · newsletter doctor\n"
            "Some letters did not arrive; ask newsletter status and newsletter doctor."
        )


def _password() -> str:
    """Give the sample editor a new password and return it, so that it is never a known one."""
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        editor, _ = User.objects.get_or_create(username=EDITOR)
        editor.set_password(password)
        editor.save()
    return password


def _watched(label: str, steps: Iterable[Step], total: int) -> Iterator[Step]:
    with _progress() as bar:
        yield from bar.track(steps, total=total, description=label)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
