"""F19, F01 and F02 in the small: who holds a batch, and what becomes of it when they are gone."""

import contextlib
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery import holders, leases, reconcile, sending, slices
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.send import MAX_ATTEMPTS, deliver_batch
from newsletter.delivery.slices import Verdict
from newsletter.delivery.status import DeliveryStatus
from tests.delivery.given import Mailbox, an_issue_being_sent
from tests.faults.engine import test_database_url
from tests.faults.sizes import sized

LONG_AGO = timedelta(minutes=5)


def a_process_that_is_gone():
    code = "from newsletter.delivery import holders; print(holders.this_process())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def killed_in_the_middle(way, *, handed_over, holder=None):
    """Leave the ledger as a worker does that is killed when some letters of its slice had left."""
    batch = Batch.objects.get()
    lease = leases.claim(batch.pk)
    taken = slices.take(lease, 0, way.slice_size)
    some = [message for group in taken.messages.values() for message in group][:handed_over]
    list(way.send(None, some))
    Batch.objects.update(holder=holder or a_process_that_is_gone())
    return lease, taken


def quiet():
    """Let the moment pass in which octets may still be on their way."""
    Delivery.objects.filter(status="uncertain").update(changed_at=clock.now() - LONG_AGO)


@contextlib.contextmanager
def racers(number):
    """Workers that want the batch whose id is written to them, and say which fence they won."""
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    environment = {**os.environ, "DATABASE_URL": test_database_url()}
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.delivery.racer"], env=environment, **options
                )
            )
            for _ in range(number)
        ]
        assert [racer.stdout.readline() for racer in started] == ["ready\n"] * number
        yield started


def race(workers, *wanted):
    """Let all of them want one batch at the same moment; the fences that were won."""
    for worker in workers:
        worker.stdin.write(" ".join(map(str, wanted)) + "\n")
        worker.stdin.flush()
    told = [map(int, worker.stdout.readline().split()) for worker in workers]
    return [fence for fences in told for fence in fences if fence]


RACES = sized(100, soak=1000)


