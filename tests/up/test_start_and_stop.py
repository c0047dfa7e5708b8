import contextlib
import os
import signal
import socket
import stat
import time

import httpx

from newsletter.commands.children import WORKER_PATIENCE
from tests.servers import wait_until


def test_one_command_brings_up_every_part_and_ctrl_c_ends_them_all_in_five_seconds(system):
    system.up()
    for part in (
        "redis-server",
        "inbox_server",
        "mail@",
        "urgent@",
        "house@",
        "collect@",
        "facts@",
        " beat ",
        "web.server",
    ):
        assert system.pids(part), part
    address = f"http://127.0.0.1:{system.settings['WEB_PORT']}/"
    assert address in system.terminal
    assert httpx.get(address).is_success

    seconds = system.signal(signal.SIGINT)

    assert system.process.returncode == 0
    assert seconds <= 5
    assert system.processes() == {}
    assert system.terminal.rstrip().endswith("끝났습니다 / stopped")


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


def test_nothing_is_left_three_seconds_after_the_parent_was_killed_and_it_starts_again(system):
    system.up()
    assert len(system.processes()) > 5
    system.signal(signal.SIGKILL)
    wait_until(lambda: not system.processes(), "the end of all children", 3)
    (system.data_dir / "terminal").write_text("")
    system.up()
    assert system.signal(signal.SIGTERM) <= 15, "nobody has a letter in hand"
    assert system.process.returncode == 0


def test_a_second_signal_does_not_wait(system):
    system.up()
    for worker in system.pids("mail@"):
        os.kill(worker, signal.SIGSTOP)  # it will not answer the polite request
    system.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # two at once would count as one
    assert system.signal(signal.SIGINT) < WORKER_PATIENCE / 3, "what a deployment would wait"
    assert system.processes() == {}


def test_only_this_user_can_reach_the_broker_and_the_logs(running):
    for path in (running.data_dir, running.data_dir / "log", running.data_dir / "redis.sock"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((running.data_dir / "log" / "web.log").stat().st_mode) == 0o600


def test_a_port_that_was_chosen_and_is_taken_is_refused(system):
    with socket.create_server(("127.0.0.1", int(system.settings["WEB_PORT"]))):
        refused = system.command("up")
    assert refused.returncode == 2
    assert refused.stderr.startswith("newsletter: port.taken [WEB_PORT]")


def test_a_default_port_that_is_taken_moves_to_the_next_free_one_and_says_so(system):
    system.settings["WEB_PORT"] = ""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # something else on this machine has it: as good
            stack.enter_context(socket.create_server(("127.0.0.1", 8000)))
        system.up()
    assert "WEB_PORT: 8000" in system.terminal
    address = next(word for word in system.terminal.split() if word.startswith("http://127"))
    assert address != "http://127.0.0.1:8000/"
    assert httpx.get(address).is_success
    # A command in another terminal knows where the system went.
    assert f"web          {address.removeprefix('http://').rstrip('/')}" in (
        system.command("doctor").stdout
    )


def test_a_part_that_cannot_start_ends_the_run_and_says_where_to_look(system):
    (system.data_dir / "redis").mkdir()
    (system.data_dir / "redis" / "appendonly.aof").write_text("this is no log of Redis\n")
    failed = system.command("up")
    assert failed.returncode == 2
    assert "child.failed" in failed.stderr
    assert "log/redis.log" in failed.stderr
    assert system.processes() == {}


def test_a_broker_that_is_named_is_used_and_none_is_started(system, redis_server):
    system.settings["REDIS_URL"] = redis_server
    system.up()
    assert not system.pids("redis-server")
    assert system.pids("mail@")
