"""Who is never written to again after an event, who leaves, and who stays."""

from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.common.tokens import Purpose
from newsletter.delivery.models import Delivery
from newsletter.events.kinds import EventKind, fold_all
from newsletter.subscribers import links, moving, subscriptions
from newsletter.subscribers.addresses import parse_address
from tests.events.given import (
    an_event,
    an_issue_that_left,
    earlier_letter,
    post,
    reasons,
    suppressed,
)
from tests.readers import acts, gets

pytestmark = pytest.mark.django_db
QUERIES_OF_A_POST = 9
SOFT = fold_all([EventKind.SOFT_BOUNCED])
DELIVERED = fold_all([EventKind.DELIVERED])


@pytest.fixture
def letter():
    return an_issue_that_left("bora@example.com")["bora@example.com"]


@pytest.mark.parametrize(
    ("event", "fields", "reason"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1"}, "bounced"),
        ("bounce", {"status": "5.0.0"}, "bounced"),
        ("spamreport", {}, "complained"),
        ("dropped", {"reason": "Bounced Address"}, "bounced"),
        ("dropped", {"reason": "Spam Reporting Address"}, "complained"),
    ],
)
def test_hard_bounces_and_complaints_suppress_at_once(letter, event, fields, reason):
    post([an_event(letter, event, **fields)])
    assert suppressed("bora@example.com")
    assert reasons() == [reason]


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("bounce", {"type": "blocked", "status": "5.7.1"}),
        ("bounce", {"type": "blocked", "status": "5.2.2"}),
        ("bounce", {"type": "blocked", "status": "5.1.1"}),
        ("deferred", {}),
        ("dropped", {"reason": "Recipient List over Package Quota"}),
        ("delivered", {}),
    ],
)
def test_what_says_nothing_for_good_suppresses_nobody(letter, event, fields):
    assert post([an_event(letter, event, **fields)]).json()["stored"] == 1
    assert reasons() == []


def soften(letter):
    post([an_event(letter, "bounce", type="blocked", status="5.2.2")])


def test_five_letters_in_a_row_that_bounced_softly_suppress(letter):
    for days in (2, 4, 6, 8):
        earlier_letter(letter, days, SOFT)
    assert not suppressed("bora@example.com")
    soften(letter)
    assert suppressed("bora@example.com")


def test_four_of_them_do_not(letter):
    for days in (2, 6, 9):
        earlier_letter(letter, days, SOFT)
    soften(letter)
    assert not suppressed("bora@example.com")


def test_a_delivery_among_them_begins_the_count_anew(letter):
    for days, facts in ((2, SOFT), (4, DELIVERED), (6, SOFT), (8, SOFT), (9, SOFT), (10, SOFT)):
        earlier_letter(letter, days, facts)
    soften(letter)
    assert not suppressed("bora@example.com")


def test_a_bad_working_week_does_not_suppress_a_daily_reader(letter):
    for days in (1, 2, 3, 4):
        earlier_letter(letter, days, SOFT)
    soften(letter)
    assert not suppressed("bora@example.com")


@pytest.mark.parametrize("readers", [1, 40])
def test_a_whole_providers_bad_day_asks_no_more_of_the_database_than_one_bounce(
    readers, django_assert_num_queries
):
    letters = an_issue_that_left(*[f"reader{n}@example.com" for n in range(readers)])
    events = [an_event(row, "bounce", type="blocked") for row in letters.values()]
    with django_assert_num_queries(QUERIES_OF_A_POST):
        assert post(events).json()["stored"] == readers


def test_each_reader_of_a_post_is_judged_by_their_own_letters():
    letters = an_issue_that_left("bora@example.com", "dami@example.com")
    for days in (2, 4, 6, 8):
        earlier_letter(letters["bora@example.com"], 10 * days, SOFT)
    post([an_event(row, "bounce", type="blocked") for row in letters.values()])
    assert suppressed("bora@example.com")
    assert not suppressed("dami@example.com")


def test_letters_of_which_nothing_final_is_known_are_not_counted(letter):
    blocked = fold_all([EventKind.BLOCKED])
    for days, facts in ((1, blocked), (2, SOFT), (3, blocked), (4, SOFT), (6, SOFT), (8, SOFT)):
        earlier_letter(letter, days, facts)
    soften(letter)
    assert suppressed("bora@example.com")


@pytest.mark.parametrize("event", ["unsubscribe", "group_unsubscribe"])
def test_who_unsubscribes_at_the_provider_leaves(letter, event):
    post([an_event(letter, event)])
    assert gets(letter.subscriber) == set()
    assert letter.subscriber.consents.latest("pk").via == "provider"


def test_who_came_back_since_is_not_taken_away_by_an_old_event(letter):
    subscriptions.leave(letter.subscriber, "one-click")
    subscriptions.ask_again(letter.subscriber, "goodbye page")
    subscriptions.confirm(links.reader_of(Purpose.CONFIRM, _confirmation(letter)))
    hour_ago = int((clock.now() - timedelta(hours=1)).timestamp())
    post([an_event(letter, "unsubscribe", timestamp=hour_ago)])
    assert gets(letter.subscriber) == {"weekly"}


def _confirmation(letter):
    return links.token(Purpose.CONFIRM, letter.subscriber_id)


def test_a_switch_at_the_provider_never_brings_anybody_back(letter):
    subscriptions.leave(letter.subscriber, "one-click")
    assert post([an_event(letter, "group_resubscribe")]).json()["skipped"] == {"unknown": 1}
    assert acts(letter.subscriber)[-1] == "withdrawn"


def test_a_bounce_of_a_letter_that_went_to_a_former_address_closes_that_one_alone(letter):
    wish = moving.ask(letter.subscriber, parse_address("bora@new.example.org"), "preferences")
    assert wish is not None
    moving.move(wish)
    bounce = an_event(letter, "bounce", type="bounce", status="5.1.1")
    assert post([bounce]).json() == {"stored": 1, "known": 0, "skipped": {}}
    assert suppressed("bora@example.com")
    assert not suppressed("bora@new.example.org")
    letter.subscriber.refresh_from_db()
    assert gets(letter.subscriber)


def test_soft_bounces_of_a_former_mailbox_do_not_count_against_the_new_one(letter):
    for days in (20, 40, 60, 80):
        earlier_letter(letter, days, SOFT)
    wish = moving.ask(letter.subscriber, parse_address("bora@new.example.org"), "preferences")
    assert wish is not None
    moving.move(wish)
    Delivery.objects.filter(pk=letter.pk).update(changed_at=clock.now())
    post([an_event(letter, "bounce", type="bounce", status="4.2.2")])
    assert not suppressed("bora@new.example.org")
