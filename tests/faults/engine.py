"""Real workers and a real beat, for tests that kill them or take away what they stand on."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from newsletter.commands.watchdog import QueueWatch

# Quiet as in life: a banner that cannot be written would end a program at its start.
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "newsletter")
QUEUES = "mail.urgent,mail.bulk,house"


def test_database_url() -> str:
    """The address of this test's own database, for other processes."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(values['NAME']))}"
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={quote(values['HOST'], safe='')}"


test_database_url.__test__ = False  # type: ignore[attr-defined]  # a helper with an honest name


class Engine:
    """The workers and the beat of one test, which may die and be started again."""

    def __init__(self, log: Path, database_url: str) -> None:
        self.log = log
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "RECONCILE_SECONDS": "1",
            "DELIVERY_BATCH_SIZE": "40",
            "C_FORCE_ROOT": "1",
        }
        self.workers = 0
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(
        self,
        processes: int = 2,
        *,
        prefix: tuple[str, ...] = (),
        queues: str = QUEUES,
        **environment: str,
    ) -> subprocess.Popen[bytes]:
        """Start a worker; ``prefix`` is a program to run it under, such as a wrong clock."""
        self.workers += 1
        words = ("worker", "-c", str(processes), "-n", f"w{self.workers}@%h", "-Q", queues)
        return self._run(*words, "--without-gossip", prefix=prefix, **environment)

    def start_as_up_does(self) -> subprocess.Popen[bytes]:
        """Start the worker that delivers issues with the very command of ``newsletter up``."""
        from newsletter.commands import children

        (mail,) = (child for child in children.system() if child.name == "worker-mail")
        return self._run(*mail.command[3:], celery=mail.command[:3], **mail.environment)

    def start_beat(self) -> None:
        self._run("beat", "-s", str(self.log.parent / "beat"), "--pidfile=")

    def _run(
        self,
        *arguments: str,
        prefix: tuple[str, ...] = (),
        celery: tuple[str, ...] = CELERY,
        **environment: str,
    ) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            program = subprocess.Popen(
                [*prefix, *celery, *arguments],
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.programs.append(program)
        return program

    def kill(self, program: subprocess.Popen[bytes]) -> None:
        """Kill a program and all its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def restart_the_dead(self) -> None:
        """Start again what has ended by itself, as the supervisor of a real system does."""
        for program in list(self.programs):
            if program.poll() is not None:
                self.programs.remove(program)  # or it would be started again at each look
                words = [str(word) for word in program.args]
                self._run(*words[len(CELERY) :])

    def start_again_what_stands_still(self, watch: QueueWatch) -> None:
        """Replace the workers where they take nothing from their queues, as ``newsletter up`` does."""
        if watch.stands_still():
            for program in [one for one in self.programs if "worker" in one.args]:
                program.terminate()
                program.wait()
            self.restart_the_dead()

    def stop(self) -> None:
        for program in self.programs:
            self.kill(program)


def children_of(pid: int) -> list[int]:
    """The pool processes of a worker."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]
