"""F08, F17, F30: many writers on SQLite, wrong clocks, a long run."""

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.faults import invariants
from tests.faults.conftest import BATCH, READERS
from tests.faults.postgres import nothing_moves
from tests.faults.sizes import sized
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4


def module(name, *words, **environment):
    """Start one of the programs beside this file."""
    command = [sys.executable, "-m", f"tests.faults.{name}", *map(str, words)]
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def printed(process):
    out, errors = process.communicate(timeout=sized(300, soak=3_600))
    assert process.returncode == 0, errors[-3000:]
    return out


@pytest.mark.any_database
def test_f08_four_writers_on_one_sqlite_file_wait_for_each_other(tmp_path):
    database = tmp_path / "one.sqlite3"
    url = {"DATABASE_URL": f"sqlite:///{database}"}
    printed(module("begin", 10, **url))
    seconds = sized(4, soak=600)
    writers = [module("write", number, seconds, **url) for number in range(WRITERS)]
    # None of them met an error; how often each had its turn is SQLite's affair.
    assert [int(printed(writer)) > 0 for writer in writers] == [True] * WRITERS
    with sqlite3.connect(database) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    reader.close()


@pytest.mark.parametrize("wrong", ["+2h", "-2h"])
def test_f17_a_worker_whose_clock_is_two_hours_wrong(engine, postgres, sendgrid, wrong):
    """Two machines on one PostgreSQL, whose clock decides who may take what from whom."""
    assert shutil.which("faketime"), "faketime is missing: run scripts/test"
    url = {"DATABASE_URL": postgres.url(), "DELIVERY_BATCH_SIZE": str(BATCH)}
    issue_id = int(printed(module("begin", READERS, **url)))
    engine.environment |= url
    sendgrid.seconds = 0.1
    # The monotonic clock of a machine is right even where its calendar is not.
    clock = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    engine.start(1, prefix=("faketime", "-f", wrong), **clock)
    engine.start(1)
    engine.start_beat()
    wait_until(lambda: nothing_moves(postgres.rows), "the end of what can be handed over")
    engine.stop()
    told = invariants.check(
        invariants.books(issue_id, postgres.rows),
        sendgrid.taken(),
        invariants.contents(sendgrid.mails),
    )
    assert told == {"accepted": READERS}
    apart = "SELECT max(changed_at) - min(changed_at) FROM delivery_delivery"
    assert postgres.rows(apart)[0][0] > timedelta(hours=1), "both of them worked"


@pytest.mark.any_database
def test_f30_a_long_run_does_not_grow(tmp_path):
    """Ten times the letters through one process: no more memory, no more open files."""
    url = {"DATABASE_URL": f"sqlite:///{tmp_path}/one.sqlite3"}
    letters = sized(3_000, soak=100_000)
    early, late = printed(module("run_long", letters, **url)).splitlines()
    (memory, files), (memory_later, files_later) = (
        map(int, line.split()) for line in (early, late)
    )
    assert memory_later <= 1.5 * memory
    assert files_later <= files
