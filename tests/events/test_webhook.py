"""What providers tell of letters, and what it makes of them and of their readers."""

import json
import random
from collections import Counter
from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events import forgetting
from newsletter.events.kinds import EventKind, fold_all, knows, standing
from newsletter.events.models import DeliveryFate, MessageEvent
from tests.delivery.given import readers
from tests.events.given import (
    an_event,
    an_issue_that_left,
    facts_of,
    post,
    reasons,
    signed,
)
from tests.shared_data import SHARED, needs_shared_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return an_issue_that_left("bora@example.com")["bora@example.com"]


def test_an_event_is_stored_once_and_folded(letter):
    answer = post([an_event(letter, "processed"), an_event(letter, "delivered")])
    assert answer.json() == {"stored": 2, "known": 0, "skipped": {}}
    assert standing(facts_of(letter)) is EventKind.DELIVERED


def test_f20_a_post_that_comes_46_times_counts_once(letter):
    events = [an_event(letter, "delivered"), an_event(letter, "spamreport")]
    for _ in range(46):
        assert post(events).status_code == 200
    assert MessageEvent.objects.count() == 2
    assert reasons() == ["complained"]


def test_f20_a_batch_that_tells_an_event_twice_stores_it_once(letter):
    event = an_event(letter, "delivered")
    assert post([event, event, event]).json() == {"stored": 1, "known": 2, "skipped": {}}


def fates():
    """What is known of each letter, with what its row says, and how often."""
    facts = dict(DeliveryFate.objects.values_list("delivery_id", "facts"))
    return Counter(
        (facts[pk], status) for pk, status in Delivery.objects.values_list("pk", "status")
    )


def test_f20_a_thousand_orders_of_posts_end_in_one_state_and_so_does_their_replay():
    """Each letter hears the same in an order of its own: the n-th post tells its n-th event."""
    readers(1000)
    letters = an_issue_that_left(status=DeliveryStatus.UNCERTAIN)
    chance = random.Random(20)  # noqa: S311 - a seed, so that a failure can be repeated
    names = ["processed", "deferred", "deferred", "delivered", "bounce", "spamreport", "rumour"]
    orders = [
        [an_event(letter, name) for name in chance.sample(names, len(names))]
        for letter in letters.values()
    ]
    posts = list(zip(*orders, strict=True))
    told = fold_all(
        [
            EventKind.ACCEPTED,
            EventKind.DEFERRED,
            EventKind.DELIVERED,
            EventKind.HARD_BOUNCED,
            EventKind.COMPLAINED,
        ]
    )
    for replay in (posts, posts[::-1]):
        for events in replay:
            assert post(events).status_code == 200
        assert fates() == {(told, DeliveryStatus.ACCEPTED): 1000}
        assert (MessageEvent.objects.count(), len(reasons())) == (6000, 1000)


def test_f20_a_batch_of_768_kilobytes_is_taken_whole():
    letters = an_issue_that_left(*[f"reader{n}@example.com" for n in range(25)])
    rows = list(letters.values())
    events = [an_event(rows[n % 25], "deferred", response="4" * 250) for n in range(1_600)]
    assert len(json.dumps(events)) > 768_000
    assert post(events).json()["stored"] == 1_600


def test_f21_what_was_missed_for_23_hours_is_taken_and_none_of_it_twice(letter):
    events = [[an_event(letter, name)] for name in ("processed", "deferred", "delivered")]
    bodies = [json.dumps(batch).encode() for batch in events]
    late = [(body, signed(body, clock.now() - timedelta(hours=23))) for body in bodies]
    for body, headers in [*late, *late]:
        assert post(body, headers).status_code == 200
    assert MessageEvent.objects.count() == 3


def test_unknown_and_malformed_events_are_counted_and_the_rest_is_taken(letter):
    answer = post(
        [
            an_event(letter, "Delivered"),
            an_event(letter, "teleported"),
            an_event(letter, "delivered", timestamp="123456789"),
            an_event(letter, "delivered", timestamp=1591726752372),
            an_event(letter, "delivered", timestamp=True),
            {},
        ]
    )
    assert answer.json() == {"stored": 1, "known": 0, "skipped": {"unknown": 2, "malformed": 3}}


def test_an_event_without_an_id_counts_once_too(letter):
    event = an_event(letter, "delivered", sg_event_id=None)
    assert post([event]).json()["stored"] == 1
    assert post([event]).json() == {"stored": 0, "known": 1, "skipped": {}}


def test_text_that_no_database_would_take_breaks_nothing(letter):
    odd = {"reason": "\ud800 \0 half", "weight": float("nan"), "many": list(range(9))}
    answer = post([an_event(letter, "delivered", sg_event_id="\ud800\0", **odd)])
    assert answer.json()["stored"] == 1


