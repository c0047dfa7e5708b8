"""F05: after a reconnect a worker may run, answer, and consume nothing."""

import sys
import time

import pytest
import redis

from newsletter.commands.children import Child
from newsletter.commands.supervisor import Supervisor
from newsletter.commands.watchdog import QueueWatch
from tests.servers import wait_until

PATIENCE = 0.2


@pytest.fixture
def broker(redis_server):
    with redis.Redis.from_url(redis_server.replace("redis+socket", "unix")) as client:
        client.delete("watched")
        yield client


def test_a_task_that_waits_for_a_worker_with_nothing_to_do_is_noticed(broker):
    watch = QueueWatch(broker, ["watched"], lambda: True, PATIENCE)
    broker.lpush("watched", "a task")
    assert not watch.stands_still()
    wait_until(watch.stands_still, "the alarm")


@pytest.mark.parametrize("what", ["an empty queue", "a busy worker", "a queue that moves"])
def test_there_is_no_alarm_for(what, broker):
    if what != "an empty queue":
        broker.lpush("watched", "the first")
    watch = QueueWatch(broker, ["watched"], lambda: what != "a busy worker", PATIENCE)
    deadline = time.monotonic() + 4 * PATIENCE
    while time.monotonic() < deadline:
        if what == "a queue that moves":
            broker.lpush("watched", f"task {time.monotonic()}")
            broker.rpop("watched")
        assert not watch.stands_still()
        time.sleep(PATIENCE / 4)


def test_a_broker_that_is_gone_is_not_the_workers_fault(tmp_path):
    nowhere = redis.Redis(unix_socket_path=str(tmp_path / "none.sock"))
    watch = QueueWatch(nowhere, ["watched"], lambda: True, PATIENCE)
    watch.stands_still()
    time.sleep(2 * PATIENCE)
    assert not watch.stands_still()


def test_a_child_that_is_stuck_is_started_again(data_dir):
    events = []
    asleep = (sys.executable, "-c", "import time; time.sleep(60)")
    child = Child(
        "sleeper",
        asleep,
        ready=lambda: True,
        stuck=lambda: ("sleeper", "stuck") not in events,
    )
    supervisor = Supervisor(
        [child], data_dir, lambda *event: events.append(event), look_every=PATIENCE
    )

    def wait_for_it():
        wait_until(lambda: ("sleeper", "restarted") in events, f"the new one: {events}")
        return 7

    assert supervisor.run(wait_for_it) == 7
    assert events == [
        ("sleeper", "ready"),
        ("sleeper", "stuck"),
        ("sleeper", "ended"),
        ("sleeper", "restarted"),
    ]
