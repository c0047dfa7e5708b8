"""F03, F04, F05: the broker is killed, silent, full, or hangs up on everybody in the middle of a send."""

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings

from newsletter.commands.children import redis_binary
from newsletter.commands.watchdog import QueueWatch
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.tasks import deliver
from tests.delivery.fake_sendgrid import answer
from tests.faults import invariants
from tests.faults.conftest import READERS, sent
from tests.faults.proxy import fault_proxy
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def under_way(issue, engine, sendgrid, requests=3):
    """Start everything, and wait until some of the letters have left."""
    sendgrid.seconds = 0.1
    engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_until(lambda: len(sendgrid.requests) >= requests, "requests")
    assert not counts(issue).settled


def end(issue, engine, broker):
    """Wait for the end as an operator would, whose workers are started again if they stand still."""
    watch = QueueWatch(broker, ["house", "mail.bulk"], nobody_holds_a_batch, patience=20)

    def looked_after():
        engine.start_again_what_stands_still(watch)
        return sent(issue)

    wait_until(looked_after, "the end of the send")


def nobody_holds_a_batch():
    return not Batch.objects.exclude(holder="").exists()


def check(issue, sendgrid):
    wait_until(lambda: sent(issue), "the end of the send")
    told = invariants.check(
        invariants.books(issue.pk), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert told == {"accepted": READERS}


@pytest.fixture
def proxy(engine):
    """Stands between the workers and the broker."""
    with fault_proxy(Path(settings.REDIS_SOCKET)) as proxy:
        engine.environment["REDIS_URL"] = f"redis://127.0.0.1:{proxy.port}/0"
        yield proxy


def test_f04_a_broker_that_is_silent_for_a_while(issue, engine, sendgrid, proxy, broker):
    under_way(issue, engine, sendgrid)
    proxy.stalled = True
    time.sleep(8)
    proxy.stalled = False
    end(issue, engine, broker)
    check(issue, sendgrid)


def test_f04_a_broker_that_has_no_memory_left_for_a_while(issue, engine, sendgrid, broker):
    under_way(issue, engine, sendgrid)
    broker.config_set("maxmemory-policy", "noeviction")
    broker.config_set("maxmemory", 1)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        broker.lpush("anything", "a task")
    time.sleep(4)
    broker.config_set("maxmemory", 0)
    # Whoever could not bear it may be about to end only now.
    wait_until(lambda: engine.restart_the_dead() or sent(issue), "the end of the send")
    check(issue, sendgrid)


def test_f05_connections_reset_three_times_in_three_seconds(issue, engine, sendgrid, proxy, broker):
    """After which a worker may run and consume nothing: then the watchdog starts it again."""
    under_way(issue, engine, sendgrid)
    for _ in range(3):
        proxy.reset()
        time.sleep(1)
    end(issue, engine, broker)
    check(issue, sendgrid)
    assert proxy.connections > 3


@contextlib.contextmanager
def a_redis_of_its_own(folder):
    command = [redis_binary(), "--port", "0", "--unixsocket", folder / "r", "--save", ""]
    process = subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL)
    try:
        wait_until((folder / "r").exists, "redis")
        yield process
    finally:
        process.kill()
        process.wait()


def test_f03_redis_killed_with_all_that_was_in_it(issue, engine, sendgrid, data_dir):
    engine.environment["REDIS_URL"] = f"redis+socket://{data_dir}/r"
    with a_redis_of_its_own(data_dir) as first:
        sendgrid.seconds = 0.1
        engine.start()
        engine.start_beat()
        wait_until(lambda: len(sendgrid.requests) >= 3, "requests")
        first.send_signal(signal.SIGKILL)
        first.wait()
        (data_dir / "r").unlink()
        time.sleep(2)
        with a_redis_of_its_own(data_dir), redis.Redis(unix_socket_path=f"{data_dir}/r") as second:
            end(issue, engine, second)
            check(issue, sendgrid)
            engine.stop()


def slow_down(handler):
    told = {"errors": [{"message": "too many requests", "field": None}]}
    answer(handler, 429, told, {"Retry-After": "4"})


def test_f11_four_processes_wait_together(issue, engine, sendgrid):
    """The first request is answered 429: until the moment it names nobody asks again."""
    engine.environment["DELIVERY_LEASE_SECONDS"] = "30"
    sendgrid.misbehave.append(slow_down)
    sendgrid.seconds = 0.1
    engine.start(4)
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    check(issue, sendgrid)
    limited = sendgrid.asked_at[0]
    # Requests that were under way in the other processes at that moment had left already.
    between = [at - limited for at in sendgrid.asked_at if limited + 0.5 < at < limited + 3.9]
    assert between == []
    assert max(row.attempts for row in invariants.books(issue.pk).rows) == 1, "none was used up"
