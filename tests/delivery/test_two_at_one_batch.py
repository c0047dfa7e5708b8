"""Two who change one issue at the same moment: what is queued again is never called settled.

On PostgreSQL each of these fails without one of the row locks; SQLite lets only one write at a time.
"""

import pytest
from django.db import transaction

from newsletter.delivery import deciding, leases, reconcile, sending
from newsletter.delivery.backends.base import AmbiguousSendError, PermanentSendError
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.delivery.send import deliver_batch
from newsletter.issues.models import Issue
from tests.delivery.given import Mailbox, an_issue_being_sent
from tests.races import Other, just_before

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
    other = Other(close)
    with transaction.atomic():
        assert deciding.retry_rejected(refused.pk, "지은") == 1
        other.begin()
    other.end()
    (batch_id,) = reconcile.reconcile(Mailbox(knows=False))
    deliver_batch(batch_id, Mailbox(knows=False))
    refused.refresh_from_db()
    assert (counts(refused).accepted, refused.state) == (3, "sent")


@pytest.mark.parametrize("close", [a_worker_closes, the_reconciler_closes])
def test_a_batch_closed_while_its_letters_are_tried_again_is_opened_again(refused, close):
    other = Other(lambda: deciding.retry_rejected(refused.pk, "지은"))
    with transaction.atomic():
        close()
        other.begin()
    other.end()
    assert counts(refused).queued == 1
    assert len(reconcile.reconcile(Mailbox(knows=False))) == 1


@pytest.fixture
def nearly_sent(refused):
    """The same one a moment later: its batch is done, and a worker is about to call it sent."""
    Batch.objects.update(done=True)
    return refused


def is_being_sent(issue):
    issue.refresh_from_db()
    return (issue.state, counts(issue).queued) == ("sending", 1)


def test_an_issue_whose_refused_letters_are_tried_again_at_this_moment_is_not_called_sent(
    nearly_sent,
):
    other = Other(lambda: sending.finish(nearly_sent.pk))
    with transaction.atomic():
        assert deciding.retry_rejected(nearly_sent.pk, "지은") == 1
        other.begin()
    other.end()
    assert is_being_sent(nearly_sent)


def test_refused_letters_tried_again_while_their_issue_is_called_sent_take_that_back(nearly_sent):
    other = Other(lambda: deciding.retry_rejected(nearly_sent.pk, "지은"))
    with transaction.atomic():
        assert sending.finish(nearly_sent.pk)
        other.begin()
    other.end()
    assert is_being_sent(nearly_sent)


QUEUED_AGAIN = 'UPDATE "delivery_delivery"'


def test_a_letter_in_doubt_sent_again_while_its_issue_is_cancelled_does_not_stay_queued():
    issue, way = an_issue_being_sent(3), Mailbox(knows=False)
    way.answers = {2: AmbiguousSendError("no answer")}
    deliver_batch(Batch.objects.get().pk, way)
    other = Other(lambda: sending.cancel(issue.pk, "민수"))
    with just_before(QUEUED_AGAIN, other.begin):
        assert deciding.retry(issue.pk, "지은") == 1
    other.end()
    issue.refresh_from_db()
    assert (issue.state, counts(issue).queued, counts(issue).cancelled) == ("cancelled", 0, 1)
