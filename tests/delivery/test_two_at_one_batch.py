"""Two who change one batch at the same moment: what is queued again is never called settled."""

import threading
import time

import pytest
from django.db import connection, transaction

from newsletter.delivery import deciding, leases, reconcile
from newsletter.delivery.backends.base import PermanentSendError
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.delivery.send import deliver_batch
from newsletter.issues.models import Issue
from tests.delivery.given import Mailbox, an_issue_being_sent

pytestmark = pytest.mark.django_db(transaction=True)


def a_worker_closes():
    """Close the batch as a worker does at the end of its turn."""
    leases.close(Batch.objects.get())


def the_reconciler_closes():
    reconcile.reconcile(Mailbox(knows=False))


@pytest.fixture
def refused():
    """An issue of which one letter was refused, and whose batch nobody has called done yet."""
    issue, way = an_issue_being_sent(3), Mailbox(knows=False)
    way.answers = {2: PermanentSendError("550 mailbox full")}
    deliver_batch(Batch.objects.get().pk, way)
    Batch.objects.update(done=False)
    Issue.objects.update(state="sending", finished_at=None)
    return issue


@pytest.mark.parametrize("close", [a_worker_closes, the_reconciler_closes])
def test_a_letter_tried_again_while_its_batch_is_closed_is_still_sent(refused, close):
    asked = threading.Event()

    def close_meanwhile():
        asked.set()
        try:
            close()
        finally:
            connection.close()

    other = threading.Thread(target=close_meanwhile)
    with transaction.atomic():
        assert deciding.retry_rejected(refused.pk, "지은") == 1
        other.start()
        asked.wait(5)
        time.sleep(0.4)  # it has looked, or waits for this transaction
    other.join(20)
    (batch_id,) = reconcile.reconcile(Mailbox(knows=False))
    deliver_batch(batch_id, Mailbox(knows=False))
    refused.refresh_from_db()
    assert (counts(refused).accepted, refused.state) == (3, "sent")


@pytest.mark.parametrize("close", [a_worker_closes, the_reconciler_closes])
def test_a_batch_closed_while_its_letters_are_tried_again_is_opened_again(refused, close):
    def try_again():
        try:
            deciding.retry_rejected(refused.pk, "지은")
        finally:
            connection.close()

    other = threading.Thread(target=try_again)
    with transaction.atomic():
        close()
        other.start()
        time.sleep(0.4)
    other.join(20)
    assert counts(refused).queued == 1
    assert len(reconcile.reconcile(Mailbox(knows=False))) == 1
