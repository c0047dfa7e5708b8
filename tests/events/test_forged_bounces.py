"""Bounces and complaints that somebody made up, to silence a reader: what proves a letter, and what not."""

from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings

from newsletter.common import clock
from newsletter.delivery import message_ids, verp
from newsletter.delivery.message_ids import Form
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events import bounce_mailbox
from newsletter.events.kinds import EventKind, fold_all, standing
from newsletter.events.models import DeliveryFate, MessageEvent
from newsletter.subscribers import moving
from newsletter.subscribers.addresses import parse_address
from tests.events.given import (
    an_issue_that_left,
    earlier_letter,
    facts_of,
    reasons,
    suppressed,
)
from tests.events.notifications import a_complaint, a_dsn
from tests.readers import a_reader, gets

pytestmark = pytest.mark.django_db

EVE, BORA, DAMI = "eve@example.com", "bora@example.com", "dami@example.com"
NEW = "bora@new.example.org"


@pytest.fixture
def letters():
    """One issue, as it went to three readers; the first is up to no good."""
    return an_issue_that_left(EVE, BORA, DAMI)


def message_id(letter):
    return message_ids.of_delivery(letter.pk, letter.issue)


def former_message_id(letter):
    """As version 0.1.0 wrote it."""
    revision = letter.issue.revision.content_hash[:12]
    moment = int(letter.issue.started_at.timestamp() * 1000)
    return f"d{letter.pk}.{revision}.{moment:x}@{settings.PUBLICATION_DOMAIN}"


def return_path(letter, key=None):
    key = key or settings.SECRET_KEY
    return verp.return_path(letter.pk, "bounce@news.example.com", key.encode())


def with_number(own_id, number):
    return f"d{number}." + own_id.partition(".")[2]


def five_letters(letter):
    """The letters that the reader of ``letter`` had within eight days, that one among them."""
    Delivery.objects.filter(pk=letter.pk).update(id=letter.pk + 100)
    letter.pk += 100
    for days in (2, 4, 6, 8):
        earlier_letter(letter, days, fold_all([EventKind.ACCEPTED]))
    rows = Delivery.objects.filter(subscriber_id=letter.subscriber_id)
    assert rows.count() == 5
    return rows.select_related("issue__revision")


@pytest.mark.parametrize("own", [message_id, former_message_id], ids=["now", "of 0.1.0"])
def test_a_changed_number_in_ones_own_message_id_silences_nobody(letters, own):
    own_id, first = own(letters[EVE]), min(row.pk for row in letters.values())
    numbers = range(max(1, first - 36), max(1, first - 36) + 75)
    sent = count(1)
    for number in numbers:
        for victim in (EVE, BORA, DAMI):
            forged = with_number(own_id, number)
            bounce_mailbox.take(a_dsn(victim, message_id=forged, number=next(sent)))
    assert next(sent) == 226
    assert {row.pk for row in letters.values()} <= set(numbers)
    assert not suppressed(BORA)
    assert not suppressed(DAMI)
    assert {address for address, row in letters.items() if not gets(row.subscriber)} == set()


@pytest.mark.parametrize("returned_as", ["message/rfc822", "text/rfc822-headers"])
def test_who_bounces_by_their_own_message_id_is_suppressed_alone(letters, returned_as):
    mine = a_dsn(BORA, message_id=message_id(letters[BORA]), returned_as=returned_as)
    assert bounce_mailbox.take(mine)
    assert suppressed(BORA)
    assert not suppressed(EVE)


def test_ones_own_return_path_with_a_strangers_address_silences_only_oneself(letters):
    forged = a_dsn(BORA, to=return_path(letters[EVE]), message_id=message_id(letters[EVE]))
    assert bounce_mailbox.take(forged)
    assert suppressed(EVE)
    assert not suppressed(BORA)


def test_ones_own_return_path_does_not_lend_its_proof_to_another_letter(letters):
    forged = a_dsn(BORA, to=return_path(letters[EVE]), message_id=former_message_id(letters[BORA]))
    assert bounce_mailbox.take(forged)
    assert not suppressed(BORA)


def test_ones_own_message_id_with_a_strangers_address_tells_nothing(letters):
    told = f"Original-Rcpt-To: <{BORA}>\n"
    assert not bounce_mailbox.take(a_dsn(BORA, message_id=message_id(letters[EVE])))
    assert not bounce_mailbox.take(a_complaint(told=told, message_id=message_id(letters[EVE])))
    assert reasons() == []


@pytest.mark.parametrize("place", range(16))
def test_one_bit_changed_in_the_keyed_part_tells_nothing(letters, place):
    words = message_id(letters[BORA]).split(".")
    tag = words[2]
    words[2] = tag[:place] + chr(ord(tag[place]) ^ 1) + tag[place + 1 :]
    assert not bounce_mailbox.take(a_dsn(BORA, message_id=".".join(words)))
    assert MessageEvent.objects.count() == 0


