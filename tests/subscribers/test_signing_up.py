from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import BadInput, Refused
from newsletter.subscribers import subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.audience import audience
from newsletter.subscribers.models import Subscriber, SubscriberStatus
from tests.readers import BOTH, a_reader, acts, gets, reader_at

pytestmark = pytest.mark.django_db

BORA = parse_address("bora@example.com")


def sign_up(*cadences, address=BORA, language=Language.KOREAN):
    return subscriptions.sign_up(address, cadences, language, "", "form")


def test_asking_alone_gets_nobody_a_letter():
    reader = sign_up(Cadence.WEEKLY)
    assert reader.status == SubscriberStatus.PENDING
    assert not audience(Cadence.WEEKLY).exists()


def test_confirming_gives_what_was_asked_for():
    reader = sign_up(Cadence.WEEKLY, language=Language.ENGLISH)
    subscriptions.confirm(reader)
    assert list(audience(Cadence.WEEKLY)) == [reader]
    assert not audience(Cadence.DAILY).exists()
    assert reader_at("bora@example.com").language == Language.ENGLISH
    assert acts(reader) == ["asked", "confirmed"]


def test_confirming_twice_is_confirming_once():
    reader = sign_up(Cadence.WEEKLY)
    subscriptions.confirm(reader)
    subscriptions.confirm(reader)
    assert acts(reader) == ["asked", "confirmed"]


def test_somebody_must_choose_at_least_one_issue():
    with pytest.raises(BadInput) as refused:
        sign_up()
    assert refused.value.code == "cadence.missing"


def test_a_stranger_asking_for_a_reader_changes_nothing_until_the_reader_agrees():
    reader = a_reader("bora@example.com", Cadence.WEEKLY, language=Language.KOREAN)
    sign_up(Cadence.DAILY, language=Language.ENGLISH)
    assert gets(reader) == {"weekly"}
    assert reader_at("bora@example.com").language == Language.KOREAN
    assert subscriptions.asked_for(reader) == (Cadence.DAILY,)
    subscriptions.confirm(reader)
    assert gets(reader) == {"daily", "weekly"}


def test_an_old_button_does_not_bring_back_who_has_left():
    reader = sign_up(Cadence.WEEKLY)
    subscriptions.confirm(reader)
    subscriptions.leave(reader, "one-click")
    with pytest.raises(Refused) as refused:
        subscriptions.confirm(reader)
    assert refused.value.code == "confirm.used"
    assert gets(reader) == set()


def test_who_left_can_return_by_confirming_anew():
    reader = a_reader("bora@example.com", *BOTH)
    subscriptions.leave(reader, "one-click")
    assert subscriptions.ask_again(reader, "goodbye page") is not None
    assert gets(reader) == set()
    subscriptions.confirm(reader)
    assert gets(reader) == {"daily", "weekly"}


def test_s01_one_mailbox_gets_one_mail_a_day_and_three_in_all():
    now = clock.now()
    mails = []
    for day in range(6):
        with time_machine.travel(now + timedelta(days=day, minutes=1), tick=False):
            mails += [sign_up(Cadence.WEEKLY) is not None for _ in range(20)]
    assert sum(mails) == 3
    assert mails[0]
    assert not any(mails[1:20])


@pytest.mark.parametrize(
    "variant", ["b.o.r.a@gmail.com", "bora+1@gmail.com", "BORA@googlemail.com"]
)
def test_s01_variants_of_one_gmail_box_count_as_one(variant):
    assert sign_up(Cadence.WEEKLY, address=parse_address("bora@gmail.com"))
    assert sign_up(Cadence.WEEKLY, address=parse_address(variant)) is None
    assert Subscriber.objects.count() == 1


def test_after_a_click_the_mailbox_may_be_written_to_again():
    reader = sign_up(Cadence.WEEKLY)
    subscriptions.confirm(reader)
    subscriptions.leave(reader, "one-click")
    assert sign_up(Cadence.DAILY) == reader


def test_who_never_confirmed_is_forgotten_after_a_week():
    sign_up(Cadence.WEEKLY)
    kept = a_reader("kept@example.com")
    with time_machine.travel(clock.now() + timedelta(days=6)):
        assert subscriptions.forget_unconfirmed() == 0
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert subscriptions.forget_unconfirmed() == 1
    assert list(Subscriber.objects.all()) == [kept]


def test_s13_enrolling_never_raises_what_a_reader_agreed_to():
    reader = a_reader("bora@example.com", Cadence.WEEKLY)
    with pytest.raises(Refused) as refused:
        a_reader("Bora@example.com", *BOTH)
    assert refused.value.code == "subscriber.known"
    assert gets(reader) == {"weekly"}


def test_enrolling_does_not_bring_back_who_has_left():
    reader = a_reader()
    subscriptions.leave(reader, "one-click")
    with pytest.raises(Refused):
        a_reader()
    assert gets(reader) == set()
