"""Two issues that leave at the same time: whatever happens to one leaves the other alone."""

from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.delivery import deciding, leases, recalls, sending
from newsletter.delivery.backends.base import PermanentSendError, Throttled
from newsletter.delivery.models import Batch, Delivery, Notice, Pulse, Recall
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.subscribers.models import Subscriber, Subscription
from tests.delivery.given import Mailbox, an_approved_issue, deliver_all
from tests.factories import a_daily

pytestmark = pytest.mark.django_db
READERS = 6
LONG_AGO = timedelta(hours=1)
ALL = ("queued", "sending", "uncertain", "rejected", "accepted", "queued")


def interleave():
    """Number the letters as PostgreSQL does for two starts at one moment: in turns."""
    first = 1_000_000
    begun = Issue.objects.filter(state="sending").order_by("pk")
    for place, issue in enumerate(begun):
        rows = Delivery.objects.filter(issue=issue).order_by("pk")
        ids = [first + place + 2 * number for number in range(len(rows))]
        for row, pk in zip(rows.values_list("pk", flat=True), ids, strict=True):
            Delivery.objects.filter(pk=row).update(id=pk)
        Batch.objects.filter(issue=issue).update(first_id=ids[0], last_id=ids[-1])


@pytest.fixture
def both():
    """A weekly and a daily for the same readers, both of which have begun to leave."""
    weekly, daily = an_approved_issue(READERS), a_daily()
    Subscription.objects.bulk_create(
        Subscription(subscriber=reader, cadence=Cadence.DAILY)
        for reader in Subscriber.objects.all()
    )
    editing.approve(daily, "지은")
    for issue in (weekly, daily):
        start(issue)
    interleave()
    return weekly, daily


def start(issue):
    sending.start(issue.pk, "지은")
    issue.refresh_from_db()


def letters_of(issue):
    """All that the ledger says of an issue: its letters, its batches, and where it stands."""
    rows = Delivery.objects.filter(issue=issue).order_by("pk")
    batches = Batch.objects.filter(issue=issue).order_by("pk")
    return list(rows.values()), list(batches.values()), Issue.objects.get(pk=issue.pk).state


def test_each_leaves_whole_by_its_own_batch(both):
    for issue in both:
        way = Mailbox(slice_size=4)
        other = next(one for one in both if one is not issue)
        before = letters_of(other)
        told = deliver_all(way, issue)
        assert (told.accepted, issue.state) == (READERS, "sent")
        assert len(set(way.addresses)) == READERS
        assert letters_of(other) == before


def test_who_left_one_gets_the_other(both):
    weekly, daily = both
    leaver = Subscriber.objects.order_by("pk")[2]
    Subscription.objects.filter(subscriber=leaver, cadence=Cadence.WEEKLY).delete()
    assert deliver_all(Mailbox(), weekly).skipped == {"left": 1}
    assert deliver_all(Mailbox(), daily).accepted == READERS


def test_the_batches_of_one_are_its_own_wherever_the_letters_of_the_other_lie():
    weekly, daily = an_approved_issue(READERS), a_daily()
    Subscription.objects.update(cadence=Cadence.WEEKLY)
    editing.approve(daily, "지은")
    start(weekly)
    interleave()
    Subscription.objects.update(cadence=Cadence.DAILY)
    start(daily)
    told = Batch.objects.values_list("issue", "number", "size").order_by("pk")
    assert list(told) == [(weekly.pk, 0, READERS), (daily.pk, 0, READERS)]


def each_letter(issue, *statuses):
    """Let the letters of an issue stand where they may, each under an attempt of its own."""
    rows = Delivery.objects.filter(issue=issue).order_by("pk")
    for row, status in zip(rows, statuses, strict=True):
        told = {"status": status, "attempt": f"a{row.pk}", "reason": "550 no"}
        Delivery.objects.filter(pk=row.pk).update(changed_at=clock.now() - LONG_AGO, **told)


def cancelled(issue):
    sending.cancel(issue.pk, "지은")


def closed_when_cancelled(issue):
    sending.cancel(issue.pk, "지은")
    Delivery.objects.filter(issue=issue, status="cancelled").update(status="queued")
    leases.close(Batch.objects.get(issue=issue))


def called_back(issue):
    Recall.objects.create(issue=issue, batch_id="x")
    recalls.call_back(issue, "지은")
    Recall.objects.update(done_at=clock.now())
    recalls.carry_out(Recalling())