def test_a_message_id_under_a_retired_key_still_counts_and_under_a_foreign_one_does_not(
    letters, settings
):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "the key of today " * 3
    settings.SECRET_KEY_FALLBACKS = [former]
    row = letters[BORA]
    under_today = message_id(row)
    settings.SECRET_KEY = former
    under_retired = message_id(row)
    assert under_today != under_retired
    assert not bounce_mailbox.take(a_dsn(BORA, message_id=under_today))
    settings.SECRET_KEY = "the key of today " * 3
    assert bounce_mailbox.take(a_dsn(BORA, message_id=under_retired))
    assert suppressed(BORA)


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("delayed", "4.4.1", EventKind.DEFERRED),
        ("relayed", "2.0.0", EventKind.ACCEPTED),
        ("delivered", "2.0.0", EventKind.DELIVERED),
        ("failed", "5.7.1", EventKind.BLOCKED),
        ("failed", "5.2.2", EventKind.DEFERRED),
        ("failed", "5.1.1", None),
    ],
)
def test_a_message_id_of_before_counts_for_soft_facts_only(letters, action, status, fate):
    letter = letters[BORA]
    dsn = a_dsn(
        BORA, message_id=former_message_id(letter), action=action, status=status, diagnostic=""
    )
    assert bounce_mailbox.take(dsn) == (fate is not None)
    known = DeliveryFate.objects.filter(delivery=letter)
    assert [standing(one.facts) for one in known] == ([fate] if fate else [])
    assert reasons() == []


def test_a_complaint_by_a_message_id_of_before_is_left_to_a_person(letters):
    told = f"Original-Rcpt-To: <{BORA}>\n"
    former = former_message_id(letters[BORA])
    assert not bounce_mailbox.take(a_complaint(told=told, message_id=former))
    assert reasons() == []


def test_soft_bounces_by_message_ids_of_before_never_add_up_to_a_suppression(letters):
    for number, row in enumerate(five_letters(letters[BORA])):
        former = message_ids.ever_of_delivery(row.pk, row.issue)
        plain = next(own for own, form in former.items() if form is Form.PLAIN)
        dsn = a_dsn(BORA, message_id=plain, status="4.2.2", diagnostic="", number=number)
        assert bounce_mailbox.take(dsn)
    assert not suppressed(BORA)


def test_the_same_soft_bounces_by_keyed_message_ids_do_add_up(letters):
    for number, row in enumerate(five_letters(letters[BORA])):
        own = message_ids.of_delivery(row.pk, row.issue)
        dsn = a_dsn(BORA, message_id=own, status="4.2.2", diagnostic="", number=number)
        assert bounce_mailbox.take(dsn)
    assert suppressed(BORA)


@pytest.mark.parametrize(
    ("own", "status"),
    [(message_id, DeliveryStatus.ACCEPTED), (former_message_id, DeliveryStatus.UNCERTAIN)],
    ids=["keyed", "of 0.1.0"],
)
def test_a_letter_in_doubt_is_settled_by_what_nobody_can_make_up_alone(own, status):
    letter = an_issue_that_left(BORA, status=DeliveryStatus.UNCERTAIN)[BORA]
    dsn = a_dsn(BORA, message_id=own(letter), action="delayed", status="4.4.1", diagnostic="")
    assert bounce_mailbox.take(dsn)
    letter.refresh_from_db()
    assert letter.status == status
    assert standing(facts_of(letter)) is EventKind.DEFERRED


def test_the_former_owner_of_a_mailbox_does_not_silence_the_one_after_them(letters):
    letter = letters[BORA]
    wish = moving.ask(letter.subscriber, parse_address(NEW), "preferences")
    assert wish is not None
    moving.move(wish)
    heir = a_reader(BORA)
    assert bounce_mailbox.take(a_dsn(BORA, to=return_path(letter)))
    assert not suppressed(BORA)
    assert not suppressed(NEW)
    assert gets(heir)


def test_a_bounce_of_the_new_owners_own_letter_counts_beside_one_of_the_former_owner(letters):
    letter = letters[BORA]
    wish = moving.ask(letter.subscriber, parse_address(NEW), "preferences")
    assert wish is not None
    moving.move(wish)
    heir = a_reader(BORA)
    later = Delivery.objects.create(
        issue=letter.issue,
        subscriber_id=heir.pk,
        language="ko",
        status=DeliveryStatus.ACCEPTED,
        changed_at=clock.now() + timedelta(seconds=1),
    )
    assert bounce_mailbox.take(a_dsn(BORA, to=return_path(later)))
    assert suppressed(BORA)


def test_a_notification_that_returns_thousands_of_letters_asks_the_database_for_few(
    letters, django_assert_max_num_queries
):
    made_up = ">\nMessage-ID: <".join(f"d{number}.a.1@localhost" for number in range(1, 3000))
    with django_assert_max_num_queries(20):
        assert not bounce_mailbox.take(a_dsn(BORA, message_id=made_up))
