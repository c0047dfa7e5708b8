"""F01 to F04, F09 to F12, F24, F25 and F27 in one send, mixed by chance, then settled to the last letter.

Each seed is another story: workers and their children are killed, Redis is wiped, the
provider fails, stalls, throttles and takes without answering, editors pause and cancel
nothing, readers leave. The books must balance all the while. At the end the provider's
events say what it took, a person sends the rest again, and every letter was taken once.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable

import pytest
from django.db import connection

from newsletter.common.errors import Refused
from newsletter.delivery import deciding, sending
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery
from newsletter.subscribers import subscriptions
from newsletter.subscribers.models import Subscriber
from newsletter.tasks import deliver
from tests.delivery.fake_sendgrid import answer
from tests.delivery.given import an_approved_issue
from tests.events.given import PUBLIC_KEY, an_event, post
from tests.faults import invariants
from tests.faults.conftest import BATCH, sent
from tests.faults.engine import children_of
from tests.faults.sizes import sized
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

READERS = 320
TROUBLES = 5
FIRST = int(os.environ.get("FAULT_SEED", "1"))
# PostgreSQL has more of them, for there rows are locked one by one; SQLite's own locks need a few.
_IS_POSTGRESQL = "postgresql" in os.environ.get("DATABASE_URL", "")
SEEDS = range(FIRST, FIRST + (sized(4, soak=20) if _IS_POSTGRESQL else 2))


class Story:
    """One send and everything that goes wrong in it."""

    def __init__(self, seed, issue, engine, sendgrid, broker):
        self.chance = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.issue, self.engine, self.sendgrid, self.broker = issue, engine, sendgrid, broker
        self.worker = engine.start()
        self.in_doubt = 0
        """How many letters the troubles may have left in doubt."""

    def goes_wrong(self) -> None:
        """Let one thing go wrong."""
        troubles: list[Callable[[], None]] = [
            self.a_child_is_killed, self.the_worker_is_killed, self.the_worker_is_replaced,
            self.redis_is_wiped, self.the_answer_is_lost, self.the_provider_is_down,
            self.the_provider_throttles, self.an_editor_pauses, self.a_reader_leaves,
        ]  # fmt: skip
        self.chance.choice(troubles)()

    def a_child_is_killed(self):
        if children := children_of(self.worker.pid):
            os.kill(self.chance.choice(children), signal.SIGKILL)
            self.in_doubt += BATCH

    def the_worker_is_killed(self):
        self.engine.kill(self.worker)
        self.in_doubt += 2 * BATCH
        self.worker = self.engine.start()

    def the_worker_is_replaced(self):
        os.kill(self.worker.pid, signal.SIGTERM)
        self.worker = self.engine.start()

    def redis_is_wiped(self):
        self.broker.flushall()

    def the_answer_is_lost(self):
        self.sendgrid.betray.append(lambda handler: handler.connection.close())
        self.in_doubt += BATCH

    def the_provider_is_down(self):
        self.sendgrid.misbehave.append(
            lambda handler: answer(handler, 503, {"errors": [{"message": "later"}]})
        )

    def the_provider_throttles(self):
        self.sendgrid.misbehave.append(
            lambda handler: answer(handler, 429, {"errors": []}, {"Retry-After": "1"})
        )

    def an_editor_pauses(self):
        with contextlib.suppress(Refused):  # all has left already
            sending.pause(self.issue.pk, "잠깐만")
            time.sleep(self.chance.random())
            sending.resume(self.issue.pk, "지은")

    def a_reader_leaves(self):
        reader = self.chance.choice(Subscriber.objects.order_by("pk"))
        subscriptions.leave(reader, "a test")

    def is_handed_over(self) -> bool:
        """Whether nothing moves any more; the books balance at every look."""
        connection.close()
        told = counts(self.issue)
        assert told.balances
        return not told.queued and not told.sending


@pytest.fixture
def issue(settings):
    settings.DELIVERY_BATCH_SIZE = BATCH
    settings.SENDGRID_WEBHOOK_KEY = [PUBLIC_KEY]
    issue = an_approved_issue(READERS)
    sending.start(issue.pk, "지은")
    issue.refresh_from_db()
    return issue


@pytest.mark.parametrize("seed", SEEDS)
def test_f01_whatever_goes_wrong_every_letter_is_taken_once_and_accounted_for(
    seed, issue, engine, sendgrid, broker
):
    sendgrid.seconds = 0.1
    story = Story(seed, issue, engine, sendgrid, broker)
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_until(lambda: sendgrid.requests, "the first request")
    for _ in range(TROUBLES):
        story.goes_wrong()
        time.sleep(story.chance.random() / 2)
    wait_until(story.is_handed_over, "the end of what can be handed over")
    told = invariants.check(
        invariants.books(issue.pk), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert set(told) <= {"accepted", "uncertain", "skipped"}
    assert told["uncertain"] <= story.in_doubt
    tell_what_was_taken(issue, sendgrid)
    deciding.retry(issue.pk, "지은")
    deliver.publish_issue(issue.pk)
    wait_until(lambda: sent(issue), "the last letter")
    told = invariants.check(invariants.books(issue.pk), sendgrid.taken())
    assert told["accepted"] + told["skipped"] == READERS
    assert max(sendgrid.taken().values()) == 1, "not even what was sent again came twice"


def tell_what_was_taken(issue, sendgrid):
    """Post the events that the provider tells of every letter it took."""
    taken = {mail["custom_args"]["delivery"]: mail["custom_args"] for mail in sendgrid.mails}
    rows = Delivery.objects.filter(issue=issue, pk__in=taken).select_related("subscriber")
    events = [an_event(row, "processed", attempt=taken[str(row.pk)]["attempt"]) for row in rows]
    assert post(events).json() == {"stored": len(events), "known": 0, "skipped": {}}
