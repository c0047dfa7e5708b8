"""F24: workers of an old and of a new version replace each other while an issue leaves.

The migration of the next version runs in the middle too: who was started before it, and
who knows nothing of it, goes on with its rows.
"""

import os
import signal
import threading
import time

import pytest
from django.db import connection

from newsletter.delivery import sending
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.tasks import deliver
from tests.delivery.fake_sendgrid import answer
from tests.delivery.given import Mailbox, an_approved_issue, an_issue_being_sent, deliver_all
from tests.faults import invariants
from tests.faults.conftest import READERS, sent
from tests.faults.engine import children_of
from tests.faults.sizes import sized
from tests.servers import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

RESTARTS = sized(4, soak=10)
# What a worker reads and writes on the way of a letter.
TABLES = (
    "delivery_delivery",
    "delivery_batch",
    "issues_issue",
    "issues_revision",
    "subscribers_subscriber",
    "subscribers_subscription",
)


@pytest.fixture
def migrate(transactional_db):
    """The migration of a next version: columns that this one does not know, with values in them."""

    def run():
        execute("ALTER TABLE {} ADD COLUMN next_version varchar(20)")
        execute("UPDATE {} SET next_version = 'not known to us'")

    yield run
    execute("ALTER TABLE {} DROP COLUMN next_version")


def execute(statement):
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(statement.format(table))


class KeptAnswers:
    """Answers of a provider that has taken the letters, and says so when it is told to."""

    def __init__(self):
        self.kept = []
        self.is_over = False

    def __call__(self, handler):
        let_go = threading.Event()
        self.kept.append(let_go)
        if not self.is_over:
            let_go.wait(60)
        answer(handler, 202, None, {"X-Message-Id": "sg-kept"})

    def let_go(self):
        while self.kept:
            self.kept.pop().set()

    def end(self):
        """Keep none back from now on."""
        self.is_over = True
        self.let_go()


@pytest.fixture
def provider(sendgrid):
    """A provider whose every answer is kept until it is let go."""
    kept = KeptAnswers()
    sendgrid.betray.extend([kept] * 1000)
    yield kept
    kept.end()


@pytest.fixture
def issue(settings):
    """An issue of so many batches that all the workers are replaced before its end."""
    settings.DELIVERY_BATCH_SIZE, settings.WORKER_PROCESSES = 5, 1
    issue = an_approved_issue(READERS)
    sending.start(issue.pk, "지은")
    issue.refresh_from_db()
    return issue


def is_sending(worker):
    """Whether a process of this worker is in the middle of a batch."""
    connection.close()
    holders = Batch.objects.exclude(holder="").values_list("holder", flat=True)
    pids = {int(holder.split(":")[3]) for holder in holders}
    return bool(pids & set(children_of(worker.pid)))


def test_f24_workers_replaced_again_and_again_in_the_middle(
    migrate, engine, sendgrid, provider, issue
):
    """SIGTERM, as a deployment does: nothing lost, nothing twice, nothing in doubt."""
    engine.start_beat()
    engine.start(1, queues="house")
    deliver.publish_issue(issue.pk)
    workers = [engine.start_as_up_does() for _ in range(4)]
    for number in range(RESTARTS):
        if len(workers) <= RESTARTS:
            # It comes up while the others work, and one of them ends.
            workers.append(engine.start_as_up_does())
        old, new = workers[number : number + 2]
        wait_until(lambda w=old: is_sending(w), f"the old worker, {number}")
        wait_until(lambda w=new: is_sending(w), f"the new worker, {number}")
        if number == RESTARTS // 2:
            migrate()
        os.kill(old.pid, signal.SIGTERM)
        if not number:
            time.sleep(2)  # longer than Ctrl-C would wait
            assert old.poll() is None, "it waits for the answer"
        provider.let_go()
        assert_it_goes_well(issue)
    provider.end()
    assert [worker.wait(PATIENCE) for worker in workers[:RESTARTS]] == [0] * RESTARTS
    wait_until(lambda: sent(issue), "the end of the send")
    told = invariants.check(
        invariants.books(issue.pk), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert told == {"accepted": READERS}


def assert_it_goes_well(issue):
    connection.close()
    told = counts(issue)
    assert (told.uncertain, told.balances) == (0, True)
    assert told.queued, "what it had not begun is left to the next"


def test_f24_rows_of_the_next_version_are_read_and_written_by_this_one(migrate):
    issue, way = an_issue_being_sent(30), Mailbox(slice_size=5)
    way.before[8] = lambda: sending.pause(issue.pk, "잠깐만")
    deliver_all(way, issue)
    migrate()
    sending.resume(issue.pk, "지은")
    deliver_all(way, issue)
    assert len(set(way.accepted)) == len(way.accepted) == 30
    assert counts(issue).accepted == 30
    assert sent(issue)
