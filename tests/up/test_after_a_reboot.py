"""The machine was started again: ``newsletter up`` sends nothing by itself, and says how to go on."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import wait_until

READERS = 5
ISSUE = "2026-01-05-weekly"


@pytest.fixture
def database(system):
    """The database of a system that began to send an issue before the machine went down."""
    system.settings["DJANGO_SETTINGS_MODULE"] = "newsletter.settings"
    begin = (sys.executable, "-m", "tests.faults.begin", str(READERS))
    subprocess.run(begin, env=os.environ | system.settings, check=True, capture_output=True)
    database = sqlite3.connect(system.data_dir / "newsletter.sqlite3", isolation_level=None)
    yield database
    database.close()


def arrived(system):
    inbox = sqlite3.connect(system.data_dir / "inbox.sqlite3")
    (number,) = inbox.execute("SELECT count(*) FROM message").fetchone()
    inbox.close()
    return number


def test_f02_a_start_on_another_boot_holds_and_the_command_it_says_goes_on(system, database):
    database.execute("INSERT INTO delivery_lastboot (id, boot_id) VALUES (1, 'another boot')")
    system.up()
    assert f"보류함 / held: {ISSUE}" in system.terminal
    assert "컴퓨터가 다시 시작되었습니다" in system.terminal
    assert "The machine was started again" in system.terminal
    assert f"계속하려면 / to go on: newsletter resume {ISSUE}" in system.terminal
    (told,) = json.loads(system.command("status", "--json").stdout)
    assert told["state"] == "paused"
    assert "The machine was started again" in told["held"]
    assert arrived(system) == 0
    assert system.command("resume", ISSUE).returncode == 0
    wait_until(lambda: arrived(system) == READERS, "the letters")


def test_f02_a_start_on_the_same_boot_goes_on_by_itself(system, database):
    kernel = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    system.up()
    wait_until(lambda: arrived(system) == READERS, "the letters")
    assert database.execute("SELECT boot_id FROM delivery_lastboot").fetchall() == [(kernel,)]
    assert "held" not in system.terminal
