"""F14, F18, F23, F25, F26, F27: what people and clocks do to an issue in the middle of its sending."""

import contextlib
import os
import random
import subprocess
import sys

import pytest

from newsletter.common.errors import Refused
from newsletter.delivery import sending
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber
from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all
from tests.factories import five_papers
from tests.faults import invariants
from tests.faults.engine import test_database_url

SEED = os.environ.get("FAULT_SEED", "20260112")
SLICE = 5
READERS = 30


def taken(way):
    return {
        key.partition(".")[0].removeprefix("d"): way.accepted.count(key) for key in way.accepted
    }


EDITS = [
    lambda issue: editing.set_subject(issue, "바뀐 제목"),
    lambda issue: editing.set_style(issue, "top5"),
    lambda issue: editing.set_hidden(issue.items.first(), hidden=True),
    lambda issue: editing.move(issue.items.last(), 1),
]


@pytest.mark.django_db
@pytest.mark.parametrize("trial", range(50))
def test_f26_an_edit_while_it_is_being_sent_is_refused_and_changes_no_letter(trial):
    chance = chance_of(trial)
    edit = trial % len(EDITS)
    issue, way = an_issue_being_sent(READERS), Mailbox(SLICE)
    refused = []

    def edit_it():
        with pytest.raises(Refused) as why:
            EDITS[edit](Issue.objects.get())
        refused.append(why.value.code)

    way.before[chance.randrange(1, READERS)] = edit_it
    deliver_all(way, issue)
    assert refused, "the moment came"
    told = invariants.check(invariants.books(issue.pk), taken(way))
    assert told == {"accepted": READERS}
    assert len(set(way.letters)) == 1
    assert {key.split(".")[1] for key in way.accepted} == {issue.revision.content_hash[:12]}


def leave(reader):
    subscriptions.leave(reader, "mail")


def complain(reader):
    suppression.suppress(parse_address(reader.email), "complained")


WAYS_OUT = {leave: "left", complain: "suppressed", subscriptions.erase: "erased"}


@pytest.mark.django_db
@pytest.mark.parametrize("go", WAYS_OUT, ids=WAYS_OUT.values())
def test_f27_who_goes_while_it_is_being_sent_gets_no_letter_from_the_next_slice_on(go, chance):
    issue, way = an_issue_being_sent(READERS), Mailbox(SLICE)
    moment = chance.randrange(1, READERS - SLICE)
    place = chance.randrange((moment - 1) // SLICE * SLICE + SLICE, READERS)
    reader = Subscriber.objects.order_by("pk")[place]
    address = reader.email
    way.before[moment] = lambda: go(reader)
    deliver_all(way, issue)
    told = invariants.check(invariants.books(issue.pk), taken(way))
    assert told == {"accepted": READERS - 1, "skipped": 1}
    assert counts(issue).skipped == {WAYS_OUT[go]: 1}
    assert address not in way.addresses


@pytest.mark.django_db
def test_f27_an_erased_reader_leaves_no_address_in_the_ledger():
    issue, way = an_issue_being_sent(3), Mailbox()
    reader = Subscriber.objects.first()
    deliver_all(way, issue)
    subscriptions.erase(reader)
    rows = [str(vars(row)) for row in Delivery.objects.all()]
    assert len(rows) == 3
    assert not [row for row in rows if "@" in row]


def chance_of(trial):
    """Chance with a seed of its own for each trial of a run, and another one for each run."""
    return random.Random(f"{SEED} {trial}")  # noqa: S311 - so that a failure can be repeated


@pytest.mark.django_db
@pytest.mark.parametrize("trial", range(50))
def test_f25_paused_at_any_letter_the_slice_in_hand_leaves_and_the_rest_once_it_goes_on(trial):
    chance = chance_of(trial)
    issue, way = an_issue_being_sent(READERS), Mailbox(SLICE)
    moment = chance.randrange(1, READERS + 1)
    way.before[moment] = lambda: sending.pause(issue.pk, "잠깐만")
    deliver_all(way, issue)
    assert moment <= way.handed < moment + SLICE
    deliver_all(way, issue)
    assert way.handed < moment + SLICE, "a pause lasts"
    for _ in range(chance.randrange(1, 3)):
        sending.resume(issue.pk, "지은")
    if chance.random() < 0.3:
        sending.cancel(issue.pk, "민지")
    deliver_all(way, issue)
    told = invariants.check(invariants.books(issue.pk), taken(way))
    assert sum(told.values()) == READERS
    assert set(told) <= ({"accepted", "cancelled"} if told["cancelled"] else {"accepted"})


@pytest.mark.django_db
@pytest.mark.parametrize("trial", range(50))
def test_f25_cancelled_at_any_letter_the_slice_in_hand_leaves_and_nobody_else_ever(trial):
    issue, way = an_issue_being_sent(READERS), Mailbox(SLICE)
    moment = chance_of(trial).randrange(1, READERS - SLICE + 1)
    way.before[moment] = lambda: [sending.cancel(issue.pk, who) for who in ("지은", "민지")]
    deliver_all(way, issue)
    with pytest.raises(Refused):
        sending.resume(issue.pk, "지은")
    deliver_all(way, issue)
    left = (moment - 1) // SLICE * SLICE + SLICE
    told = invariants.check(invariants.books(issue.pk), taken(way))
    assert told == {"accepted": left, "cancelled": READERS - left}


@pytest.mark.django_db
def test_f23_one_letter_among_thousands_that_cannot_be_written_costs_nobody_else_theirs():
    broken = 7_301
    issue = an_issue_being_sent(7_400)
    Subscriber.objects.filter(email=f"reader{broken - 1}@example.com").update(
        email="two words@example.com"
    )
    with fake_sendgrid() as fake:
        way = SendGridBackend(KEY, fake.url)
        deliver_all(way, issue)
        deliver_all(way, issue)
        told = invariants.check(invariants.books(issue.pk), fake.taken())
        assert invariants.contents(fake.mails[:20] + fake.mails[-20:])
    assert told == {"accepted": 7_399, "rejected": 1}


@pytest.mark.django_db
def test_f14_a_person_mends_the_key_resumes_and_everybody_gets_a_letter():
    issue = an_issue_being_sent(READERS)
    with fake_sendgrid() as fake:
        deliver_all(SendGridBackend("SG.withdrawn", fake.url), issue)
        assert (issue.state, len(fake.requests)) == (IssueState.PAUSED, 1)
        sending.resume(issue.pk, "지은")
        deliver_all(SendGridBackend(KEY, fake.url), issue)
        told = invariants.check(invariants.books(issue.pk), fake.taken())
    assert (told, issue.state) == ({"accepted": READERS}, IssueState.SENT)


@pytest.fixture
def beats():
    """Two processes that assemble the weekly whenever they are told."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(a_beat()) for _ in range(2)]


@contextlib.contextmanager
def a_beat():
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.assemble"],
        env={**os.environ, "DATABASE_URL": test_database_url()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()


def told(beat):
    return beat.stdout.readline().strip()


@pytest.mark.django_db(transaction=True)
def test_f18_two_beats_in_one_second_make_one_issue(beats):
    five_papers()
    assert [told(beat) for beat in beats] == ["ready", "ready"]
    for _ in range(100):
        Issue.objects.all().delete()
        for beat in beats:
            beat.stdin.write("go\n")
            beat.stdin.flush()
        assert sorted(told(beat) for beat in beats) == ["found", "made"]
        assert Issue.objects.get().items.count() == 5
