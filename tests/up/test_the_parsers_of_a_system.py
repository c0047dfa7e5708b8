"""The processes that parse for a running system: they come with the first source, and end with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.collect.hostile_answers import RECORDS_AS_TEXT
from tests.collect.hostile_server import HostileServer
from tests.faults.sizes import SOAK
from tests.servers import wait_until

# What a person asks for has time to see to its children; what is killed has none.
ENDINGS = [signal.SIGINT, signal.SIGKILL] if SOAK else [signal.SIGKILL]
COLLECT = (
    "import django; django.setup()\n"
    "from newsletter.tasks.collect import collect_due\n"
    "from newsletter.tasks.publishing import publish\n"
    "assert publish(collect_due)\n"
)


@pytest.fixture
def web() -> Iterator[HostileServer]:
    server = HostileServer()
    yield server
    server.close()


def collects(system, *source: str) -> None:
    """Let a worker of the running system collect one source."""
    added = system.command("sources", "add", *source, "--slug", "one", "--every", "daily")
    assert added.returncode == 0, added.stderr
    subprocess.run([sys.executable, "-c", COLLECT], env=os.environ | system.settings, check=True)


@pytest.mark.parametrize("ended_by", ENDINGS)
def test_no_process_that_parses_outlives_the_system(system, web, ended_by):
    system.settings["FETCH_ALLOW_LOOPBACK"] = "1"
    system.up()
    assert not system.pids("confined_child"), "before anything is parsed there is none"
    address = web.on("/list.json", RECORDS_AS_TEXT)
    collects(system, "huggingface", f"{address}?date=2026-01-09")
    wait_until(lambda: system.pids("confined_child"), "a process that parses")
    system.signal(ended_by)
    wait_until(lambda: not system.processes(), "the end of all processes", 5)
