"""``newsletter up``: the whole system as one command."""

import sys
from collections.abc import Callable, Iterable

import click
from django.conf import settings
from rich.console import Console

from newsletter.commands import children, ports
from newsletter.commands.checkup.files import written_by_us
from newsletter.commands.database import prepare_database
from newsletter.commands.lock import only_one
from newsletter.commands.supervisor import Supervisor
from newsletter.common import private_files
from newsletter.delivery import reboots
from newsletter.delivery.reboots import Held

_EVENTS = {
    "ready": "[green]●[/] {name}",
    "ended": "[yellow]●[/] {name} 끝남, 곧 다시 시작 / ended, starting again soon: log/{name}.log",
    "stuck": "[red]●[/] {name} 멈춰 있어 강제로 끝냄 / stands still, was killed: log/{name}.log",
    "restarted": "[green]●[/] {name} 다시 시작함 / started again",
}


@click.command()
def up_command() -> None:
    """Run the whole system here: broker, inbox, workers, beat and the site.

    Stop it with Ctrl-C: it ends within five seconds. SIGTERM, as systemd sends it, waits until
    the letters being handed over have their answers. A second signal waits for nothing.

    \b
    Example: newsletter up
    Example: WEB_PORT=9000 NEWSLETTER_DATA_DIR=/srv/newsletter newsletter up
    """
    sys.exit(run_system())


def run_system(job: Callable[[], int] | None = None) -> int:
    """Bring the database to this version and run the system on this folder.

    With a job, run until the job is done and return its result; the job runs in
    a thread and finds every part ready. Without one, run until a signal. Raises
    :class:`~newsletter.common.errors.Refused` where the folder is in use already.
    """
    with only_one(settings.DATA_DIR):
        private_files.close_to_others(written_by_us())
        ports.settle()
        prepare_database()
        console = Console(stderr=True, highlight=False)
        _say_held(console, reboots.hold_after_reboot(reboots.boot_id_if_embedded()))
        supervisor = Supervisor(
            children.system(),
            settings.DATA_DIR,
            lambda name, event: console.print(_EVENTS[event].format(name=name)),
        )
        result = supervisor.run(job, ready=lambda: _greet(console))
        if job is None:
            console.print("끝났습니다 / stopped")
        return result


def _say_held(console: Console, held: Iterable[Held]) -> None:
    for one in held:
        console.print(
            f"  [yellow]● 보류함 / held: {one.slug}[/]\n    {reboots.REASON}", soft_wrap=True
        )
        console.print(f"    계속하려면 / to go on: {one.command}", soft_wrap=True, markup=False)


def _greet(console: Console) -> None:
    addresses = [("사이트 / site", "/"), ("데스크 / desk", "/desk/")]
    if settings.MAIL_BACKEND == "inbox":
        addresses.insert(1, ("내장 메일함 / inbox", "/inbox/"))
    console.print()
    for label, path in addresses:
        console.print(f"  [bold]{label:<18}[/] {settings.BASE_URL}{path}")
    console.print(f"  [dim]기록 / logs: {settings.DATA_DIR / 'log'}   끝내기 / stop: Ctrl-C[/]\n")
