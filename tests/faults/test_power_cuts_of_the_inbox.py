"""F33: what the built-in inbox has answered with 250 it has after a power cut."""

import contextlib
import os
import smtplib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsletter.delivery.inbox_store import InboxStore
from tests.faults.sizes import sized
from tests.ports import free_port
from tests.power import Disk
from tests.servers import answers, wait_until

CONNECTIONS = 8
LETTERS = 60
MAIL = "Message-ID: <{0}@example.org>\r\nSubject: s\r\n\r\n" + "x" * 50_000


@contextlib.contextmanager
def inbox_on(disk: Disk) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the inbox on this disk."""
    port = free_port()
    settings = {"NEWSLETTER_DATA_DIR": str(disk.folder), "INBOX_PORT": str(port)}
    command = (sys.executable, "-m", "newsletter.delivery.inbox_server")
    process = subprocess.Popen(command, env=os.environ | settings | disk.environment)
    try:
        wait_until(lambda: answers(socket.AF_INET, ("127.0.0.1", port)), "the inbox")
        yield process, port
    finally:
        process.kill()
        process.wait()


class Senders:
    """Several connections that hand letters over; the power goes after so many answers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, cut_after: int) -> None:
        self.process, self.port, self.cut_after = process, port, cut_after
        self.answered: list[str] = []
        self._lock = threading.Lock()

    def hand_over(self, connection: int) -> None:
        lost = (smtplib.SMTPException, OSError)
        with contextlib.suppress(*lost), smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
            for number in range(LETTERS):
                name = f"{connection}-{number}"
                client.sendmail("a@example.org", "b@example.org", MAIL.format(name))
                self._note(name)

    def _note(self, name: str) -> None:
        with self._lock:
            self.answered.append(f"{name}@example.org")
            if len(self.answered) == self.cut_after:
                self.process.kill()


@pytest.mark.parametrize("names_survive", [False, True])
def test_f33_accepted_means_kept_through_a_power_cut(data_dir, tmp_path, chance, names_survive):
    for life in range(sized(1, soak=20)):
        folder, after = data_dir / f"{life}", data_dir / f"{life}-after"
        folder.mkdir()
        disk = Disk.watching(folder, tmp_path / "work")
        with inbox_on(disk) as (process, port), ThreadPoolExecutor(CONNECTIONS) as pool:
            senders = Senders(process, port, chance.randrange(20, CONNECTIONS * LETTERS // 2))
            list(pool.map(senders.hand_over, range(CONNECTIONS)))
        disk.after_a_cut(after, names_survive=names_survive)
        kept = InboxStore(after / "inbox.sqlite3").taken(senders.answered)
        assert len(senders.answered) >= senders.cut_after
        assert kept == set(senders.answered)
