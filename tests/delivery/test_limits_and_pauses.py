"""F11, F12 and F32: a backend that is down or asks to wait is left alone by all together."""

from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
import time_machine

from newsletter.common import clock
from newsletter.delivery import pauses
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    Outcome,
    PermanentSendError,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.backends.failover import FailoverBackend
from newsletter.delivery.backends.guard import GuardedBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from tests.delivery.given import Mailbox, a_letter, a_message, an_issue_being_sent

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)


class Provider(Mailbox):
    """A mailbox that can be down; ``asked`` are the moments at which it was."""

    def __init__(self, **options):
        super().__init__(**options)
        self.trouble, self.asked = None, []

    def send(self, letter, messages, *, until=float("inf")):
        if self.trouble is None:
            yield from super().send(letter, messages, until=until)
            return
        refused = [Outcome(message.delivery_id, self.trouble) for message in messages]
        self.asked += [clock.now()] * bool(refused)
        yield from refused


def results(way, count=5):
    outcomes = list(way.send(a_letter(), [a_message(n) for n in range(1, count + 1)]))
    assert sorted(o.delivery_id for o in outcomes) == list(range(1, count + 1))
    return {outcome.delivery_id: outcome.result for outcome in outcomes}


def kinds(told):
    return [type(told[number]) for number in sorted(told)]


def run(way, issue, seconds, start=NOON, step=5):
    """Let workers pass by every few seconds, as the reconciler makes them."""
    for passed in range(0, seconds, step):
        with time_machine.travel(start + timedelta(seconds=passed), tick=False):
            for batch_id in batches_to_publish(issue.pk):
                deliver_batch(batch_id, way)
            issue.refresh_from_db()
            if issue.state == "sent":
                return passed
    return None


def test_f12_an_outage_of_ten_minutes_meets_few_requests_and_loses_nothing(settings):
    settings.DELIVERY_BATCH_SIZE = 5
    issue, provider = an_issue_being_sent(40), Provider(slice_size=5)
    way = GuardedBackend(provider)
    provider.trouble = Unavailable("http 503")
    assert run(way, issue, 600) is None
    assert 10 <= len(provider.asked) <= 30
    provider.trouble = None
    back = run(way, issue, 60, start=NOON + timedelta(seconds=600))
    assert back is not None, "all is sent within a minute"
    told = counts(issue)
    assert (told.accepted, told.rejected, told.balances) == (40, 0, True)
    assert len(set(provider.accepted)) == 40
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_f12_where_every_other_request_fails_all_letters_arrive_in_the_end(settings):
    settings.DELIVERY_BATCH_SIZE = 10
    issue, provider = an_issue_being_sent(60), Provider(slice_size=5)
    fails = cycle("x.xx..x.")
    inner = provider.send

    def flaky(letter, messages, *, until=float("inf")):
        provider.trouble = Unavailable("http 500") if next(fails) == "x" else None
        yield from inner(letter, messages, until=until)

    provider.send = flaky
    assert run(GuardedBackend(provider), issue, 3600) is not None
    assert counts(issue).accepted == 60
    assert len(set(provider.accepted)) == 60


@pytest.mark.parametrize(("asked", "waits"), [(90.0, 90), (10.0**9, 600)])
def test_f11_everybody_waits_as_long_as_the_provider_asked_and_ten_minutes_at_most(asked, waits):
    provider, other = Provider(), Provider()
    provider.trouble = Throttled("http 429", asked)
    with time_machine.travel(NOON, tick=False):
        results(GuardedBackend(provider))
        assert pauses.ask("mailbox").seconds == waits
    with time_machine.travel(NOON + timedelta(seconds=waits - 1), tick=False):
        assert kinds(results(GuardedBackend(other))) == [Throttled] * 5
        assert other.handed == 0, "another worker asks nothing before the time"
    with time_machine.travel(NOON + timedelta(seconds=waits + 1), tick=False):
        assert kinds(results(GuardedBackend(other))) == [SendReceipt] * 5


@pytest.mark.parametrize("asked", [None, 0.0, -60.0])
def test_f11_a_wish_that_means_nothing_becomes_a_wait_of_our_own(asked):
    provider = Provider()
    provider.trouble = Throttled("http 429", asked)
    with time_machine.travel(NOON, tick=False):
        results(GuardedBackend(provider))
        assert 4 <= pauses.ask("mailbox").seconds <= 5