class Recalling(Mailbox):
    """A provider that cancels what it holds."""

    def recall(self, batch_id):
        pass


def decided(move):
    def happens(issue):
        assert move(issue.pk, "지은") == 1

    return happens


def taken_from_the_dead(issue):
    batch = Batch.objects.get(issue=issue)
    batch.lease_until, batch.holder, batch.fence = clock.now() - LONG_AGO, "gone", 1
    batch.save()
    assert leases.expire(batch)


def taken_over(issue):
    taken_from_the_dead(issue)
    assert leases.claim(Batch.objects.get(issue=issue).pk)


def paused_and_resumed(issue):
    sending.pause(issue.pk, "보는 중")
    sending.resume(issue.pk, "지은")
    assert Issue.objects.get(pk=issue.pk).forgiven == 1, "of its own letters"


HAPPENINGS = {
    "cancelled": cancelled,
    "closed when cancelled": closed_when_cancelled,
    "called back": called_back,
    "in doubt, sent again": decided(deciding.retry),
    "in doubt, left": decided(deciding.leave),
    "refused, tried again": decided(deciding.retry_rejected),
    "taken from the dead": taken_from_the_dead,
    "taken over": taken_over,
    "paused and resumed": paused_and_resumed,
}


@pytest.mark.parametrize("happens", HAPPENINGS.values(), ids=HAPPENINGS)
def test_what_happens_to_one_leaves_the_other_as_it_was(both, happens, settings):
    settings.SENDGRID_RECALL_MINUTES = 30
    for issue in both:
        each_letter(issue, *ALL)
    one, other = both
    Batch.objects.update(not_before=clock.now(), published_at=clock.now())
    before, mine = letters_of(other), letters_of(one)
    happens(one)
    assert letters_of(other) == before
    assert letters_of(one) != mine, "something did happen"


def test_refusals_of_one_stop_only_that_one(both, settings):
    settings.MAX_SEND_ERRORS = 2
    one, other = both
    each_letter(one, *["rejected"] * READERS)
    way = Mailbox()
    way.answers = {1: PermanentSendError("550")}
    assert deliver_all(way, other).rejected == 1
    assert other.state == "sent"


def test_where_the_server_asks_one_to_wait_the_batch_of_the_other_is_still_due(both):
    one, other = both
    way = Mailbox()
    way.answers = dict.fromkeys(range(1, 99), Throttled("http 429", 60))
    deliver_all(way, one)
    assert batches_to_publish() == batches_to_publish(other.pk) != []


def test_the_reconciler_ends_the_one_that_is_settled_and_names_the_other(both):
    one, other = both
    each_letter(one, *["accepted"] * READERS)
    assert reconcile(Mailbox()) == [Batch.objects.get(issue=other).pk]
    assert Batch.objects.get(issue=one).done
    assert [Issue.objects.get(pk=issue.pk).state for issue in both] == ["sent", "sending"]


def test_one_is_sent_when_its_own_last_doubt_is_left(both):
    one, _ = both
    each_letter(one, "uncertain", *["accepted"] * 5)
    deciding.leave(one.pk, "지은")
    assert [Issue.objects.get(pk=issue.pk).state for issue in both] == ["sent", "sending"]


def test_the_editors_hear_of_the_doubts_of_each(both, settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    one, other = both
    each_letter(one, *["uncertain"] * 4, *["accepted"] * 2)
    each_letter(other, "uncertain", *["accepted"] * 5)
    reconcile(Mailbox(knows=False))
    told = Notice.objects.values_list("context", flat=True)
    assert {(one.title in words["title"], words["body"][:2]) for words in told} == {
        (True, "4통"),
        (False, "1통"),
    }


def test_after_a_day_of_standing_still_the_one_that_was_done_is_sent_and_the_other_held(both):
    one, _ = both
    each_letter(one, *["accepted"] * READERS)
    Pulse.objects.update(at=clock.now() - timedelta(days=1))
    assert reconcile(Mailbox()) == []
    assert [Issue.objects.get(pk=issue.pk).state for issue in both] == ["sent", "paused"]


def test_that_one_stands_still_keeps_nobody_from_the_batches_of_the_other(both):
    one, other = both
    Pulse.objects.filter(issue=one).update(at=clock.now() - timedelta(days=1))
    claimed = [leases.claim(Batch.objects.get(issue=issue).pk) for issue in (one, other)]
    assert [lease is not None for lease in claimed] == [False, True]
