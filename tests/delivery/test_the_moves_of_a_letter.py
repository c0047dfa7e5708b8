"""The table of states: where a letter may go, and that nothing leaves an end."""

from datetime import timedelta

import pytest
from django.db import connection

from newsletter.common import clock
from newsletter.delivery import deciding, recalls
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    PermanentSendError,
    SendReceipt,
    TransientSendError,
)
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery, Recall
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.delivery.slices import Verdict, record
from newsletter.delivery.status import MOVES, UNSETTLED, DeliveryStatus, may_move
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import Mailbox, an_issue_being_sent


def test_a_letter_that_was_taken_is_never_sent_again():
    """Only a provider that holds it back can cancel it, and that is an end as well."""
    left = {target for target in DeliveryStatus if may_move(DeliveryStatus.ACCEPTED, target)}
    assert left == {DeliveryStatus.CANCELLED}
    assert not MOVES[DeliveryStatus.CANCELLED]


@pytest.mark.parametrize("status", DeliveryStatus)
def test_whatever_is_unsettled_can_reach_an_end(status):
    reached, border = {status}, {status}
    while border := {target for s in border for target in MOVES[s]} - reached:
        reached |= border
    assert reached - UNSETTLED


@pytest.mark.django_db
@pytest.mark.parametrize(
    "result",
    [
        SendReceipt("x"),
        PermanentSendError("550"),
        TransientSendError("451"),
        AmbiguousSendError("cut"),
        HaltSending("401"),
    ],
)
def test_every_answer_is_a_move_that_the_table_allows(result):
    issue, way = an_issue_being_sent(1), Mailbox()
    way.answers = {1: result}
    seen = []
    way.before = {1: lambda: seen.append(DeliveryStatus(Delivery.objects.get().status))}
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    row = Delivery.objects.get()
    assert seen == [DeliveryStatus.SENDING]
    assert may_move(DeliveryStatus.SENDING, DeliveryStatus(row.status))
    assert row.attempt
    assert row.reason == getattr(result, "reason", "")
    assert counts(issue).balances


@pytest.mark.parametrize("end", [DeliveryStatus.SKIPPED, DeliveryStatus.CANCELLED])
def test_an_end_that_no_answer_can_mean_is_not_written(end):
    with pytest.raises(ValueError, match=end):
        record("a1", [Verdict(1, end)])


# The database itself notes each move, whichever statement makes it.
_NOTE = {
    "sqlite": [
        """
CREATE TRIGGER note_moves AFTER UPDATE OF status ON delivery_delivery WHEN old.status <> new.status
BEGIN INSERT INTO moves VALUES (old.status, new.status); END"""
    ],
    "postgresql": [
        """
CREATE FUNCTION pg_temp.note_move() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN INSERT INTO moves VALUES (old.status, new.status); RETURN NULL; END'""",
        """
CREATE TRIGGER note_moves AFTER UPDATE OF status ON delivery_delivery
FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION pg_temp.note_move()""",
    ],
}


@pytest.fixture
def moves(db):
    """The moves that letters have made since the test began."""

    def made():
        cursor.execute("SELECT DISTINCT before, after FROM moves")
        return {(DeliveryStatus(one), DeliveryStatus(other)) for one, other in cursor.fetchall()}

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE moves (before text, after text)")
        for statement in _NOTE[connection.vendor]:
            cursor.execute(statement.replace("CREATE TRIGGER", _trigger()))
        yield made
        cursor.execute("DROP TRIGGER note_moves" + _on_table())
        cursor.execute("DROP TABLE moves")


def _trigger():
    return "CREATE TEMPORARY TRIGGER" if connection.vendor == "sqlite" else "CREATE TRIGGER"


def _on_table():
    return "" if connection.vendor == "sqlite" else " ON delivery_delivery"


def deliver(way):
    for batch_id in reconcile(way):
        deliver_batch(batch_id, way)


def long_ago():
    Delivery.objects.filter(status="uncertain").update(changed_at=clock.now() - timedelta(hours=1))
    Batch.objects.update(not_before=None)


def every_answer_and_everything_a_person_may_say(settings):
    """Play an issue in which a letter makes every move that people and backends can cause."""
    settings.MAX_SEND_ERRORS, settings.SENDGRID_RECALL_MINUTES = 100, 30
    issue, way = an_issue_being_sent(20), Mailbox(slice_size=20, knows=False)
    Subscriber.objects.filter(email="reader0@example.com").update(status="left")
    way.answers = dict.fromkeys(range(2, 8), AmbiguousSendError("cut")) | {
        8: PermanentSendError("550"),
        9: TransientSendError("451"),
    }
    deliver(way)
    doubtful = Delivery.objects.filter(status="uncertain").order_by("pk")
    for row, status in zip(doubtful[:2], ["accepted", "rejected"], strict=True):
        record(row.attempt, [Verdict(row.pk, DeliveryStatus(status))])
    deciding.retry_rejected(issue.pk, "지은")
    long_ago()
    settings.UNCERTAIN_POLICY = "retry"
    reconcile(way)
    way.answers = dict.fromkeys(range(1, 100), AmbiguousSendError("cut"))
    deliver(way)
    # One is queued again when the issue is called back.
    Delivery.objects.filter(pk=doubtful[0].pk).update(status="queued")
    Recall.objects.create(issue=issue, batch_id="x")
    recalls.call_back(issue, "지은")
    way.recall = lambda batch_id: None
    reconcile(way)


def test_no_statement_moves_a_letter_where_the_table_does_not_allow_it(moves, settings):
    every_answer_and_everything_a_person_may_say(settings)
    allowed = {(status, target) for status in DeliveryStatus for target in MOVES[status]}
    assert moves() <= allowed
    # Only events of a provider say that a letter was taken after it had seemed to be refused.
    assert allowed - moves() == {(DeliveryStatus.QUEUED, DeliveryStatus.ACCEPTED)}
