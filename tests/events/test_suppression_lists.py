"""SendGrid's own suppression lists, read from a fake of its API on loopback."""

import time
from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.events import suppression_lists
from newsletter.events.models import ReadThrough
from newsletter.subscribers.models import Suppression
from newsletter.tasks import events as tasks
from tests.events.fake_suppressions import KEY, fake_lists
from tests.events.given import reasons, suppressed
from tests.readers import a_reader, gets

pytestmark = pytest.mark.django_db


@pytest.fixture
def lists(settings):
    with fake_lists() as lists:
        settings.MAIL_BACKEND = "sendgrid"
        settings.SENDGRID_BASE_URL = lists.url
        settings.SENDGRID_API_KEY = KEY
        yield lists


def entry(email, ago=60, **fields):
    return {"email": email, "created": int(time.time()) - ago, **fields}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("bounces", "bounced"), ("invalid_emails", "bounced"), ("spam_reports", "complained")],
)
def test_whom_the_provider_gave_up_we_give_up_too(lists, name, reason):
    lists.entries[name] = [entry("Bora@Example.com", status="5.1.1", reason="no such user")]
    assert suppression_lists.pull()[name] == 1
    assert suppressed("bora@example.com")
    assert reasons() == [reason]


def test_a_reader_keeps_the_hash_that_the_audience_joins_with(lists):
    reader = a_reader()
    lists.entries["bounces"] = [entry(reader.email)]
    suppression_lists.pull()
    assert Suppression.objects.get().address_hash == reader.address_hash


def test_a_block_suppresses_only_where_there_is_no_such_mailbox(lists):
    lists.entries["blocks"] = [
        entry("full@example.com", status="5.2.2"),
        entry("policy@example.com", status="5.7.1"),
        entry("route@example.com", status="4.0.0"),
        entry("gone@example.com", status="5.1.1"),
    ]
    assert suppression_lists.pull()["blocks"] == 4
    assert suppressed("gone@example.com")
    assert Suppression.objects.count() == 1


def test_who_unsubscribed_there_leaves_here(lists):
    reader = a_reader()
    lists.entries["unsubscribes"] = [entry(reader.email, ago=0), entry("nobody@example.com")]
    suppression_lists.pull()
    assert gets(reader) == set()
    assert reasons() == []


def test_who_came_back_since_stays(lists):
    reader = a_reader()
    lists.entries["unsubscribes"] = [entry(reader.email, ago=3600)]
    suppression_lists.pull()
    assert gets(reader) == {"daily", "weekly"}


def test_long_lists_are_read_page_by_page_to_their_end(lists):
    lists.entries["bounces"] = [entry(f"reader{n}@example.com") for n in range(1_203)]
    assert suppression_lists.pull()["bounces"] == 1_203
    assert Suppression.objects.count() == 1_203
    offsets = [query["offset"] for name, query in lists.asked if name == "bounces"]
    assert offsets == [0, 500, 1000]


def test_the_next_time_only_what_is_new_is_asked_for_with_an_hour_of_overlap(lists):
    lists.entries["bounces"] = [entry("old@example.com", ago=7200)]
    suppression_lists.pull()
    lists.entries["bounces"].append(entry("new@example.com", ago=600))
    assert suppression_lists.pull()["bounces"] == 1
    assert suppressed("new@example.com")


def test_a_list_that_cannot_be_read_is_asked_for_again_from_where_it_was(lists):
    lists.refuses["spam_reports"] = 503
    with pytest.raises(Refused, match="503"):
        suppression_lists.pull()
    assert set(ReadThrough.objects.values_list("name", flat=True)) == {"bounces", "invalid_emails"}
    lists.refuses.clear()
    lists.entries["spam_reports"] = [entry("bora@example.com", ago=10 * 365 * 86_400)]
    suppression_lists.pull()
    assert suppressed("bora@example.com")


def test_a_key_without_the_right_says_so_and_never_shows_itself(lists, settings, caplog):
    settings.SENDGRID_API_KEY = "SG.wrong"
    tasks.pull_suppressions()
    assert "401" in caplog.text
    assert "SG.wrong" not in caplog.text


def test_another_way_out_asks_nothing(lists, settings):
    settings.MAIL_BACKEND = "smtp"
    tasks.pull_suppressions()
    assert lists.asked == []


def test_odd_entries_are_passed_over(lists):
    now = clock.now() - timedelta(minutes=1)
    created = int(now.timestamp())
    lists.entries["bounces"] = [
        {"created": created},
        {"created": created, "email": None},
        entry("bora@example.com"),
    ]
    suppression_lists.pull()
    assert Suppression.objects.count() == 1
