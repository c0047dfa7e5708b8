"""The reconciler's lease: one at a time, whoever it is, and nobody for ever. Its steps stand alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from newsletter.common import clock
from newsletter.delivery import reconcile, scheduling, turns
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Reconciler
from newsletter.delivery.steps import Steps, TurnLost
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.tasks import deliver
from tests.delivery.given import Mailbox, an_approved_issue, an_issue_being_sent, deliver_all
from tests.delivery.test_leases import a_process_that_is_gone

pytestmark = pytest.mark.django_db

AN_HOUR = timedelta(hours=1)


class Unanswering(Mailbox):
    """A way out whose own code breaks when it is asked what it took."""

    def settle(self, message_ids):
        raise ZeroDivisionError


def take_and_close(_):
    try:
        return turns.take()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_turn_one_gets_it():
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            won = [turn for turn in pool.map(take_and_close, range(8)) if turn]
            assert len(won) == 1
            won[0].end([])


def test_the_turn_is_free_again_when_it_has_ended_and_says_when_that_was():
    assert turns.ago() is None
    turns.take().end(["settle", "settle", "finish"])
    assert 0 <= turns.ago() < 60
    assert turns.failed() == "settle, finish"
    turns.take().end([])
    assert turns.failed() == ""


@pytest.mark.parametrize("because", ["too late", "gone", "a clock that was put back"])
def test_who_is_late_or_gone_loses_the_turn_and_writes_nothing_any_more(because):
    stale = turns.take()
    assert turns.take() is None
    changes = {
        "too late": {"lease_until": clock.now() - turns.LEASE},
        "gone": {"holder": a_process_that_is_gone()},
        "a clock that was put back": {"lease_until": clock.now() + AN_HOUR},
    }
    Reconciler.objects.update(**changes[because])
    successor = turns.take()
    assert successor is not None
    stale.end(["settle"])
    assert turns.take() is None, "it is the successor's"
    assert turns.failed() == ""


def test_who_has_lost_the_turn_takes_no_further_step():
    with pytest.raises(TurnLost):
        reconcile.reconcile(Mailbox(), steps=Steps(lambda: False))


def test_a_step_that_breaks_stops_none_of_the_others():
    """A process died, a letter is done, another issue is due: all that although one step breaks."""
    done = an_issue_being_sent(3)
    deliver_all(Mailbox(), done)
    Issue.objects.filter(pk=done.pk).update(state=IssueState.SENDING)
    Batch.objects.update(
        done=False, holder=a_process_that_is_gone(), lease_until=clock.now() + AN_HOUR
    )
    assert deliver.reconcile_in_turn(Unanswering())
    done.refresh_from_db()
    assert done.state == IssueState.SENT
    assert not Batch.objects.filter(done=False).exists()
    assert "settle" in turns.failed().split(", ")
    assert turns.take(), "and the turn is free"


def test_a_send_that_is_due_begins_although_a_step_before_it_breaks():
    issue = an_approved_issue(2)
    scheduling.schedule(issue, clock.now() + AN_HOUR, "지은")
    Issue.objects.filter(pk=issue.pk).update(send_at=clock.now())
    deliver.reconcile_in_turn(Unanswering())
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING


def test_nobody_reconciles_beside_who_has_the_turn():
    issue = an_issue_being_sent(2)
    turn = turns.take()
    assert not deliver.reconcile_in_turn(Mailbox())
    assert not Batch.objects.exclude(published_at=None).exists()
    turn.end([])
    assert deliver.reconcile_in_turn(Mailbox())
    assert counts(issue).balances
