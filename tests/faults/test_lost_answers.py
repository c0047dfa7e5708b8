"""F07: of many things that were committed, whoever did them never hears; nobody decides wrongly."""

import os
import re
import subprocess
import sys

import pytest

from tests.delivery.fake_sendgrid import fake_sendgrid
from tests.faults import invariants
from tests.faults.proxy import fault_proxy
from tests.faults.sizes import sized

DECISIONS = sized(25, soak=50)
BATCH = 4
READERS = (DECISIONS + 1) * BATCH
_CHANGES = re.compile(rb"UPDATE|INSERT|DELETE")
_SLICE = b"SET status = 'sending'"
_BATCHES = "SELECT id FROM delivery_batch ORDER BY number"
_AN_HOUR_LATER = """
UPDATE delivery_batch SET lease_until = lease_until - interval '1 hour' WHERE NOT done RETURNING id
"""


class Commits:
    """Tells what a client commits from all that it asks, and which of it gets no answer."""

    def __init__(self):
        self.slice_at = 0
        """Which commit says that letters are about to be handed over."""
        self.expect(lost=0)

    def expect(self, lost):
        """Count anew; of the next commits the one with this number gets no answer."""
        self.seen, self.lost, self._open = 0, lost, False

    def __call__(self, piece):
        if b"BEGIN" in piece:
            self._open = True
        elif _SLICE in piece:
            self.slice_at = self.seen + 1
        elif b"COMMIT" in piece or (_CHANGES.search(piece) and not self._open):
            self.seen, self._open = self.seen + 1, False
            return self.seen == self.lost
        return False


class Worker:
    """A process that delivers one batch after the other, and says each time what it believes."""

    def __init__(self, process, proxy):
        self._process, self.proxy = process, proxy

    def deliver(self, batch_id):
        self._process.stdin.write(f"{batch_id}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


@pytest.fixture
def proxy(postgres):
    with fault_proxy(postgres.port) as proxy:
        proxy.answers_lost_after = Commits()
        yield proxy


@pytest.fixture
def issue_id(postgres):
    url = {"DATABASE_URL": postgres.url(), "DELIVERY_BATCH_SIZE": str(BATCH)}
    command = [sys.executable, "-m", "tests.faults.begin", str(READERS)]
    return int(subprocess.check_output(command, env={**os.environ, **url}, text=True))


@pytest.fixture
def worker(postgres, proxy, sendgrid):
    command = [sys.executable, "-m", "tests.faults.deliver", sendgrid.url, str(BATCH)]
    url = {"DATABASE_URL": postgres.url(proxy.port)}
    process = subprocess.Popen(
        command,
        env={**os.environ, **url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Worker(process, proxy)
        process.stdin.close()


def test_f07_of_all_decisions_whose_answer_is_lost_none_is_wrong(
    issue_id, postgres, worker, sendgrid, chance
):
    """Whatever a worker is about: a claim, a slice, its outcome, its release, the batch's end."""
    first, *others = [pk for (pk,) in postgres.rows(_BATCHES)]
    commits = worker.proxy.answers_lost_after
    assert worker.deliver(first) == "delivered"
    turn, its_slice = commits.seen, commits.slice_at
    places = [1 + number % turn for number in range(DECISIONS)]
    chance.shuffle(places)
    for batch_id, place in zip(others, places, strict=True):
        commits.expect(lost=place)
        worker.deliver(batch_id)
        check(issue_id, postgres, sendgrid)
    assert worker.proxy.cuts == DECISIONS
    commits.expect(lost=0)
    for (batch_id,) in postgres.rows(_AN_HOUR_LATER):
        assert worker.deliver(batch_id) == "delivered"
    told = check(issue_id, postgres, sendgrid)
    # Who does not hear that a slice is its own hands nothing over, and cannot say so any more.
    doubted = places.count(its_slice) * BATCH
    assert told == {"accepted": READERS - doubted, "uncertain": doubted}


def check(issue_id, postgres, sendgrid):
    """Hold the books against SendGrid's own, and return them: what came in is in no doubt."""
    books = invariants.books(issue_id, postgres.rows)
    doubted = {str(row.id) for row in books.rows if row.status in ("sending", "uncertain")}
    assert not doubted & set(sendgrid.taken())
    return invariants.check(books, sendgrid.taken())
