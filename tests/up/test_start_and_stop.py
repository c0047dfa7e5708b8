import contextlib
import os
import signal
import socket
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


def test_nothing_is_left_three_seconds_after_the_parent_was_killed_and_it_starts_again(system):
    """Nor after a second signal, which does not wait as the first of a deployment would."""
    system.up()
    assert len(system.processes()) > 5
    system.signal(signal.SIGKILL)
    wait_until(lambda: not system.processes(), "the end of all children", 3)
    (system.data_dir / "terminal").write_text("")
    system.up()
    for worker in system.pids("mail@"):
        os.kill(worker, signal.SIGSTOP)  # it will not answer the polite request
    system.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # two at once would count as one
    assert system.signal(signal.SIGINT) < WORKER_PATIENCE / 3, "what a deployment would wait"
    assert system.processes() == {}


def test_a_port_that_was_chosen_and_is_taken_is_refused(system):
    with socket.create_server(("127.0.0.1", int(system.settings["WEB_PORT"]))):
        refused = system.command("up")
    assert refused.returncode == 2
    assert refused.stderr.startswith("newsletter: port.taken [WEB_PORT]")


def test_a_default_port_that_is_taken_moves_to_the_next_free_one_and_says_so(system):
    """And a deployment waits for letters in hand alone, of which this system has none."""
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
    assert system.signal(signal.SIGTERM) < WORKER_PATIENCE / 3
    assert system.process.returncode == 0


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
