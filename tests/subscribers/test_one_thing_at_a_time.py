"""What a reader changes alone is changed, all else stays, and so does everybody else."""

import pytest

from newsletter.common.cadence import Cadence, Language
from newsletter.subscribers import moving, subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import AddressChange, Subscriber
from tests.readers import a_reader, acts, gets

pytestmark = pytest.mark.django_db

NOW = {"cadences": {Cadence.WEEKLY}, "language": Language.KOREAN, "name": "보라"}


def all_of(reader):
    reader.refresh_from_db()
    return {"cadences": gets(reader), "language": reader.language, "name": reader.name}


@pytest.mark.parametrize(
    "changed",
    [
        {"language": Language.ENGLISH},
        {"name": "김보라"},
        {"name": ""},
        {"cadences": {Cadence.DAILY}},
        {"cadences": {Cadence.DAILY, Cadence.WEEKLY}},
        {},
    ],
    ids=["language", "name", "no name", "another issue", "one more", "nothing"],
)
def test_a_reader_changes_one_thing_and_keeps_all_else(changed):
    reader = a_reader("bora@example.com", Cadence.WEEKLY)
    subscriptions.change(reader, **{**NOW, **changed})
    assert all_of(reader) == {**NOW, **changed}
    assert acts(reader) == ["confirmed", *(["changed"] if "cadences" in changed else [])]


def test_who_chooses_nothing_leaves_and_keeps_language_and_name():
    reader = a_reader("bora@example.com", Cadence.WEEKLY)
    subscriptions.change(reader, set(), Language.ENGLISH, "김보라")
    assert all_of(reader) == {"cadences": set(), "language": Language.ENGLISH, "name": "김보라"}


def wishing(email, new):
    """A reader with an open wish, and the row that stands for the new address meanwhile."""
    reader = a_reader(email)
    wish = moving.ask(reader, parse_address(new), "preferences")
    assert wish is not None
    return reader, moving.mailbox_of(wish)


@pytest.mark.parametrize("withdrawn", [moving.withdraw, subscriptions.erase])
def test_who_withdraws_a_wish_takes_no_other_with_it(withdrawn):
    bora, there = wishing("bora@example.com", "bora@new.example.org")
    _, elsewhere = wishing("dami@example.com", "dami@new.example.org")
    asking = subscriptions.sign_up(
        parse_address("new@example.org"), [Cadence.WEEKLY], Language.KOREAN, "", "form"
    )
    withdrawn(bora)
    left = set(Subscriber.objects.values_list("pk", flat=True))
    assert there.pk not in left
    assert {elsewhere.pk, asking.pk} < left
    assert [wish.email for wish in AddressChange.objects.all()] == ["dami@new.example.org"]
