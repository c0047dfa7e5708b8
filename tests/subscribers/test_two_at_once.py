"""Two presses of one reader, or two visitors, at the same moment: as if one had come after the other."""

import pytest

from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import Refused
from newsletter.subscribers import limits, moving, subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import AddressChange, Subscriber, SubscriberStatus
from tests.races import meanwhile
from tests.readers import BOTH, a_reader, acts, gets, reader_at

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "bora@example.com", "bora@new.example.org"
THERE = parse_address(NEW)


def a_wish(reader, email=NEW):
    wish = moving.ask(reader, parse_address(email), "preferences")
    assert wish is not None
    return wish


def as_another_has_it(row):
    """The same row, read before anything happened to it."""
    return type(row).objects.get(pk=row.pk)


def leave(reader):
    return lambda: subscriptions.leave(reader, "one-click")


def test_a_second_press_with_an_old_page_moves_nobody_again():
    reader = a_reader(OLD)
    wish = a_wish(reader)
    old = as_another_has_it(wish)
    assert moving.move(wish) == parse_address(OLD)
    assert moving.move(old) is None
    assert reader_at(NEW) == reader
    assert acts(reader).count("moved") == 1


def test_two_presses_at_once_move_a_reader_once():
    reader = a_reader(OLD)
    wish = a_wish(reader)
    old = as_another_has_it(wish)
    second = meanwhile(lambda: moving.move(wish), lambda: moving.move(old))
    assert (second.error, second.result) == (None, None)
    assert reader_at(NEW) == reader
    assert acts(reader).count("moved") == 1
    assert AddressChange.objects.get().former_hash == reader.address_hash


def test_who_leaves_at_this_moment_is_not_moved_any_more():
    reader = a_reader(OLD)
    wish = a_wish(reader)
    second = meanwhile(leave(reader), lambda: moving.move(wish))
    assert isinstance(second.error, Refused)
    assert second.error.code == "address.left"
    assert reader_at(OLD) == reader


def test_who_leaves_at_this_moment_asks_for_no_other_address():
    reader = a_reader(OLD)
    second = meanwhile(leave(reader), lambda: moving.ask(reader, THERE, "preferences"))
    assert isinstance(second.error, Refused)
    assert second.error.code == "address.left"
    assert not AddressChange.objects.exists()


def test_a_wish_that_is_withdrawn_at_this_moment_moves_nobody():
    reader = a_reader(OLD)
    wish = a_wish(reader)
    second = meanwhile(lambda: moving.withdraw(reader), lambda: moving.move(wish))
    assert second.error is not None
    assert reader_at(OLD) == reader
    assert not AddressChange.objects.exists()


def test_two_wishes_at_once_leave_one_that_is_open():
    reader = a_reader(OLD)
    second = meanwhile(lambda: a_wish(reader, "first@example.org"), lambda: a_wish(reader))
    assert second.error is None
    assert [wish.email for wish in AddressChange.objects.all()] == [NEW]


def confirmed_more(reader):
    """A reader of the Weekly asks for the Daily too, and presses that button."""
    subscriptions.sign_up(parse_address(OLD), [Cadence.DAILY], Language.KOREAN, "", "form")
    return lambda: subscriptions.confirm(reader)


@pytest.mark.parametrize(
    "prepared",
    [
        lambda reader: lambda: subscriptions.step_down(reader, "unsubscribe page"),
        leave,
        confirmed_more,
    ],
    ids=["step down", "leave", "confirm"],
)
def test_a_leave_is_not_undone_by_what_is_pressed_at_the_same_moment(prepared):
    reader = a_reader(OLD, *BOTH)
    second = prepared(reader)
    meanwhile(leave(reader), second)
    reader.refresh_from_db()
    assert (reader.status, gets(reader)) == (SubscriberStatus.LEFT, set())
    assert acts(reader).count("withdrawn") == 1
    assert acts(reader)[-1] == "withdrawn"


def test_a_change_and_a_step_down_at_once_end_as_the_later_one_says():
    reader = a_reader(OLD, Cadence.DAILY)
    meanwhile(
        lambda: subscriptions.change(reader, BOTH, Language.ENGLISH, "보라"),
        lambda: subscriptions.step_down(reader, "unsubscribe page"),
    )
    assert gets(reader) == {"weekly"}
    assert Subscriber.objects.get(pk=reader.pk).language == Language.ENGLISH


def test_of_two_requests_at_once_one_mail_is_admitted():
    second = meanwhile(
        lambda: limits.admit_mail(THERE),
        lambda: limits.admit_mail(THERE),
    )
    assert (second.error, second.result) == (None, False)
    assert len(limits.mails_to(THERE)) == 1
