"""Two processes that are told of one letter at the same moment: nothing twice, and nothing lost."""

from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.kinds import EventKind, Meaning, ReceivedEvent, knows, meaning_of
from newsletter.events.models import DeliveryFate, MessageEvent
from newsletter.events.record import record
from tests.events.given import ATTEMPT, an_issue_that_left, facts_of, reasons
from tests.races import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)

BORA = "bora@example.com"


def told(letter, kind, event_id="one", attempt=ATTEMPT):
    meaning: Meaning = meaning_of(kind)
    return ReceivedEvent(
        event_id, kind, clock.now(), letter.pk, attempt, address=BORA, meaning=meaning
    )


def test_one_event_told_to_two_at_once_counts_once():
    letter = an_issue_that_left(BORA)[BORA]
    event = told(letter, EventKind.HARD_BOUNCED)
    second = meanwhile(lambda: record("sendgrid", [event]), lambda: record("sendgrid", [event]))
    assert second.error is None
    assert MessageEvent.objects.count() == 1
    assert reasons() == ["bounced"]


def test_of_two_facts_told_at_once_neither_is_lost():
    letter = an_issue_that_left(BORA)[BORA]
    record("sendgrid", [told(letter, EventKind.ACCEPTED, "first")])
    second = meanwhile(
        lambda: record("sendgrid", [told(letter, EventKind.DELIVERED, "second")]),
        lambda: record("sendgrid", [told(letter, EventKind.OPENED, "third")]),
    )
    assert second.error is None
    for kind in (EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.OPENED):
        assert knows(facts_of(letter), kind)


def test_what_came_of_a_call_is_counted_by_what_was_new_known_and_not_ours():
    letter = an_issue_that_left(BORA)[BORA]
    known, new = told(letter, EventKind.ACCEPTED, "a"), told(letter, EventKind.DELIVERED, "b")
    record("sendgrid", [known])
    foreign = ReceivedEvent("c", EventKind.DELIVERED, clock.now(), letter.pk, address="x@x.org")
    done = record("sendgrid", [known, new, new, foreign])
    assert (done.stored, done.known, done.foreign) == (1, 2, 1)


def test_a_letter_has_news_from_the_moment_of_its_last_fact():
    letter = an_issue_that_left(BORA)[BORA]
    for hours, kind in enumerate((EventKind.ACCEPTED, EventKind.DELIVERED)):
        at = clock.now().replace(microsecond=0) + timedelta(hours=hours)
        with time_machine.travel(at, tick=False):
            record("sendgrid", [told(letter, kind, kind)])
        assert DeliveryFate.objects.get(delivery=letter).changed_at == at


def test_a_letter_that_was_taken_behind_a_no_is_accepted_with_its_time_and_reason():
    letters = an_issue_that_left(BORA, "dami@example.com", status=DeliveryStatus.QUEUED)
    letter = letters[BORA]
    Delivery.objects.filter(pk=letter.pk).update(attempts=0)
    at = clock.now().replace(microsecond=0) + timedelta(hours=1)
    with time_machine.travel(at, tick=False):
        record("sendgrid", [told(letter, EventKind.DELIVERED)])
    row = Delivery.objects.get(pk=letter.pk)
    assert (row.status, row.attempts, row.changed_at) == (DeliveryStatus.ACCEPTED, 1, at)
    assert row.reason == "told by the provider"
    other = Delivery.objects.get(pk=letters["dami@example.com"].pk)
    assert other.status == DeliveryStatus.QUEUED


@pytest.mark.parametrize("attempt", [ATTEMPT, ""])
def test_a_letter_that_waits_is_not_kept_back_by_a_word_that_names_no_attempt(attempt):
    letter = an_issue_that_left(BORA, status=DeliveryStatus.QUEUED)[BORA]
    Delivery.objects.filter(pk=letter.pk).update(attempt=attempt)
    record("smtp", [told(letter, EventKind.DEFERRED, attempt="")])
    assert Delivery.objects.get(pk=letter.pk).status == DeliveryStatus.QUEUED
