"""F01, F02, F03, F25 with real processes: what the receiving side got is counted from its own log."""

import contextlib
import os
import signal
import sqlite3
import time
from collections import Counter

import pytest
from django.db import connection

from newsletter.delivery import sending
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.tasks import deliver
from tests.faults import invariants
from tests.faults.conftest import BATCH, READERS, sent
from tests.faults.engine import children_of
from tests.faults.sizes import sized
from tests.servers import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def arrived(inbox, issue):
    """How often each letter of this issue came in, by the delivery that its Message-ID names."""
    mark = f".{issue.revision.content_hash[:12]}."
    since = f".{int(issue.started_at.timestamp() * 1000):x}@"
    every = [m.message_id for m in inbox.messages(per_page=1_000_000)]
    return Counter(
        name.partition(".")[0].removeprefix("d") for name in every if mark in name and since in name
    )


def wait_for_some(inbox, issue, number):
    def there() -> bool:
        assert counts(issue).balances, "at every moment"
        return arrived(inbox, issue).total() >= number

    wait_until(there, f"{number} letters")


def check(inbox, issue, engine):
    """Nothing lost, nothing twice, and only then is it called sent."""
    wait_until(lambda: sent(issue), "the end of the send")
    told = invariants.check(invariants.books(issue.pk), arrived(inbox, issue))
    assert told == {"accepted": READERS}, engine.log.read_text()[-2000:]


def test_f01_pool_processes_killed_again_and_again(issue, engine, inbox, chance):
    worker = engine.start()
    engine.start_beat()
    assert deliver.publish_issue(issue.pk)
    kills = sized(4, soak=20)
    for kill in range(kills):
        wait_for_some(inbox, issue, 20 + kill * 400 // kills)
        time.sleep(chance.random() / 20)
        os.kill(chance.choice(children_of(worker.pid)), signal.SIGKILL)
        assert not counts(issue).settled, "killed in the middle, not at the end"
    check(inbox, issue, engine)


def test_f02_the_whole_worker_killed_and_started_again(issue, engine, inbox):
    worker = engine.start()
    deliver.publish_issue(issue.pk)
    wait_for_some(inbox, issue, 130)
    engine.kill(worker)
    told = counts(issue)
    assert told.balances
    assert told.unsettled > 0
    engine.start()
    engine.start_beat()
    check(inbox, issue, engine)


def test_f02_an_issue_whose_first_task_was_never_queued_is_found_at_the_start(issue, engine, inbox):
    """No publish at all: the worker looks around when it starts, and beat goes on."""
    engine.start()
    engine.start_beat()
    check(inbox, issue, engine)


def test_f19_a_worker_stopped_for_longer_than_its_lease_and_woken_again(issue, engine, inbox):
    """It wakes in the middle of a slice that was given to another in the meantime."""
    engine.environment |= {"DELIVERY_LEASE_SECONDS": "7", "TRANSACTION_IDLE_SECONDS": "2"}
    worker = engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_for_some(inbox, issue, 100)
    sleeper = children_of(worker.pid)[0]
    stop_while_it_writes_nothing(sleeper)
    try:
        wait_until(lambda: sent(issue), "the end of the send by the other")
    finally:
        os.kill(sleeper, signal.SIGCONT)
    worker.terminate()  # which waits for the slice of the one that has woken
    worker.wait(PATIENCE)
    check(inbox, issue, engine)


def stop_while_it_writes_nothing(pid):
    """Stop a process. SQLite has one lock for all, and nobody who could take it from a sleeper."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        if connection.vendor != "sqlite" or nobody_writes():
            return
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)


def nobody_writes():
    """Whether the write lock of the database can be had within a second."""
    path = connection.settings_dict["NAME"]
    with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        other.execute("ROLLBACK")
        return True


def test_f03_redis_wiped_in_the_middle(issue, engine, inbox, broker):
    engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    for number in (50, 200):
        wait_for_some(inbox, issue, number)
        broker.flushall()
    check(inbox, issue, engine)


def nothing_is_taken_up(broker):
    """Whether no batch lies in the queue and none is held: whoever came to one has let it go."""
    return not broker.llen("mail.bulk") and not Batch.objects.exclude(holder="").exists()


def test_f25_pause_and_resume_across_processes(issue, engine, inbox, broker):
    engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_for_some(inbox, issue, 100)
    sending.pause(issue.pk, "잠깐만")
    wait_until(lambda: counts(issue).sending == 0, "the slices in hand")
    wait_until(lambda: nothing_is_taken_up(broker), "every message has been met")
    assert arrived(inbox, issue).total() == counts(issue).accepted < READERS
    sending.resume(issue.pk, "지은")
    check(inbox, issue, engine)


def test_f25_cancel_across_processes(issue, engine, inbox, broker):
    engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_for_some(inbox, issue, 100)
    sending.cancel(issue.pk, "지은")
    wait_until(lambda: counts(issue).settled, "the slices in hand")
    wait_until(lambda: nothing_is_taken_up(broker), "every message has been met")
    told = invariants.check(invariants.books(issue.pk), arrived(inbox, issue))
    assert set(told) == {"accepted", "cancelled"}


def handed_over(issue):
    """Whether nothing moves any more: what is left is only in doubt."""
    connection.close()
    told = counts(issue)
    return not told.queued and not told.sending


def test_f01_killed_inside_the_call_to_a_provider_that_cannot_be_asked(
    issue, engine, sendgrid, chance
):
    """What was in flight is held for a person, at most a batch for each kill; the rest goes on."""
    sendgrid.seconds = 0.1
    worker = engine.start()
    engine.start_beat()
    assert deliver.publish_issue(issue.pk)
    kills = 3
    for number in range(1, kills + 1):
        wait_until(lambda n=number: len(sendgrid.requests) >= 3 * n, "requests")
        time.sleep(chance.random() / 5)
        os.kill(chance.choice(children_of(worker.pid)), signal.SIGKILL)
    wait_until(lambda: handed_over(issue), "the end of what can be handed over")
    told = invariants.check(
        invariants.books(issue.pk), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert set(told) <= {"accepted", "uncertain"}
    assert told["uncertain"] <= kills * BATCH
    # The last letter is settled a moment before its issue is called sent, and in doubt it never is.
    wait_until(lambda: sent(issue) == counts(issue).settled, "the state that goes with the books")
