"""A web process that a test has started, and what can be seen of it from outside."""

import contextlib
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Much longer than the five that a request in hand has, for the sake of a busy machine.
SECONDS_TO_LEAVE = 40


@dataclass(frozen=True)
class Site:
    """A web process of this test, and where it answers."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def ended(self) -> int:
        """Return the code with which the process ends; where it does not, its log says at what it is."""
        try:
            return self.process.wait(SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it then writes down where each thread is
            self.process.wait()
            raise AssertionError(self.log.read_text()) from None

    def connections(self) -> int:
        """Return how many sockets the process has open."""
        found = 0
        for file in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed in between
                found += str(file.readlink()).startswith("socket:")
        return found
