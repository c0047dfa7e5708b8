"""A system that is up, in a folder that is open to everybody: what is seen of it while it runs."""

import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import wait_until
from tests.up.conftest import System, a_system
from tests.up.modes import open_to_others, umask


@pytest.fixture(scope="module")
def running(shared_data_dir: Path) -> Iterator[System]:
    """The system that all tests here look at, and leave up."""
    with a_system(shared_data_dir) as one:
        shared_data_dir.chmod(0o755)
        with umask(0):
            one.up()
        yield one


def test_a_system_that_runs_has_nothing_that_fails(running):
    code, parts = running.doctor()
    assert {name: part for name, part in parts.items() if part["level"] == "FAIL"} == {}
    assert code == 0
    for name in ("broker", "workers", "beat", "reconciler", "web", "mail"):
        assert parts[name]["level"] == "OK", parts[name]
    assert parts["broker"]["en"].startswith("Redis 6.")


def test_who_answers_late_on_a_busy_machine_is_not_told_as_gone(running):
    late = [pid for words in ("facts@", "web.server") for pid in running.pids(words)]
    for pid in late:
        os.kill(pid, signal.SIGSTOP)
    go_on = threading.Timer(4.0, lambda: [os.kill(pid, signal.SIGCONT) for pid in late])
    go_on.start()
    _, parts = running.doctor()
    go_on.join()
    assert (parts["workers"]["level"], parts["web"]["level"]) == ("OK", "OK")


def test_a_second_start_on_the_same_folder_is_refused_with_who_holds_it(running):
    second = running.command("up")
    assert second.returncode == 2
    assert f"lock.held by pid {running.process.pid} since 2" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert "이미 실행 중" in second.stderr


def test_a_worker_that_is_killed_comes_back(running):
    before = running.pids("mail@")
    master = min(before)
    os.kill(master, signal.SIGKILL)
    wait_until(lambda: not set(before) & set(running.pids("mail@")), "its end")
    wait_until(lambda: running.pids("mail@"), "the new worker")
    assert "worker-mail" in running.terminal.rpartition("Ctrl-C")[2]


def test_every_file_of_it_is_private(running):
    def written():
        return {path.name for path in running.data_dir.rglob("*")}

    assert {"newsletter.sqlite3", "inbox.sqlite3", "secret-key", "web.log"} <= written()
    wait_until(lambda: any(name.startswith("schedule") for name in written()), "what beat writes")
    assert open_to_others(running.data_dir) == []


def test_only_this_user_can_reach_the_broker_and_the_logs(running):
    for path in (running.data_dir / "log", running.data_dir / "redis.sock"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((running.data_dir / "log" / "web.log").stat().st_mode) == 0o600
