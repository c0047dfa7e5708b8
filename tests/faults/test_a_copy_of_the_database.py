"""F28: a database of yesterday, or a clone of the server, does not send by itself."""

from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.delivery import deciding, sending
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    PermanentSendError,
    TransientSendError,
)
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Notice
from newsletter.delivery.reconcile import mark_published, reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.issues.states import IssueState
from tests.delivery.given import Mailbox, an_issue_being_sent

pytestmark = pytest.mark.django_db


def deliver_what_is_due(way):
    """Let the reconciler look around, and a worker deliver what it names."""
    batch_ids = reconcile(way)
    mark_published(batch_ids)
    for batch_id in batch_ids:
        deliver_batch(batch_id, way)
    reconcile(way)


@pytest.fixture
def yesterday(settings):
    """An issue as a copy keeps it that was made in the middle of its sending."""
    settings.DELIVERY_BATCH_SIZE = 5
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue = an_issue_being_sent(20)
    batch_ids = reconcile(Mailbox())
    mark_published(batch_ids)
    deliver_batch(batch_ids[0], Mailbox())
    return issue


def test_f28_a_restored_copy_holds_and_asks(yesterday):
    way = Mailbox()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert reconcile(way) == []
        for batch in Batch.objects.all():
            deliver_batch(batch.pk, way)
    yesterday.refresh_from_db()
    assert (way.handed, yesterday.state) == (0, IssueState.PAUSED)
    assert "stood still" in yesterday.pause_reason
    assert Notice.objects.get().address == "editor@example.com"


def test_f28_a_copy_whose_batches_wait_for_a_limit_holds_as_well(settings):
    """What waits is in no queue, and so it says nothing of when it was last in one."""
    settings.MAIL_LIMITS, settings.DELIVERY_BATCH_SIZE = "12/d", 5
    issue = an_issue_being_sent(30)
    deliver_what_is_due(Mailbox())
    assert counts(issue).accepted == 12
    way = Mailbox()
    with time_machine.travel(clock.now() + timedelta(days=2)):
        deliver_what_is_due(way)
        for batch in Batch.objects.filter(done=False):
            deliver_batch(batch.pk, way)
    issue.refresh_from_db()
    assert (way.handed, issue.state) == (0, IssueState.PAUSED)


def test_f28_a_copy_made_between_two_turns_of_a_batch_holds_as_well():
    issue, way = an_issue_being_sent(8), Mailbox(knows=False)
    way.answers = {2: TransientSendError("451 later")}
    deliver_what_is_due(way)
    assert counts(issue).queued == 1
    copy = Mailbox(knows=False)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        deliver_what_is_due(copy)
    issue.refresh_from_db()
    assert (copy.handed, issue.state) == (0, IssueState.PAUSED)


def test_f28_a_copy_made_before_anything_left_holds_as_well():
    issue, copy = an_issue_being_sent(3), Mailbox(knows=False)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        deliver_what_is_due(copy)
    issue.refresh_from_db()
    assert (copy.handed, issue.state) == (0, IssueState.PAUSED)


def test_f28_a_copy_with_nothing_but_doubts_does_not_send_them_again(settings):
    settings.UNCERTAIN_POLICY = "retry"
    issue, way = an_issue_being_sent(3), Mailbox(knows=False)
    way.answers = {2: AmbiguousSendError("no answer")}
    deliver_what_is_due(way)
    copy = Mailbox(knows=False)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        deliver_what_is_due(copy)
    issue.refresh_from_db()
    assert (copy.handed, issue.state) == (0, IssueState.PAUSED)


def test_f28_what_waits_for_tomorrow_under_a_living_reconciler_goes_on_by_itself(settings):
    settings.MAIL_LIMITS = "5/d"
    issue, way = an_issue_being_sent(8), Mailbox()
    start = clock.now()
    for hours in range(0, 30, 5):
        with time_machine.travel(start + timedelta(hours=hours)):
            deliver_what_is_due(way)
    issue.refresh_from_db()
    assert (way.handed, issue.state) == (8, IssueState.SENT)


def test_f28_refused_letters_of_an_old_issue_are_tried_again_when_a_person_says_so():
    issue, way = an_issue_being_sent(3), Mailbox()
    way.answers = {2: PermanentSendError("550 mailbox full")}
    deliver_what_is_due(way)
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert deciding.retry_rejected(issue.pk, "지은") == 1
        deliver_what_is_due(way)
    issue.refresh_from_db()
    assert (counts(issue).accepted, issue.state) == (3, IssueState.SENT)


def test_f28_an_old_message_in_the_queue_sends_nothing_either(yesterday):
    way = Mailbox()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        for batch in Batch.objects.filter(done=False):
            deliver_batch(batch.pk, way)
    assert way.handed == 0


def test_f28_a_person_who_knows_better_lets_it_go_on(yesterday):
    way = Mailbox()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        reconcile(way)
        sending.resume(yesterday.pk, "지은")
        for batch_id in reconcile(way):
            deliver_batch(batch_id, way)
        reconcile(way)
    yesterday.refresh_from_db()
    assert (way.handed, counts(yesterday).accepted) == (15, 20)
    assert yesterday.state == IssueState.SENT


def test_f28_a_pause_of_five_hours_is_none(yesterday):
    with time_machine.travel(clock.now() + timedelta(hours=5)):
        assert len(reconcile(Mailbox())) == 3
