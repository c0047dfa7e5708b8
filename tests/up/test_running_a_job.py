"""``Supervisor.run(job)``: the demonstration's job among children that are up."""

import itertools
import os
import signal
import sys
import time

import pytest

from newsletter.commands.children import Child
from newsletter.commands.logs import CAP, Log
from newsletter.commands.supervisor import Supervisor
from newsletter.common.errors import BadInput, Refused
from tests.servers import wait_until


def a_child(code="import time; time.sleep(60)", **options):
    return Child("child", (sys.executable, "-c", code), ready=lambda: True, **options)


def supervise(data_dir, child, job, events=None):
    return Supervisor([child], data_dir, lambda *event: (events or []).append(event)).run(job)


def test_the_result_of_the_job_ends_the_run(data_dir):
    began = time.monotonic()
    assert supervise(data_dir, a_child(), lambda: 3) == 3
    assert time.monotonic() - began < 20


def test_what_the_job_raises_is_raised_to_the_caller(data_dir):
    def job():
        raise BadInput("job.wrong", "잘못", "wrong")

    with pytest.raises(BadInput, match=r"job\.wrong"):
        supervise(data_dir, a_child(), job)


def test_a_signal_cuts_the_job_short(data_dir):
    def job():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
        return 0

    assert supervise(data_dir, a_child(), job) == 130


def test_a_child_that_will_not_go_is_killed_after_its_grace(data_dir):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    began = time.monotonic()
    assert supervise(data_dir, a_child(deaf, grace=0.3), lambda: time.sleep(0.5) or 0) == 0
    assert time.monotonic() - began < 20


SLOW = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(1)
    pathlib.Path(sys.argv[1]).touch()
    sys.exit()
signal.signal(signal.SIGTERM, end)
pathlib.Path(sys.argv[1] + ".ready").touch()
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_f24_a_deployment_waits_for_what_is_being_sent_and_a_person_does_not(
    data_dir, tmp_path, number
):
    done = tmp_path / "done"

    def job():
        wait_until((tmp_path / "done.ready").exists, "the child")
        os.kill(os.getpid(), number)
        time.sleep(60)
        return 0

    command = (sys.executable, "-c", SLOW, str(done))
    child = Child("child", command, lambda: True, grace=0.1, patience=20)
    assert supervise(data_dir, child, job) == 130
    assert done.exists() == (number == signal.SIGTERM)


POOL = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]])
time.sleep(60)
"""
WRITES_AT_ONCE = SLOW.replace("    time.sleep(1)\n", "")


def test_a_pool_that_is_cut_short_may_still_write_down_what_it_did(data_dir, tmp_path):
    done = tmp_path / "done"

    def job():
        wait_until((tmp_path / "done.ready").exists, "the pool")
        return 0

    command = (sys.executable, "-c", POOL, str(done), WRITES_AT_ONCE)
    child = Child("child", command, lambda: True, grace=0.1, patience=20)
    assert supervise(data_dir, child, job) == 0
    assert done.exists()


def test_a_child_that_ends_at_once_stops_the_start_with_its_last_words(data_dir):
    child = Child("child", (sys.executable, "-c", "raise SystemExit('no paper')"), lambda: False)
    with pytest.raises(Refused, match="no paper"):
        supervise(data_dir, child, lambda: 0)


def test_a_child_that_keeps_ending_is_started_ever_more_seldom(data_dir):
    child = a_child("import time; print(time.monotonic(), flush=True)")
    supervise(data_dir, child, lambda: time.sleep(5.5) or 0)
    starts = [float(line) for line in (data_dir / "log" / "child.log").read_text().split()]
    first, second = (later - earlier for earlier, later in itertools.pairwise(starts))
    assert 1 <= first < second
    assert second >= 2


def test_a_log_never_grows_far_beyond_its_cap(data_dir):
    log = Log(data_dir / "child.log")
    with log.open() as output:
        output.write(b"x" * (CAP + 1))
        output.flush()
        log.cap()
        output.write(b"the next line\n")
    assert log.path.read_text() == "the next line\n"
    assert (data_dir / "child.log.1").stat().st_size == CAP + 1
    assert log.last_line() == "the next line"
