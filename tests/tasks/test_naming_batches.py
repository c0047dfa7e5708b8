"""How often the reconciler names what is due: once, and again only where the queue has lost it."""

import socket
from datetime import timedelta

import pytest
import redis
import time_machine
from django.conf import settings as house

from newsletter.commands.children import redis_binary
from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.delivery import leases, notices
from newsletter.delivery.models import Batch, Notice
from newsletter.tasks import deliver
from newsletter.tasks.publishing import waiting
from tests.delivery.given import an_issue_being_sent
from tests.servers import answers, running, wait_until
from tests.tasks.test_publishing import broker_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(redis_server):
    with redis.Redis(unix_socket_path=str(house.DATA_DIR / "redis.sock")) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.fixture
def twenty_batches(settings):
    settings.DELIVERY_BATCH_SIZE = 1
    return an_issue_being_sent(20)


def for_ten_minutes(every_seconds=15):
    """Let the reconciler look around as often as beat lets it."""
    start = clock.now()
    for seconds in range(0, 600, every_seconds):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            deliver.reconcile()


def test_while_all_workers_are_busy_each_batch_is_named_once(broker, twenty_batches):
    for_ten_minutes()
    assert broker.llen("mail.bulk") == 20


def test_what_the_broker_has_lost_is_named_again_once(broker, twenty_batches):
    deliver.reconcile()
    broker.flushall()
    for_ten_minutes()
    assert broker.llen("mail.bulk") == 20


def test_a_batch_that_its_worker_let_go_is_named_at_once_whatever_waits(broker, twenty_batches):
    deliver.reconcile()
    leases.claim(Batch.objects.first().pk).release()
    deliver.reconcile()
    assert broker.llen("mail.bulk") == 21


def test_a_batch_that_the_broker_refused_is_named_at_once_when_it_is_back(
    broker, twenty_batches, tmp_path
):
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        deliver.reconcile()
    assert not Batch.objects.exclude(published_at=None).exists()
    deliver.send_issue(twenty_batches.pk)
    assert broker.llen("mail.bulk") == 20


def test_a_notice_that_waits_is_not_named_again_and_a_lost_one_is(broker):
    notices.queue("welcome", address="a@example.com", language=Language.KOREAN)
    Notice.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    for _ in range(5):
        deliver.reconcile()
    assert broker.llen("mail.urgent") == 1
    broker.flushall()
    deliver.reconcile()
    assert broker.llen("mail.urgent") == 1


def test_a_broker_that_does_not_answer_says_nothing_of_its_queues(tmp_path):
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        assert waiting("mail.bulk") is None


def test_a_broker_that_died_since_it_was_last_asked_says_nothing_either(data_dir):
    """Then the error comes from the library beneath, out of a connection that was good before."""
    path = data_dir / "r"
    words = (redis_binary(), "--port", "0", "--unixsocket", path, "--save", "", "--dir", data_dir)
    with broker_at(f"redis+socket://{path}"):
        with running(*words, log=data_dir / "log"):
            wait_until(lambda: answers(socket.AF_UNIX, str(path)), "redis")
            assert waiting("mail.bulk") == 0
        assert waiting("mail.bulk") is None