@needs_shared_data
def test_the_published_examples_are_read_and_none_of_them_is_ours(letter):
    told = json.loads((SHARED / "data/sendgrid/event_examples.json").read_text())["events"]
    answer = post(told).json()
    assert (answer["stored"], answer["known"]) == (0, 0)
    assert sum(answer["skipped"].values()) == len(told) == 35
    assert answer["skipped"]["unknown"] == 2  # who came back to a group there did not ask us


@needs_shared_data
def test_the_published_examples_are_understood_when_they_speak_of_our_letter(letter):
    told = json.loads((SHARED / "data/sendgrid/event_examples.json").read_text())["events"]
    ours = an_event(letter, "")
    mine = {name: ours[name] for name in ("email", "delivery", "attempt")}
    events = [{**event, **mine, "sg_event_id": f"e{n}"} for n, event in enumerate(told)]
    for event in events:
        event["attempt"] = mine["attempt"]
    answer = post(events).json()
    assert answer == {"stored": 31, "known": 0, "skipped": {"unknown": 2, "malformed": 2}}
    assert all(knows(facts_of(letter), kind) for kind in EventKind if kind != EventKind.BLOCKED)


@pytest.mark.parametrize("status", [DeliveryStatus.UNCERTAIN, DeliveryStatus.SENDING])
@pytest.mark.parametrize("event", ["processed", "delivered", "deferred", "dropped", "bounce"])
def test_f10_a_letter_in_doubt_is_settled_by_any_word_of_its_attempt(event, status):
    letters = an_issue_that_left("bora@example.com", status=status)
    letter = letters["bora@example.com"]
    post([an_event(letter, event)])
    letter.refresh_from_db()
    assert letter.status == DeliveryStatus.ACCEPTED
    assert counts(letter.issue).balances


def test_f10_a_word_of_an_earlier_attempt_does_not_settle_the_last_one():
    letters = an_issue_that_left("bora@example.com", status=DeliveryStatus.UNCERTAIN)
    letter = letters["bora@example.com"]
    post([an_event(letter, "processed", attempt="ffffffffffffffff")])
    letter.refresh_from_db()
    assert letter.status == DeliveryStatus.UNCERTAIN


@pytest.mark.parametrize(
    "status",
    [
        DeliveryStatus.ACCEPTED,
        DeliveryStatus.REJECTED,
        DeliveryStatus.SKIPPED,
        DeliveryStatus.CANCELLED,
    ],
)
def test_what_is_not_in_doubt_is_left_as_the_ledger_has_it(status):
    letters = an_issue_that_left("bora@example.com", status=status)
    post([an_event(letters["bora@example.com"], "delivered")])
    assert set(Delivery.objects.values_list("status", flat=True)) == {status}


@pytest.mark.parametrize("attempt", ["ffffffffffffffff", ""])
def test_f10_a_letter_that_waits_is_settled_by_the_word_of_its_own_attempt_alone(attempt):
    letters = an_issue_that_left("bora@example.com", status=DeliveryStatus.QUEUED)
    letter = letters["bora@example.com"]
    post([an_event(letter, "delivered", attempt=attempt)])
    letter.refresh_from_db()
    assert letter.status == DeliveryStatus.QUEUED
    post([an_event(letter, "delivered")])
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == (DeliveryStatus.ACCEPTED, 1)
    assert counts(letter.issue).balances


def test_s23_no_address_no_network_and_no_browser_is_kept_of_an_event(letter):
    post(
        [
            an_event(
                letter,
                "bounce",
                reason="550 5.1.1 <BORA@example.com>: unknown, say bora@example.com",
                ip="203.0.113.9",
                useragent="Mozilla/5.0",
                url="https://news.example.com/u/3k.mVd0",
            )
        ]
    )
    kept = json.dumps(MessageEvent.objects.values("raw", "attempt", "provider_event_id")[0])
    assert "550 5.1.1" in kept
    for personal in ("bora@", "203.0.113", "Mozilla", "mVd0"):
        assert personal not in kept.lower()


def test_s23_details_are_forgotten_after_their_time_and_the_event_is_not(letter):
    event = an_event(letter, "delivered")
    post([event])
    MessageEvent.objects.update(received_at=clock.now() - timedelta(days=31))
    assert forgetting.forget_details() == 1
    assert forgetting.forget_details() == 0
    row = MessageEvent.objects.get()
    assert (row.raw, row.address_hash) == (None, "")
    assert post([event]).json() == {"stored": 0, "known": 1, "skipped": {}}


def test_a_post_costs_the_same_few_queries_however_many_letters_it_tells_of(
    django_assert_max_num_queries,
):
    letters = an_issue_that_left(*[f"reader{n}@example.com" for n in range(60)])
    events = [an_event(letter, "delivered") for letter in letters.values()]
    with django_assert_max_num_queries(8):
        assert post(events).json()["stored"] == 60
