"""A whole system as an operator has it: real processes on a data folder of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.servers import PATIENCE, wait_until

NEWSLETTER = (sys.executable, "-m", "newsletter")


@dataclass
class System:
    """One data folder, the settings to run on it, and the ``newsletter up`` of now."""

    data_dir: Path
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None)

    def command(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*NEWSLETTER, *words],
            env={**os.environ, **self.settings, **settings},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def doctor(self, **settings: str) -> tuple[int, dict[str, dict[str, str]]]:
        """Return the doctor's exit code, and what it said of each part."""
        answer = self.command("doctor", "--json", **settings)
        assert answer.stdout, answer.stderr
        checks = json.loads(answer.stdout)["checks"]
        return answer.returncode, {check["part"]: check for check in checks}

    def start(self, *words: str) -> None:
        with (self.data_dir / "terminal").open("ab") as terminal:
            self.process = subprocess.Popen(
                [*NEWSLETTER, *(words or ("up",))],
                env={**os.environ, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
            )

    def up(self) -> None:
        self.start()
        wait_until(self.is_up, f"newsletter up: {self.terminal}")

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.terminal
        return "Ctrl-C" in self.terminal

    @property
    def terminal(self) -> str:
        return (self.data_dir / "terminal").read_text()

    def processes(self) -> dict[int, str]:
        """Return every process that belongs to this folder, by what it was started with."""
        mine = f"NEWSLETTER_DATA_DIR={self.data_dir}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (entry / "environ").read_bytes().split(b"\0")
                # Redis writes its title over its environment; the title names its socket.
                # A line that is empty has ended, and waits to be collected.
                if words and (mine in environment or f"{self.data_dir}/" in words):
                    found[int(entry.name)] = words
            except OSError:
                continue
        return found

    def pids(self, words: str) -> list[int]:
        return sorted(pid for pid, line in self.processes().items() if words in line)

    def signal(self, number: signal.Signals) -> float:
        """Send a signal to the parent; return the seconds until it had ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return time.monotonic() - began


@contextlib.contextmanager
def a_system(data_dir: Path) -> Iterator[System]:
    """Yield a system on this folder; whatever runs of it in the end is killed."""
    settings = {
        "NEWSLETTER_DATA_DIR": str(data_dir),
        "WEB_PORT": str(free_port()),
        "INBOX_PORT": str(free_port()),
        "BASE_URL": "",
        "DATABASE_URL": "",
    }
    one = System(data_dir, settings)
    try:
        yield one
    finally:
        for pid in one.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if one.process is not None:
            one.process.wait(PATIENCE)


@pytest.fixture
def system(data_dir: Path) -> Iterator[System]:
    """A system that has not been started yet."""
    with a_system(data_dir) as one:
        yield one


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_until
