"""Beat hangs, or is not there: whoever works reconciles, so that a send comes to its end."""

import os
import signal

import pytest

from newsletter.delivery import turns
from newsletter.delivery.ledger import counts
from newsletter.tasks import deliver
from tests.faults.engine import children_of
from tests.faults.test_workers_die import check, wait_for_some
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_send_comes_to_its_end_with_beat_stopped_and_a_process_killed(issue, engine, inbox):
    """Killed when the last round that beat had named is over, so that nobody looks after it."""
    engine.environment["MAIL_LIMITS"] = "60/s"
    worker = engine.start()
    engine.start_beat()
    deliver.publish_issue(issue.pk)
    wait_for_some(inbox, issue, 60)
    _, beat = engine.programs
    os.kill(beat.pid, signal.SIGSTOP)
    wait_until(lambda: turns.ago() > 1.5, "the end of the last round")
    for child in children_of(worker.pid):
        os.kill(child, signal.SIGKILL)
    assert not counts(issue).settled, "killed in the middle, not at the end"
    check(inbox, issue, engine)


def test_it_does_so_with_nobody_but_workers_of_one_queue(issue, engine, inbox):
    """No beat at all, and nobody who takes what beat would name: each worker looks by itself."""
    engine.start(queues="mail.bulk")
    check(inbox, issue, engine)


def test_it_does_so_while_who_was_reconciling_is_stopped_in_the_middle(issue, engine, inbox):
    """A turn ends with its lease: a process that hangs holds nobody up for longer."""
    assert turns.take(), "as a process does that lives, and does nothing more"
    assert turns.take() is None
    engine.start()
    check(inbox, issue, engine)
