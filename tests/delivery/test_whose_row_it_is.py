"""Whoever comes late changes nothing: each row, and each lease, has one who may write into it."""

from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery import leases, sending, slices
from newsletter.delivery.backends.base import PermanentSendError, SendReceipt
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.reconcile import reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.delivery.slices import Verdict
from newsletter.delivery.status import DeliveryStatus
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import Mailbox, an_issue_being_sent
from tests.races import just_before

pytestmark = pytest.mark.django_db


def a_slice(size=9):
    """A lease on the only batch, and the first letters of it, marked as sending."""
    lease = leases.claim(Batch.objects.get().pk)
    return lease, slices.take(lease, 0, size)


def run_out():
    Batch.objects.update(lease_until=clock.now() - timedelta(seconds=1))


def taken_over():
    """A slice that was taken from its worker, and the same letters under another attempt."""
    old, first = a_slice()
    run_out()
    new = leases.claim(Batch.objects.get().pk)
    Delivery.objects.update(status=DeliveryStatus.QUEUED, attempt="")
    return (old, first), (new, slices.take(new, 0, 9))


def statuses():
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


def alike(taken):
    """Verdicts that all say the same: one statement writes them without naming the letters."""
    return [Verdict(pk, DeliveryStatus.ACCEPTED, "late", "box") for pk in taken.attempts]


def different(taken):
    first, *others = alike(taken)
    return [Verdict(first.delivery_id, DeliveryStatus.REJECTED, "550"), *others]


@pytest.mark.parametrize("verdicts", [alike, different])
@pytest.mark.parametrize("whole", [False, True])
def test_the_outcomes_of_one_attempt_are_not_written_into_another(verdicts, whole):
    an_issue_being_sent(4)
    (_, first), (_, second) = taken_over()
    assert slices.record(first.attempt, verdicts(first), whole=whole) == 0
    assert statuses() == ["sending"] * 4
    assert slices.record(second.attempt, verdicts(second), whole=whole) == 4


# As SendGrid answers: one word for all letters of a request.
ALIKE = dict.fromkeys(range(1, 5), SendReceipt("one request"))


@pytest.mark.parametrize(
    "answers", [ALIKE, {**ALIKE, 2: PermanentSendError("550 5.1.1")}], ids=["alike", "mixed"]
)
def test_the_outcome_of_a_letter_that_is_in_doubt_by_then_counts_and_nobody_sends_it_again(answers):
    """A worker is so slow that its batch is taken from it; then it tells what became of its slice."""
    issue, way = an_issue_being_sent(4), Mailbox(knows=False)

    def taken_away():
        run_out()
        reconcile(way)
        assert statuses() == ["uncertain"] * 4

    way.answers, way.before[4] = answers, taken_away
    deliver_batch(Batch.objects.get().pk, way)
    assert counts(issue).accepted + counts(issue).rejected == 4
    for batch_id in reconcile(way):
        deliver_batch(batch_id, way)
    assert way.handed == 4


@pytest.mark.parametrize("verdicts", [alike, different])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("settled", ["accepted", "rejected", "skipped", "cancelled"])
def test_what_is_settled_takes_no_other_outcome_even_of_its_own_attempt(verdicts, whole, settled):
    an_issue_being_sent(4)
    _, taken = a_slice()
    Delivery.objects.update(status=settled)
    assert slices.record(taken.attempt, verdicts(taken), whole=whole) == 0
    assert statuses() == [settled] * 4


def test_outcomes_of_a_whole_slice_leave_those_between_them_alone_that_belong_to_others():
    an_issue_being_sent(6)
    _, taken = a_slice()
    pks = list(taken.attempts)
    Delivery.objects.filter(pk=pks[2]).update(attempt="of another")
    assert slices.record(taken.attempt, alike(taken), whole=True) == 5
    assert statuses() == ["accepted"] * 2 + ["sending"] + ["accepted"] * 3


def test_word_of_some_letters_does_not_settle_the_others_of_their_attempt():
    """As events bring it: the first and the last letter, alike, and nothing of those between."""
    an_issue_being_sent(6)
    _, taken = a_slice()
    told = [alike(taken)[0], alike(taken)[-1]]
    assert slices.record(taken.attempt, told) == 2
    assert statuses() == ["accepted"] + ["sending"] * 4 + ["accepted"]


@pytest.mark.parametrize("settled", ["accepted", "rejected", "skipped", "cancelled", "uncertain"])
def test_a_slice_takes_only_what_is_queued_between_its_first_and_its_last_letter(settled):
    an_issue_being_sent(5)
    pks = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk=pks[2]).update(status=settled, attempt="of another")
    _, taken = a_slice()
    assert list(taken.attempts) == [*pks[:2], *pks[3:]]
    row = Delivery.objects.get(pk=pks[2])
    assert (row.status, row.attempt) == (settled, "of another")


