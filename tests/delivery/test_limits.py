"""Limits that all workers share: how many letters leave in a second, an hour, a day."""

import time
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connections

from newsletter.common.errors import ConfigurationError
from newsletter.delivery import allowances, limits, sending
from newsletter.delivery.allowances import Limit, Period
from newsletter.delivery.backends.base import (
    HaltSending,
    PermanentSendError,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Allowance, Batch, Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import Mailbox, a_message, an_issue_being_sent, deliver_all
from tests.races import Other, just_before

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)  # noon in Seoul


@pytest.fixture
def no_redis(settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def at(hour, minute=0, day=21):
    return time_machine.travel(datetime(2026, 11, day, hour, minute, tzinfo=UTC), tick=False)


def test_without_limits_nothing_is_counted(settings):
    settings.MAIL_LIMITS = settings.MAILBOX_LIMITS = settings.WARM_UP = ""
    assert limits.ask(250).number == 250
    assert not Allowance.objects.exists()


def test_a_day_lets_so_many_out_and_the_next_day_the_rest(settings):
    settings.MAIL_LIMITS = "12/d"
    issue, way = an_issue_being_sent(30), Mailbox(slice_size=5)
    with time_machine.travel(NOON, tick=False):
        told = deliver_all(way, issue)
        assert (told.accepted, told.queued, told.sending) == (12, 18, 0)
        batch = Batch.objects.get()
        assert batch.not_before == datetime(2026, 11, 21, 15, tzinfo=UTC), "midnight in Seoul"
        assert batches_to_publish(issue.pk) == []
    with at(15, 1):
        assert deliver_all(way, issue).accepted == 24
    with at(15, 1, day=22):
        assert deliver_all(way, issue).accepted == 30
    assert len(set(way.accepted)) == 30


def test_what_was_granted_and_not_used_is_for_others(settings):
    settings.MAIL_LIMITS = "100/h"
    issue, way = an_issue_being_sent(7), Mailbox(slice_size=50)
    way.answers = {2: PermanentSendError("rcpt 550")}
    with time_machine.travel(NOON, tick=False):
        deliver_all(way, issue)
        assert Allowance.objects.get(limit="all/h").used == 7, (
            "one that was refused was handed over as well"
        )
        assert limits.ask(250).number == 93


def test_the_tightest_limit_decides_and_the_others_keep_what_it_refused(settings):
    settings.MAIL_LIMITS = "40/h 10/d"
    with time_machine.travel(NOON, tick=False):
        assert limits.ask(25).number == 10
        used = dict(Allowance.objects.values_list("limit", "used"))
    assert used == {"all/h": 10, "all/d": 10}


def test_counts_survive_a_restart_for_they_are_rows(settings, no_redis):
    settings.MAIL_LIMITS = "10/s 100/h"
    with time_machine.travel(NOON, tick=False):
        assert [limits.ask(6).number for _ in range(3)] == [6, 4, 0]
    with at(3, 1):
        assert limits.ask(6).number == 6


@pytest.mark.parametrize(("day", "most"), [(20, 200), (21, 200), (22, 500), (23, 1000), (24, 5000)])
def test_a_new_address_is_warmed_up_day_by_day(settings, day, most):
    settings.WARM_UP = "2026-11-21 200 500 1000"
    with at(3, day=day):
        assert limits.ask(5000).number == most


def test_one_mailbox_provider_has_its_limit_and_the_others_go_on(settings, no_redis):
    settings.MAILBOX_LIMITS = "gmail 3/h, naver 2/d"
    issue, way = an_issue_being_sent(12), Mailbox(slice_size=20)
    for number, reader in enumerate(Subscriber.objects.order_by("pk")):
        domain = ("gmail.com", "naver.com", "example.com")[number % 3]
        Subscriber.objects.filter(pk=reader.pk).update(email=f"r{number}@{domain}")
    with time_machine.travel(NOON, tick=False):
        told = deliver_all(way, issue)
    reached = [address.partition("@")[2] for address in way.addresses]
    assert {domain: reached.count(domain) for domain in reached} == {
        "example.com": 4,
        "gmail.com": 3,
        "naver.com": 2,
    }
    assert (told.accepted, told.queued) == (9, 3)


def test_the_domains_of_one_provider_share_its_limit(settings, no_redis):
    settings.MAILBOX_LIMITS = "kakao 2/h"
    messages = [
        a_message(number, address=f"r@{domain}")
        for number, domain in enumerate(("daum.net", "hanmail.net", "kakao.com"))
    ]
    with time_machine.travel(NOON, tick=False):
        turn = limits.ask_mailboxes(messages)
    assert (len(turn.now), len(turn.later), turn.seconds) == (2, 1, 3600)


def test_a_domain_has_a_limit_of_its_own_and_leaves_its_providers_alone(settings, no_redis):
    settings.MAILBOX_LIMITS = "other 2/h, example.com 1/h"
    domains = ("example.com", "Example.com", "example.net", "example.org", "example.co.kr")
    messages = [a_message(number, address=f"r@{domain}") for number, domain in enumerate(domains)]
    with time_machine.travel(NOON, tick=False):
        turn = limits.ask_mailboxes(messages)
    assert [message.delivery_id for message in turn.now] == [0, 2, 3]
    assert [message.delivery_id for message in turn.later] == [1, 4]


@pytest.mark.parametrize(
    "trouble", [Unavailable("http 503"), Throttled("http 429", 20.0), HaltSending("http 401")]
)
def test_what_no_server_saw_uses_up_nothing_of_any_limit(settings, trouble):
    settings.MAIL_LIMITS = "30/d"
    settings.MAILBOX_LIMITS = "other 30/d"
    issue, way = an_issue_being_sent(10), Mailbox()
    way.answers = dict.fromkeys(range(1, 31), trouble)
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(10):
            deliver_all(way, issue)
            issue.refresh_from_db()
            if issue.state == "paused":
                sending.resume(issue.pk, "지은")
            travel.shift(timedelta(seconds=30))
    assert counts(issue).accepted == 10
    assert dict(Allowance.objects.values_list("limit", "used")) == {"all/d": 10, "other/d": 10}


def test_a_letter_that_was_held_for_its_provider_has_used_up_no_attempt(settings, no_redis):
    settings.MAILBOX_LIMITS = "other 1/d"
    issue, way = an_issue_being_sent(2), Mailbox()
    way.answers = {1: TransientSendError("rcpt 450")}
    with time_machine.travel(NOON, tick=False):
        deliver_all(way, issue)
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.parametrize("setting", ["MAIL_LIMITS", "MAILBOX_LIMITS", "WARM_UP"])
@pytest.mark.parametrize(
    "text", ["x", "12", "0/s", "12/y", "gmail", "gmail 12", "soon 1 2", "a.kr 9"]
)
def test_a_limit_that_means_nothing_is_refused_with_its_name(settings, setting, text):
    setattr(settings, setting, text)
    with pytest.raises(ConfigurationError) as refused:
        limits.check()
    assert refused.value.place == setting


@pytest.mark.parametrize(
    "text", [",", "2026-11-21", "2026-11-21 200 x", "2026-11-21 200 -5", "200 500"]
)
def test_a_warm_up_without_a_day_or_without_numbers_is_refused(settings, text):
    settings.WARM_UP = text
    with pytest.raises(ConfigurationError) as refused:
        limits.check()
    assert refused.value.place == "WARM_UP"


def test_seconds_are_counted_in_redis_by_all_together(redis_server):
    taken = in_one_second(
        lambda: eight_at_once(lambda: [allowances.take(FIFTY, 10) for _ in "abc"])
    )
    assert sum(map(sum, taken)) == 50
    assert not Allowance.objects.exists()


FIFTY = Limit("test-of-seconds/s", 50, Period.SECOND)


def in_one_second(act):
    """Do something again until no new second began meanwhile; return what came of it."""
    for _ in range(20):
        began = int(time.time())
        told = act()
        if int(time.time()) == began:
            return told
        # What it took of the second that began meanwhile is gone; the next one is whole.
        time.sleep(1 - time.time() % 1)
    raise AssertionError("it never took less than a second")


def eight_at_once(act):
    """Let eight threads do the same; return what each of them got."""
    told, threads = [], []

    def do():
        try:
            told.append(act())
        finally:
            connections.close_all()

    for _ in range(8):
        threads.append(Thread(target=do))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return told


def test_what_was_granted_in_one_hour_is_not_given_back_to_the_next(settings):
    settings.MAIL_LIMITS = "10/h"
    with time_machine.travel(NOON, tick=False) as travel:
        grant = limits.ask(8)
        travel.shift(timedelta(hours=1))
        assert limits.ask(6).number == 6
        grant.give_back(5)
        assert limits.ask(10).number == 4


def test_more_is_never_given_back_than_was_taken(settings):
    settings.MAIL_LIMITS = "10/h"
    with time_machine.travel(NOON, tick=False):
        limits.ask(3).give_back(9)
        assert limits.ask(20).number == 7


def test_a_limit_that_was_lowered_below_what_has_left_lets_nothing_out(settings):
    settings.MAIL_LIMITS = "10/h"
    with time_machine.travel(NOON, tick=False):
        assert limits.ask(8).number == 8
        settings.MAIL_LIMITS = "5/h"
        assert limits.ask(3).number == 0


def test_a_worker_waits_for_no_limit_longer_than_some_seconds(settings):
    """The next hour begins in eight seconds, and the lease lasts: its batch waits, and not the worker."""
    settings.MAIL_LIMITS = "2/h"
    settings.DELIVERY_LEASE_SECONDS = 60
    issue = an_issue_being_sent(3)
    with time_machine.travel(NOON - timedelta(seconds=8), tick=True):
        assert deliver_all(Mailbox(slice_size=1), issue).queued == 1
    assert abs(Batch.objects.get().not_before - NOON) < timedelta(seconds=1)


def test_a_worker_whose_lease_ends_sooner_does_not_wait_for_a_limit(settings):
    """Three seconds until the next hour, of a lease that is safe for one."""
    settings.MAIL_LIMITS = "2/h"
    settings.DELIVERY_LEASE_SECONDS = 6
    issue, way = an_issue_being_sent(3), Mailbox(slice_size=1)
    with time_machine.travel(NOON - timedelta(seconds=3), tick=True):
        assert deliver_all(way, issue).queued == 1
    assert abs(Batch.objects.get().not_before - NOON) < timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_count_in_the_database_at_one_moment_neither_takes_what_the_other_took():
    limit, taken = Limit("all/h", 15, Period.HOUR), []
    allowances.take(limit, 0)  # so that its row is there
    other = Other(lambda: taken.append(allowances.take(limit, 10)))
    with just_before('UPDATE "delivery_allowance"', other.begin):
        taken.append(allowances.take(limit, 10))
    other.end()
    assert sorted(taken) == [5, 10]


@pytest.mark.django_db(transaction=True)
def test_without_redis_the_database_counts_as_exactly(no_redis):
    limit = Limit("all/h", 45, Period.HOUR)
    with time_machine.travel(NOON, tick=False):
        taken = eight_at_once(lambda: allowances.take(limit, 10))
    assert sorted(taken) == [0, 0, 0, 5, 10, 10, 10, 10]
