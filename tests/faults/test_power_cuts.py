"""F33: the power goes in the middle of a send; what was not synced is gone.

The whole system runs on a disk that keeps only what was synced (``tests/power.py``).
The mail server that its letters go to lies outside, remembers all it took, and at a
moment chosen by chance kills every process before it answers. The system is started
again from what the disk kept, until the issue is done.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.delivery.smtp_servers import smtp_server
from tests.faults.invariants import books, check
from tests.faults.sizes import sized
from tests.power import Disk
from tests.servers import PATIENCE, wait_until
from tests.up.conftest import System, system

__all__ = ["system"]  # a fixture
READERS = 300
ISSUE = "2026-01-05-weekly"
ANOTHER_BOOT = "UPDATE delivery_lastboot SET boot_id = 'before the cut'"
LEFT = "SELECT email FROM subscribers_subscriber WHERE status <> 'active'"
MOVING = "SELECT count(*) FROM delivery_delivery WHERE status IN ('queued', 'sending')"


class World:
    """What is outside: a mail server, readers who leave as they get a letter, and the mains."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.mailboxes: Counter[str] = Counter()
        self.left: set[str] = set()
        self.cut_at = 0
        self.dark = threading.Event()
        self.cut: Callable[[], None] = lambda: None

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd finds it by this name
        """Take a letter; every tenth reader leaves at once, and with one letter the power goes."""
        head = _head(envelope.content)
        if "List-Id" not in head:
            return "250 a notice"
        self.taken[head["Message-ID"].strip("<>").split(".")[0].removeprefix("d")] += 1
        self.mailboxes[envelope.rcpt_tos[0]] += 1
        number = self.taken.total()
        if number % 10 == 0 and _leaves(head["List-Unsubscribe"]):
            self.left.add(envelope.rcpt_tos[0])
        if number == self.cut_at:
            self.cut()
            self.dark.set()
            return "421 the power is off"
        return "250 ok"


def _head(raw: bytes) -> dict[str, str]:
    from email.parser import BytesHeaderParser

    return dict(BytesHeaderParser().parsebytes(raw))


def _leaves(header: str) -> bool:
    """Press the one-click button; tell whether the site has answered that it is done."""
    address = next(part.strip(" <>") for part in header.split(",") if "http" in part)
    try:
        answer = httpx.post(address, data={"List-Unsubscribe": "One-Click"}, timeout=30)
    except httpx.HTTPError:
        return False
    return answer.is_success


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    with smtp_server(world) as port:
        world.port = port
        yield world


@pytest.fixture
def lives() -> Iterator[Path]:
    """Where the disk is put after each cut; short, for a socket's path is too."""
    with tempfile.TemporaryDirectory(prefix="newsletter-lives-") as folder:
        yield Path(folder)


def ask(system: System, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(system.data_dir / "newsletter.sqlite3", timeout=20) as database:
        rows = database.execute(statement).fetchall()
    database.close()
    return rows


def kill_all(system: System) -> None:
    """End every process of the system between two instructions, as a power cut does."""
    while pids := list(system.processes()):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if system.process is not None:
            system.process.poll()


def begin(system: System, world: World, disk: Disk) -> int:
    """Let an issue begin to leave by the mail server outside; return its id."""
    system.settings |= disk.environment | {
        "MAIL_BACKEND": "smtp",
        "SMTP_URL": f"smtp://127.0.0.1:{world.port}?tls=none&connections=2",
        "DELIVERY_BATCH_SIZE": "40",
        "RECONCILE_SECONDS": "1",
        **dict.fromkeys(("WORKER_PROCESSES", "HOUSE_PROCESSES", "COLLECT_PROCESSES"), "1"),
        "BASE_URL": f"http://127.0.0.1:{system.settings['WEB_PORT']}",
        "DJANGO_SETTINGS_MODULE": "newsletter.settings",
    }
    world.cut = lambda: kill_all(system)
    program = (sys.executable, "-m", "tests.faults.begin", str(READERS))
    made = subprocess.run(
        program, env=os.environ | system.settings, capture_output=True, text=True, check=True
    )
    return int(made.stdout)


def cut(system: System, world: World) -> None:
    """Wait until the power has gone at its letter, and nothing runs any more."""
    assert world.dark.wait(PATIENCE), "the letter at which the power goes never came"
    world.dark.clear()
    system.process.wait()


def boot_again(system: System, disk: Disk, after: Path, *, names_survive: bool) -> Disk:
    """Move the system to what the disk has kept; to it the boot before was another one."""
    disk.after_a_cut(after, names_survive=names_survive)
    system.data_dir = after
    ask(system, ANOTHER_BOOT)
    disk = Disk.watching(after, disk.shim.parent)
    system.settings |= disk.environment | {"NEWSLETTER_DATA_DIR": str(after)}
    return disk


def goes_on(system: System, world: World) -> None:
    """Look at what the system knows after a cut, and let it go on as it says itself."""
    gone = {email for (email,) in ask(system, LEFT)}
    assert world.left <= gone, "an unsubscribe that was answered is undone"
    assert f"newsletter resume {ISSUE}" in system.terminal
    resumed = system.command("resume", ISSUE)
    assert resumed.returncode == 0, resumed.stderr


@pytest.mark.timeout(sized(600, soak=3600))  # each cut starts the whole system anew
def test_f33_no_letter_leaves_twice_and_nobody_who_left_is_back(
    lives, system, world, tmp_path, chance
):
    disk = Disk.watching(system.data_dir, tmp_path / "work")
    issue = begin(system, world, disk)
    cuts = sorted(chance.sample(range(5, READERS - 60), sized(2, soak=8)))
    for number, world.cut_at in enumerate([*cuts, 0], start=1):
        system.up()
        if number > 1:
            goes_on(system, world)
        if world.cut_at:
            cut(system, world)
            disk = boot_again(system, disk, lives / str(number), names_survive=bool(number % 2))
    wait_until(lambda: ask(system, MOVING) == [(0,)], "the last letter")
    assert [name for name, times in world.mailboxes.items() if times > 1] == []
    check(books(issue, lambda statement: ask(system, statement)), world.taken)
    assert world.left
    assert world.left <= {email for (email,) in ask(system, LEFT)}
