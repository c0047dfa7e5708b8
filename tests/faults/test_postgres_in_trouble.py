"""F06, F07, F19: the database falls over, its answer is lost, a client stops at the worst moment."""

import itertools
import os
import signal
import subprocess
import sys

import pytest

from tests.delivery.fake_sendgrid import answer
from tests.faults import invariants
from tests.faults.conftest import BATCH, READERS
from tests.faults.postgres import nothing_is_held, nothing_moves
from tests.faults.proxy import fault_proxy
from tests.servers import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def issue_id(engine, postgres):
    engine.environment |= {
        "DATABASE_URL": postgres.url(),
        "DELIVERY_BATCH_SIZE": str(BATCH),
        # Who could not say that it lets go is waited for until then.
        "DELIVERY_LEASE_SECONDS": "10",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.begin", str(READERS)],
        env=engine.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_f06_the_database_restarts_between_the_yes_and_our_note_of_it(
    issue_id, engine, postgres, sendgrid
):
    """The outcome is written again until it is in: nothing is in doubt, nothing goes twice."""

    def as_usual(handler):
        answer(handler, 202, None, {"X-Message-Id": "sg"})

    def with_a_restart(handler):
        postgres.restart()
        as_usual(handler)

    sendgrid.betray.extend([as_usual, as_usual, with_a_restart])
    sendgrid.seconds = 0.05
    engine.start()
    engine.start_beat()
    wait_until(lambda: not sendgrid.betray, "the restart")
    wait_until(lambda: nothing_moves(postgres.rows), "the end of what can be handed over")
    told = invariants.check(
        invariants.books(issue_id, postgres.rows),
        sendgrid.taken(),
        invariants.contents(sendgrid.mails),
    )
    assert told == {"accepted": READERS}


@pytest.fixture(params=[b"COMMIT", b"UPDATE delivery_delivery"])
def lost_answers(request, chance):
    """Which statements of the workers get no answer: now and then one of a kind."""
    lost, seen = {chance.randrange(10, 40) for _ in range(3)}, itertools.count(1)
    return lambda piece: request.param in piece and next(seen) in lost


def test_f07_the_answer_to_what_was_committed_is_lost(
    issue_id, engine, postgres, sendgrid, lost_answers
):
    """Whatever the worker believes then, no letter goes twice and none is called what it is not."""
    with fault_proxy(postgres.port) as proxy:
        proxy.answers_lost_after = lost_answers
        engine.environment["DATABASE_URL"] = postgres.url(proxy.port)
        engine.start()
        engine.start_beat()
        wait_until(lambda: nothing_moves(postgres.rows), "the end of what can be handed over")
        wait_until(lambda: nothing_is_held(postgres.rows), "the end of the last lease")
        assert proxy.cuts
        engine.stop()
    told = invariants.check(
        invariants.books(issue_id, postgres.rows),
        sendgrid.taken(),
        invariants.contents(sendgrid.mails),
    )
    assert told["accepted"] + told["uncertain"] == READERS
    assert told["uncertain"] <= proxy.cuts * BATCH


def test_f19_a_process_stopped_in_the_middle_of_a_transaction_holds_nobody_up(
    issue_id, engine, postgres, sendgrid
):
    """The rows it has locked come free, though it lives; when it wakes, it changes nothing."""
    engine.environment["TRANSACTION_IDLE_SECONDS"] = "2"
    stopped = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.stand_still", str(issue_id)],
        env=engine.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    _, status = os.waitpid(stopped.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    try:
        engine.start()
        engine.start_beat()
        wait_until(lambda: nothing_moves(postgres.rows), "the end of the send by the others")
    finally:
        stopped.send_signal(signal.SIGCONT)
    assert stopped.communicate(timeout=PATIENCE)[0] == "ended by the database\n"
    told = invariants.check(invariants.books(issue_id, postgres.rows), sendgrid.taken())
    assert told == {"accepted": READERS}