MARK = "SET status = 'sending'"
SKIP = 'UPDATE "delivery_delivery" SET "status" = '


def test_a_letter_cancelled_at_the_last_moment_does_not_leave():
    issue = an_issue_being_sent(4)
    second = Delivery.objects.order_by("pk")[1].pk
    cancelled = Delivery.objects.filter(issue=issue, pk=second)
    with just_before(MARK, lambda: cancelled.update(status="cancelled")):
        _, taken = a_slice()
    assert second not in taken.attempts
    assert statuses() == ["sending", "cancelled", "sending", "sending"]


def test_a_letter_queued_again_at_the_last_moment_waits_for_its_turn():
    issue = an_issue_being_sent(4)
    second = Delivery.objects.filter(issue=issue, pk=Delivery.objects.order_by("pk")[1].pk)
    second.update(status="rejected")
    with just_before(MARK, lambda: second.update(status="queued")):
        lease, taken = a_slice()
    assert second.get().pk not in taken.attempts
    assert (second.get().status, second.get().attempt) == ("queued", "")
    assert list(slices.take(lease, 0, 9).attempts) == [second.get().pk]


def test_a_letter_settled_at_the_last_moment_is_not_called_skipped():
    issue = an_issue_being_sent(2)
    first = Delivery.objects.filter(issue=issue, pk=Delivery.objects.order_by("pk")[0].pk)
    Subscriber.objects.filter(pk=first.get().subscriber_id).update(status="left")
    with just_before(SKIP, lambda: first.update(status="cancelled")):
        a_slice()
    assert statuses() == ["cancelled", "sending"]


def lease_of(batch):
    batch.refresh_from_db()
    return batch.fence, batch.holder, batch.lease_until, batch.published_at


def test_who_lost_a_batch_can_neither_hold_on_to_it_nor_let_it_go():
    an_issue_being_sent(3)
    (old, _), (new, _) = taken_over()
    batch = Batch.objects.get()
    before = lease_of(batch)
    deadline = old.deadline
    assert not old.extend()
    old.release()
    assert (lease_of(batch), old.deadline) == (before, deadline)
    assert slices.take(old, 0, 9) is None
    assert new.extend()


def test_who_holds_on_has_more_time_and_everybody_sees_it(settings):
    an_issue_being_sent(3)
    lease, _ = a_slice()
    safe, until = lease.safe_until, Batch.objects.get().lease_until
    settings.DELIVERY_LEASE_SECONDS = 600
    assert lease.extend()
    assert lease.safe_until - safe > 500
    assert Batch.objects.get().lease_until - until > timedelta(seconds=500)


@pytest.mark.parametrize("stop", [sending.pause, sending.cancel])
def test_nobody_holds_on_to_a_batch_of_an_issue_that_was_stopped(stop):
    issue = an_issue_being_sent(3)
    lease, _ = a_slice()
    stop(issue.pk, "지은")
    assert not lease.extend()


def test_a_batch_is_not_taken_from_who_has_held_on_or_come_since_it_was_looked_at(settings):
    an_issue_being_sent(3)
    lease, _ = a_slice()
    looked_at = Batch.objects.get()
    settings.DELIVERY_LEASE_SECONDS = 600
    assert lease.extend()
    assert not leases.expire(looked_at)
    run_out()
    looked_at = Batch.objects.get()
    Batch.objects.update(fence=looked_at.fence + 1)
    assert not leases.expire(looked_at)
    assert statuses() == ["sending"] * 3
    assert leases.expire(Batch.objects.get())
    assert statuses() == ["uncertain"] * 3


def test_who_takes_over_says_first_that_what_was_being_handed_over_is_in_doubt():
    an_issue_being_sent(6)
    a_slice(size=4)
    run_out()
    assert leases.claim(Batch.objects.get().pk)
    assert statuses() == ["uncertain"] * 4 + ["queued"] * 2
    assert set(Delivery.objects.filter(status="uncertain").values_list("reason", flat=True)) == {
        leases.LOST
    }


FENCED = 'UPDATE "delivery_batch" SET "fence"'


def test_who_looked_at_a_batch_before_another_had_its_turn_does_not_get_it():
    """The other has let go by then; with the fence of before this one could do nothing in it."""
    an_issue_being_sent(3)
    batch = Batch.objects.get()
    with just_before(FENCED, lambda: leases.claim(batch.pk).release()):
        assert leases.claim(batch.pk) is None
    assert leases.claim(batch.pk).fence == 2


@pytest.mark.parametrize("stop", [sending.pause, sending.cancel])
def test_nobody_gets_a_batch_of_an_issue_that_was_stopped_at_the_last_moment(stop):
    issue = an_issue_being_sent(3)
    batch = Batch.objects.get()
    with just_before(FENCED, lambda: stop(issue.pk, "지은")):
        assert leases.claim(batch.pk) is None