@pytest.mark.django_db(transaction=True)
def test_f19_of_many_workers_that_want_one_batch_one_gets_it(settings):
    """Each batch is wanted by three at once, and then once more."""
    settings.DELIVERY_BATCH_SIZE = 1
    an_issue_being_sent(RACES // 2)
    batches = list(Batch.objects.values_list("pk", flat=True))
    with racers(3) as workers:
        for turn in (1, 2):
            assert [race(workers, batch_id) for batch_id in batches] == [[turn]] * (RACES // 2)
            Batch.objects.update(holder="", lease_until=None)


@pytest.mark.django_db(transaction=True)
def test_f19_no_two_turns_at_one_batch_have_one_fence():
    """Three take it and let it go as fast as they can: each looks while another has its turn."""
    an_issue_being_sent(1)
    batch = Batch.objects.get()
    with racers(3) as workers:
        won = race(workers, batch.pk, RACES // 4)
    batch.refresh_from_db()
    assert sorted(won) == list(range(1, batch.fence + 1))
    assert len(won) > RACES // 40


@pytest.mark.django_db
def test_a_batch_that_is_held_is_not_delivered_again():
    issue, way = an_issue_being_sent(3), Mailbox()
    lease = leases.claim(Batch.objects.get().pk)
    assert lease is not None
    deliver_batch(lease.batch.pk, way)
    assert way.handed == 0
    assert reconcile.batches_to_publish() == []
    assert counts(issue).queued == 3


@pytest.mark.django_db
def test_f19_a_redelivered_task_finds_nothing_to_do():
    issue, way = an_issue_being_sent(8), Mailbox()
    batch = Batch.objects.get()
    for _ in range(3):
        deliver_batch(batch.pk, way)
    assert way.handed == 8
    assert counts(issue).accepted == 8


@pytest.mark.django_db
def test_f19_a_stale_worker_writes_nothing_into_rows_of_another_attempt():
    issue, way = an_issue_being_sent(4), Mailbox()
    _, taken = killed_in_the_middle(way, handed_over=0)
    reconcile.reconcile(way)
    quiet()
    (batch_id,) = reconcile.reconcile(way)
    deliver_batch(batch_id, way)
    late = [Verdict(pk, DeliveryStatus.REJECTED, "late") for pk in taken.attempts]
    assert slices.record(taken.attempt, late) == 0
    assert counts(issue).accepted == 4
    assert len(way.accepted) == 4


@pytest.mark.django_db
def test_f19_a_stale_worker_takes_no_further_letter_and_takes_nothing_from_its_successor():
    an_issue_being_sent(4)
    batch = Batch.objects.get()
    stale = leases.claim(batch.pk)
    Batch.objects.update(holder=a_process_that_is_gone())
    reconcile.reconcile(Mailbox())
    successor = leases.claim(batch.pk)
    assert not stale.extend()
    assert slices.take(stale, 0, 4) is None
    stale.release()
    assert successor.extend()
    assert len(slices.take(successor, 0, 4).attempts) == 4


@pytest.mark.django_db
def test_a_worker_that_was_only_slow_may_still_tell_what_became_of_its_letters():
    issue, way = an_issue_being_sent(2), Mailbox(knows=False)
    _, taken = killed_in_the_middle(way, handed_over=2)
    reconcile.reconcile(way)
    assert counts(issue).uncertain == 2
    verdicts = [Verdict(pk, DeliveryStatus.ACCEPTED) for pk in taken.attempts]
    assert slices.record(taken.attempt, verdicts) == 2
    reconcile.reconcile(way)
    assert counts(issue).settled


@pytest.mark.django_db
def test_a_worker_whose_lease_has_run_out_hands_nothing_over(settings):
    settings.DELIVERY_LEASE_SECONDS = 4  # less than the margin at its end
    issue, way = an_issue_being_sent(3), Mailbox()
    deliver_batch(Batch.objects.get().pk, way)
    assert way.handed == 0
    assert counts(issue).queued == 3
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.django_db
@pytest.mark.parametrize("handed_over", range(6))
def test_f01_wherever_a_worker_dies_nothing_is_lost_and_nothing_repeated(handed_over):
    issue, way = an_issue_being_sent(12), Mailbox(slice_size=5)
    killed_in_the_middle(way, handed_over=handed_over)
    reconcile.reconcile(way)
    told = counts(issue)
    assert (told.uncertain, told.queued, told.balances) == (5, 7, True)
    quiet()
    (batch_id,) = reconcile.reconcile(way)
    deliver_batch(batch_id, way)
    reconcile.reconcile(way)
    issue.refresh_from_db()
    told = counts(issue)
    assert (told.accepted, told.balances, issue.state) == (12, True, "sent")
    assert len(set(way.accepted)) == len(way.accepted) == 12


@pytest.mark.django_db
def test_where_nobody_can_tell_what_is_in_doubt_is_held_and_the_rest_goes_on():
    issue, way = an_issue_being_sent(12), Mailbox(slice_size=5, knows=False)
    killed_in_the_middle(way, handed_over=2)
    (batch_id,) = reconcile.reconcile(way)
    deliver_batch(batch_id, way)
    quiet()
    assert reconcile.reconcile(way) == []
    issue.refresh_from_db()
    told = counts(issue)
    assert (told.uncertain, told.accepted, issue.state) == (5, 7, "sending")
    assert len(set(way.accepted)) == len(way.accepted) == 9


@pytest.mark.django_db
def test_letters_in_doubt_are_not_judged_before_the_wire_is_quiet():
    issue, way = an_issue_being_sent(2), Mailbox()
    killed_in_the_middle(way, handed_over=1)
    reconcile.reconcile(way)
    assert counts(issue).uncertain == 2
    assert reconcile.waits_for_quiet(way)
    quiet()
    reconcile.reconcile(way)
    assert (counts(issue).accepted, counts(issue).queued) == (1, 1)
    assert not reconcile.waits_for_quiet(way)


@pytest.mark.django_db
def test_f29_a_letter_that_kills_every_worker_is_given_up():
    """F29: the attempts are counted in the database, not by the broker."""
    issue, way = an_issue_being_sent(1), Mailbox()
    gone = a_process_that_is_gone()
    for _ in range(MAX_ATTEMPTS):
        killed_in_the_middle(way, handed_over=0, holder=gone)
        reconcile.reconcile(way)
        quiet()
        reconcile.reconcile(way)
    assert counts(issue).rejected == 1


@pytest.mark.django_db
def test_a_living_holder_keeps_its_batch_until_the_lease_ends():
    issue, way = an_issue_being_sent(3), Mailbox()
    killed_in_the_middle(way, handed_over=0, holder=holders.this_process())
    reconcile.reconcile(way)
    assert counts(issue).sending == 3
    Batch.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    reconcile.reconcile(way)
    assert counts(issue).uncertain == 3


@pytest.mark.django_db
def test_a_holder_on_another_machine_is_judged_by_its_lease_alone():
    issue, way = an_issue_being_sent(3), Mailbox()
    host, *rest = a_process_that_is_gone().split(":")
    killed_in_the_middle(way, handed_over=0, holder=":".join([host + "-2", *rest]))
    reconcile.reconcile(way)
    assert counts(issue).sending == 3


@pytest.mark.django_db
def test_a_paused_issue_is_mended_but_not_sent():
    issue, way = an_issue_being_sent(6), Mailbox(slice_size=5)
    killed_in_the_middle(way, handed_over=3)
    sending.pause(issue.pk, "잠깐만")
    reconcile.reconcile(way)
    quiet()
    assert reconcile.reconcile(way) == []
    assert (counts(issue).accepted, counts(issue).queued) == (3, 3)


@pytest.mark.django_db
def test_an_issue_cancelled_while_its_worker_lay_dead_ends_settled():
    issue, way = an_issue_being_sent(6), Mailbox(slice_size=5)
    killed_in_the_middle(way, handed_over=3)
    sending.cancel(issue.pk, "지은")
    reconcile.reconcile(way)
    quiet()
    reconcile.reconcile(way)
    told = counts(issue)
    assert (told.accepted, told.cancelled, told.settled) == (3, 3, True)
    assert not Batch.objects.filter(done=False).exists()


@pytest.mark.django_db
def test_f03_what_the_queue_lost_is_named_again_after_a_while(settings):
    settings.RECONCILE_SECONDS = 15
    an_issue_being_sent(3)
    way = Mailbox()
    (batch_id,) = reconcile.reconcile(way)
    reconcile.mark_published([batch_id])
    assert reconcile.reconcile(way) == []
    Batch.objects.update(published_at=clock.now() - timedelta(seconds=31))
    assert reconcile.reconcile(way) == [batch_id]


def test_a_process_knows_itself_and_who_is_gone():
    assert not holders.is_gone(holders.this_process())
    assert holders.is_gone(a_process_that_is_gone())


@pytest.mark.parametrize("holder", ["", "x", "a:b:c", "a:b:c:d:e:f"])
def test_a_holder_that_cannot_be_read_is_judged_by_its_lease(holder):
    assert not holders.is_gone(holder)


def test_a_pid_that_came_back_as_another_process_is_not_the_holder():
    host, boot, namespace, pid, start = holders.this_process().split(":")
    assert holders.is_gone(f"{host}:{boot}:{namespace}:{pid}:{int(start) - 1}")
    assert holders.is_gone(f"{host}:another-boot:{namespace}:{pid}:{start}")
