"""F24: a worker told to stop in the middle of a slice, while its backend is still sending."""

import threading
import time

import pytest

from newsletter.delivery.backends.base import Outcome, SendReceipt
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import an_issue_being_sent

pytestmark = pytest.mark.django_db


class Connection:
    """A backend whose one connection works on in a thread of its own after it was told to stop."""

    name = "connection"
    slice_size = 50

    def __init__(self):
        self.sent = []
        self.thread = None

    def send(self, letter, messages, *, until=0.0):
        first = next(messages)
        self.sent.append(first.address)
        self.thread = threading.Thread(target=self.work_on, args=(messages,))
        self.thread.start()
        yield Outcome(first.delivery_id, SendReceipt())
        raise SystemExit

    def work_on(self, messages):
        for message in messages:
            self.sent.append(message.address)
            time.sleep(0.005)


def test_f24_no_letter_leaves_that_went_back_into_the_queue():
    issue, way = an_issue_being_sent(40), Connection()
    (batch_id,) = batches_to_publish(issue.pk)
    with pytest.raises(SystemExit):
        deliver_batch(batch_id, way)
    way.thread.join()
    queued = Delivery.objects.filter(issue=issue, status="queued").values("subscriber_id")
    waiting = set(Subscriber.objects.filter(pk__in=queued).values_list("email", flat=True))
    told = counts(issue)
    assert waiting.isdisjoint(way.sent)
    assert told.balances
    assert told.accepted + told.uncertain == len(way.sent)