def test_f11_no_attempt_is_used_up_by_waiting():
    issue, provider = an_issue_being_sent(10), Provider()
    provider.trouble = Throttled("http 429", 30.0)
    run(GuardedBackend(provider), issue, 25)
    assert set(Delivery.objects.values_list("status", "attempts")) == {("queued", 0)}
    assert len(provider.asked) == 1


def test_after_a_pause_one_worker_tries_with_one_letter():
    provider = Provider()
    with time_machine.travel(NOON, tick=False):
        pauses.pause_until("mailbox", NOON + timedelta(seconds=20))
    with time_machine.travel(NOON + timedelta(seconds=21), tick=False):
        first, second = pauses.ask("mailbox"), pauses.ask("mailbox")
        assert (bool(first.trial), first.seconds) == (True, 0)
        assert second.trial is None
        assert second.seconds > 0
        pauses.works_again("mailbox", first.trial)
        assert pauses.ask("mailbox") == pauses.Admission()
    with time_machine.travel(NOON + timedelta(seconds=100), tick=False):
        pauses.pause_until("mailbox", NOON + timedelta(seconds=110))
    provider.trouble = Unavailable("connect")
    with time_machine.travel(NOON + timedelta(seconds=111), tick=False):
        told = results(GuardedBackend(provider))
    assert kinds(told) == [Unavailable, *[Throttled] * 4]
    assert all(told[number].retry_after for number in told)


def test_a_worker_that_dies_in_its_trial_leaves_it_to_another():
    with time_machine.travel(NOON, tick=False):
        pauses.pause_until("mailbox", NOON + timedelta(seconds=20))
    with time_machine.travel(NOON + timedelta(seconds=21), tick=False):
        assert pauses.ask("mailbox").trial
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        assert pauses.ask("mailbox").trial


def test_of_two_wishes_the_later_one_counts():
    with time_machine.travel(NOON, tick=False):
        pauses.pause_until("mailbox", NOON + timedelta(seconds=60))
        pauses.pause_until("mailbox", NOON + timedelta(seconds=5))
        assert pauses.ask("mailbox").seconds == 60


def test_f10_a_backend_that_leaves_all_in_doubt_is_left_alone_too():
    provider = Provider()
    provider.trouble = AmbiguousSendError("no answer")
    results(GuardedBackend(provider))
    assert pauses.ask("mailbox").seconds > 0


def test_a_letter_put_off_for_its_readers_sake_pauses_nobody():
    provider = Provider()
    provider.answers = dict.fromkeys(range(1, 6), TransientSendError("rcpt 450"))
    assert kinds(results(GuardedBackend(provider))) == [TransientSendError] * 5
    assert pauses.ask("mailbox") == pauses.Admission()


def two(first_trouble=None):
    first, second = Provider(), Provider()
    first.name, second.name = "first", "second"
    first.trouble = first_trouble
    return first, second, FailoverBackend([GuardedBackend(first), GuardedBackend(second)])


@pytest.mark.parametrize("trouble", [Unavailable("connect"), Throttled("421"), HaltSending("401")])
def test_f32_what_the_first_backend_cannot_take_goes_to_the_second(trouble):
    first, second, way = two(trouble)
    assert kinds(results(way)) == [SendReceipt] * 5
    assert (len(first.accepted), len(second.accepted)) == (0, 5)


@pytest.mark.parametrize(
    "answer",
    [AmbiguousSendError("no answer"), PermanentSendError("550"), TransientSendError("rcpt 450")],
)
def test_f32_what_was_handed_over_or_refused_for_its_reader_stays(answer):
    first, second, way = two()
    first.answers = {3: answer}
    told = results(way)
    assert kinds(told) == [SendReceipt, SendReceipt, type(answer), SendReceipt, SendReceipt]
    assert second.handed == 0


def test_f32_in_the_middle_of_a_list_each_letter_leaves_once():
    first, second, way = two()
    issue = an_issue_being_sent(20)
    first.answers = {
        3: AmbiguousSendError("reset"),
        **dict.fromkeys(range(4, 99), Unavailable("x")),
    }
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    told = counts(issue)
    assert (told.accepted, told.uncertain) == (19, 1)
    arrived = [*first.accepted, *second.accepted]
    assert len(set(arrived)) == len(arrived) == 19


def test_where_both_rest_the_letters_wait():
    _, second, way = two(Unavailable("connect"))
    second.trouble = Unavailable("connect")
    assert kinds(results(way)) == [Unavailable] * 5
