"""The name of a letter: the same for each attempt, its own for each reader, known under every key."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery import message_ids
from newsletter.delivery.ledger import counts
from newsletter.delivery.message_ids import Form
from newsletter.delivery.models import Delivery
from newsletter.delivery.reconcile import reconcile
from newsletter.issues.models import Issue, Revision
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all
from tests.delivery.test_leases import killed_in_the_middle, quiet

# RFC 5322, 3.6.4: id-left is a dot-atom. RFC 5321, 4.5.3.1.1: 64 octets are always fine.
_ID_LEFT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
BEGUN = datetime(2026, 11, 30, 9, tzinfo=UTC)


def an_issue(revision: str = "0123456789ab" * 5, begun: datetime = BEGUN) -> Issue:
    return Issue(pk=1, revision=Revision(content_hash=revision), started_at=begun)


@given(st.integers(1, 2**63 - 1))
def test_a_message_id_is_short_and_as_rfc_5322_writes_it(delivery_id):
    left, _, domain = message_ids.of_delivery(delivery_id, an_issue()).partition("@")
    assert _ID_LEFT.fullmatch(left)
    assert len(left) <= 64
    assert domain == settings.PUBLICATION_DOMAIN


def test_each_letter_and_each_beginning_of_an_issue_has_a_message_id_of_its_own():
    later = BEGUN.replace(minute=1)
    made = [
        message_ids.of_delivery(pk, issue)
        for pk in (1, 11, 111)
        for issue in (an_issue(), an_issue(begun=later), an_issue("ab" * 32))
    ]
    tags = {name.split(".")[2] for name in made}
    assert len(tags) == len(made)
    assert message_ids.of_delivery(11, an_issue()) == made[3]


def test_every_way_a_letter_was_ever_named_is_known_and_how_much_it_proves(settings):
    former, settings.SECRET_KEY = settings.SECRET_KEY, "the key of today " * 3
    own = message_ids.of_delivery(7, an_issue())
    settings.SECRET_KEY_FALLBACKS = [former]
    settings.SECRET_KEY = former
    retired = message_ids.of_delivery(7, an_issue())
    settings.SECRET_KEY = "the key of today " * 3
    plain = f"d7.0123456789ab.{int(BEGUN.timestamp() * 1000):x}@{settings.PUBLICATION_DOMAIN}"
    ever = message_ids.ever_of_delivery(7, an_issue())
    assert ever == {own: Form.KEYED, retired: Form.KEYED, plain: Form.PLAIN}
    for name, form in ever.items():
        assert message_ids.form_of(name, 7, an_issue()) is form
        assert message_ids.form_of(name, 8, an_issue()) is None


class OfAnotherTime(Mailbox):
    """A receiving side that has its letters under the Message-IDs of another time."""

    def __init__(self, renamed: Callable[[int, Issue], str]) -> None:
        super().__init__(slice_size=2)
        self.renamed = renamed

    def under(self, issue: Issue) -> None:
        rows = Delivery.objects.filter(issue=issue, pk__in=[number(m) for m in self.accepted])
        self.accepted = [self.renamed(row.pk, issue) for row in rows]


def number(message_id: str) -> int:
    return int(message_id.partition(".")[0].removeprefix("d"))


def plain(pk: int, issue: Issue) -> str:
    ever = message_ids.ever_of_delivery(pk, issue)
    return next(name for name, form in ever.items() if form is Form.PLAIN)


def retired(pk: int, issue: Issue) -> str:
    ever = message_ids.ever_of_delivery(pk, issue)
    return [name for name, form in ever.items() if form is Form.KEYED][-1]


@pytest.mark.django_db
@pytest.mark.parametrize("renamed", [message_ids.of_delivery, plain, retired])
def test_a_letter_that_arrived_under_the_name_of_another_time_is_not_sent_again(settings, renamed):
    settings.SECRET_KEY_FALLBACKS = ["a key that was retired in the middle of it"]
    issue, way = an_issue_being_sent(6), OfAnotherTime(renamed)
    killed_in_the_middle(way, handed_over=2)
    way.under(issue)
    reconcile(way)
    quiet()
    reconcile(way)
    told = counts(issue)
    assert (told.accepted, told.uncertain) == (2, 0)
    assert deliver_all(way, issue).accepted == 6
    assert len(set(map(number, way.accepted))) == len(way.accepted) == 6
