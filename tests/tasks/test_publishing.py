"""F04: whoever asks for work gets an answer within two seconds, whatever the broker does."""

import base64
import contextlib
import json
import socket
import time

import pytest
import redis
from django.conf import settings as house

from newsletter.common.cadence import Language
from newsletter.delivery import notices
from newsletter.delivery.models import Notice
from newsletter.tasks import deliver
from newsletter.tasks.publishing import publish
from tests.brokers import broker_at
from tests.factories import a_weekly


def timed():
    started = time.monotonic()
    took = publish(deliver.send_issue, 1)
    return took, time.monotonic() - started


def test_f04_a_broker_that_is_not_there(tmp_path):
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        took, seconds = timed()
    assert took is False
    assert seconds < 2


def test_f04_a_broker_that_accepts_and_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with broker_at(f"redis://127.0.0.1:{port}/0"):
            took, seconds = timed()
    assert took is False
    assert seconds < 2


@pytest.fixture
def broker(redis_server):
    client = redis.Redis(unix_socket_path=str(house.DATA_DIR / "redis.sock"))
    client.flushall()
    yield client
    client.config_set("maxmemory", 0)
    client.flushall()
    client.close()


def test_f04_a_broker_that_is_full(broker):
    broker.config_set("maxmemory-policy", "noeviction")
    broker.config_set("maxmemory", 1)
    took, seconds = timed()
    assert took is False
    assert seconds < 2


def test_a_broker_that_is_well_takes_the_id_and_nothing_else(broker):
    took, _ = timed()
    assert took is True
    (message,) = broker.lrange("house", 0, -1)
    assert b"newsletter.tasks.deliver.send_issue" in message


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_published_after_commit_and_found_again_if_that_failed(broker, tmp_path):
    def ask():
        return notices.queue("welcome", address="a@example.com", language=Language.KOREAN)

    ask()
    assert broker.llen("mail.urgent") == 1
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        lost = ask()
    assert broker.llen("mail.urgent") == 1
    assert notices.due() == []
    Notice.objects.filter(pk=lost.pk).update(lease_until="2020-01-01T00:00:00Z")
    assert notices.due() == [lost.pk]


@pytest.mark.django_db(transaction=True)
def test_a_notice_of_a_transaction_that_failed_never_was(broker):
    from django.db import transaction

    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        notices.queue("welcome", address="a@example.com", language=Language.KOREAN)
        _ = 1 / 0
    assert broker.llen("mail.urgent") == 0
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_preview_from_the_desk_puts_a_number_into_the_queue_and_no_address(broker):
    notices.preview_of(a_weekly(), ["minji@example.com"], Language.KOREAN)
    (message,) = broker.lrange("mail.urgent", 0, -1)
    arguments, named, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
    assert (arguments, named) == ([Notice.objects.get().pk], {})
    assert b"minji" not in message


@pytest.mark.django_db(transaction=True)
def test_f04_ten_previews_cost_the_page_no_more_than_one_while_the_broker_is_silent():
    issue, addresses = a_weekly(), [f"a{number}@example.com" for number in range(10)]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with broker_at(f"redis://127.0.0.1:{port}/0"):
            started = time.monotonic()
            notices.preview_of(issue, addresses, Language.KOREAN)
            seconds = time.monotonic() - started
    assert Notice.objects.filter(status="queued").count() == 10
    assert seconds < 2
