"""``newsletter demo --once`` with a worker killed in the middle of it."""

import contextlib
import json
import os
import signal
import sqlite3

from newsletter.delivery.inbox_store import InboxStore
from tests.servers import wait_until

ISSUES = ("2026-01-09-daily", "2026-01-05-weekly")
SOME = 25


def play(system, **settings):
    system.settings.update(settings)
    system.start("demo", "--once")
    return system


def finish(system):
    wait_until(lambda: system.process.poll() is not None, "the end of the demo")
    assert system.process.returncode == 0, system.terminal


def letters(system):
    """Every letter in the inbox, by the name that is its own."""
    store = InboxStore(system.data_dir / "inbox.sqlite3")
    return [one.message_id for one in store.messages(per_page=10_000)]


def ledger(system, issue):
    return json.loads(system.command("status", issue, "--json").stdout)


def assert_each_letter_arrived_once(system):
    told = [ledger(system, issue) for issue in ISSUES]
    for one in told:
        assert one["state"] == "sent"
        assert one["frozen"] == one["accepted"] + sum(one["skipped"].values())
    names = letters(system)
    assert len(names) == len(set(names)) == sum(one["accepted"] for one in told)


def test_a_worker_killed_in_the_middle_of_the_demo_loses_no_letter_and_repeats_none(system):
    play(system, MAIL_LIMITS="40/s", DELIVERY_LEASE_SECONDS="7", RECONCILE_SECONDS="1")
    wait_until(lambda: some_have_arrived(system), "the middle of the send")
    _master, *children = system.pids("mail@")
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    finish(system)
    assert_each_letter_arrived_once(system)


def some_have_arrived(system):
    assert system.process.poll() is None, system.terminal
    with contextlib.suppress(sqlite3.OperationalError):  # its inbox is not there yet
        return len(letters(system)) >= SOME
    return False
