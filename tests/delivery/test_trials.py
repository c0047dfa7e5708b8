"""After a pause one worker tries: what its trial may end, and what is no answer at all."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from newsletter.delivery import pauses
from newsletter.delivery.backends.base import (
    ConnectionBroke,
    HaltSending,
    NeverOffered,
    PermanentSendError,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.backends.failover import FailoverBackend
from newsletter.delivery.backends.guard import GuardedBackend
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery, Notice
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from newsletter.delivery.smtp_server import parse_server
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.delivery.given import Mailbox, a_letter, a_message, an_issue_being_sent
from tests.delivery.smtp_servers import Script, scripted_server

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture
def later():
    """A pause of five seconds is over, and somebody may try."""
    with time_machine.travel(NOON, tick=False) as travel:
        pauses.pause_until("mailbox", NOON + timedelta(seconds=5))
        travel.shift(timedelta(seconds=6))
        yield travel


def kinds(way, messages=5):
    if isinstance(messages, int):
        messages = [a_message(number) for number in range(1, messages + 1)]
    told = {o.delivery_id: type(o.result) for o in way.send(a_letter(), messages)}
    assert sorted(told) == sorted(message.delivery_id for message in messages)
    return [told[message.delivery_id] for message in messages]


def test_a_trial_that_went_well_does_not_end_a_wish_that_came_meanwhile(later):
    trial = pauses.ask("mailbox").trial
    pauses.failed("mailbox", "http 429", 600.0)
    pauses.works_again("mailbox", trial)
    assert pauses.ask("mailbox").seconds == 600


def test_a_trial_that_failed_does_not_shorten_a_wish_that_came_meanwhile(later):
    trial = pauses.ask("mailbox").trial
    pauses.failed("mailbox", "http 429", 600.0)
    pauses.failed("mailbox", "http 503", trial=trial)
    assert pauses.ask("mailbox").seconds == 600


def test_a_short_wish_that_came_during_a_trial_counts_too(later):
    trial = pauses.ask("mailbox").trial
    pauses.failed("mailbox", "http 429", 10.0)
    pauses.works_again("mailbox", trial)
    assert pauses.ask("mailbox").seconds >= 10


def test_who_comes_during_a_trial_looks_again_soon_and_does_not_wait_for_its_last_moment(later):
    trial = pauses.ask("mailbox").trial
    assert 0 < pauses.ask("mailbox").seconds <= 2
    pauses.works_again("mailbox", trial)
    assert pauses.ask("mailbox").seconds == 0


def test_a_trial_that_came_back_late_says_nothing_any_more(later):
    slow = pauses.ask("mailbox").trial
    later.shift(timedelta(seconds=31))
    second = pauses.ask("mailbox").trial
    pauses.works_again("mailbox", slow)
    assert pauses.ask("mailbox").seconds > 0
    pauses.works_again("mailbox", second)
    assert pauses.ask("mailbox") == pauses.Admission()


def test_of_two_that_ask_at_the_same_instant_one_may_try(later):
    others = []

    def meanwhile(execute, sql, params, many, context):
        """Another worker asks between the look of the first one and its claim."""
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not others:
            others.append(None)
            others[0] = pauses.ask("mailbox")
        return result

    with connection.execute_wrapper(meanwhile):
        first = pauses.ask("mailbox")
    assert [bool(asked.trial) for asked in (others[0], first)] == [True, False]


def test_who_was_let_in_again_is_kept_out_by_the_next_wish(later):
    pauses.works_again("mailbox", pauses.ask("mailbox").trial)
    pauses.pause_until("mailbox", NOON + timedelta(seconds=66))
    assert pauses.ask("mailbox").seconds == 60


def test_a_wish_that_is_shorter_than_an_earlier_one_says_how_long_that_still_is(later):
    pauses.works_again("mailbox", pauses.ask("mailbox").trial)
    waits = [pauses.pause_until("mailbox", NOON + timedelta(seconds=n)) for n in (66, 16)]
    assert waits == [60, 60]


def test_a_halt_is_news_of_a_way_out_that_rests_already_and_only_once(later):
    pauses.pause_until("mailbox", NOON + timedelta(seconds=66))
    assert [pauses.halted("mailbox", "http 401") for _ in range(2)] == [True, False]
    assert pauses.ask("mailbox").seconds == 600


@pytest.mark.parametrize("seconds", [601, 10**6, 10**9])
def test_no_wish_is_longer_than_ten_minutes(seconds):
    with time_machine.travel(NOON, tick=False):
        pauses.pause_until("a", NOON + timedelta(seconds=seconds))
        pauses.failed("b", "http 429", float(seconds))
        assert [pauses.ask(name).seconds for name in "ab"] == [600, 600]


def test_several_sites_do_not_come_back_in_step():
    waits = {pauses.failed(f"site {number}", "connect") for number in range(20)}
    assert len({round(seconds, 2) for seconds in waits}) > 5
    assert all(3.9 < seconds <= 5 for seconds in waits)


def test_a_trial_that_never_touched_the_wire_ends_no_pause():
    with fake_sendgrid() as sendgrid, time_machine.travel(NOON, tick=False) as travel:
        sendgrid.always = lambda handler: answer(handler, 503, {"errors": [{"message": "x"}]})
        way = GuardedBackend(SendGridBackend(KEY, sendgrid.url))
        pauses.pause_until("sendgrid", NOON + timedelta(seconds=5))
        travel.shift(timedelta(seconds=6))
        letters = [a_message(1, address="김하늘@예시.한국"), *map(a_message, range(2, 9))]
        assert kinds(way, letters) == [NeverOffered, Unavailable, *[Throttled] * 6]
        assert len(sendgrid.requests[0]["personalizations"]) == 1
        assert pauses.ask("sendgrid").seconds > 0


def test_a_trial_without_a_letter_that_could_tell_is_left_to_the_next_worker(later):
    way = Mailbox()
    way.answers = {1: NeverOffered("header.address")}
    assert kinds(GuardedBackend(way), 1) == [NeverOffered]
    assert kinds(GuardedBackend(way), 5) == [SendReceipt] * 5


@pytest.mark.parametrize("answer", [PermanentSendError("550"), TransientSendError("rcpt 450")])
def test_any_answer_of_the_server_ends_the_pause(later, answer):
    way = Mailbox()
    way.answers = {1: answer}
    assert kinds(GuardedBackend(way)) == [type(answer), *[SendReceipt] * 4]
    assert pauses.ask("mailbox") == pauses.Admission()


def test_after_a_trial_that_says_halt_nothing_more_is_handed_over(later):
    way = Mailbox()
    way.answers = dict.fromkeys(range(1, 9), HaltSending("http 401"))
    assert kinds(GuardedBackend(way)) == [HaltSending] * 5
    assert way.handed == 1


def test_a_letter_at_which_connections_break_does_not_keep_the_server_out(later):
    way = Mailbox()
    way.answers = {1: ConnectionBroke("connection lost")}
    assert kinds(GuardedBackend(way)) == [ConnectionBroke, *[SendReceipt] * 4]


def test_where_connections_break_at_any_letter_none_of_them_is_blamed(later):
    way = Mailbox()
    way.answers = dict.fromkeys(range(1, 9), ConnectionBroke("connection lost"))
    assert kinds(GuardedBackend(way)) == [Unavailable, Unavailable, *[Throttled] * 3]
    assert way.handed == 2
    assert pauses.ask("mailbox").seconds > 0


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("end", "454 4.7.0 Throttling failure: Maximum sending rate exceeded."),
        ("end", "421 4.7.28 rate limit"),
        ("mail", "452 4.3.1 insufficient system storage"),
        ("mail", None),
    ],
)
def test_however_long_an_smtp_server_asks_to_wait_no_letter_is_given_up(step, answer):
    class Busy(Script):
        def say(self, client, at, usual):
            if at == step:
                self.answers[(step, self.letter)] = answer
            return super().say(client, at, usual)

    issue, script = an_issue_being_sent(5), Busy()
    with scripted_server(script) as port, time_machine.travel(NOON, tick=False) as travel:
        url = f"smtp://127.0.0.1:{port}?tls=none&connections=1"
        way = GuardedBackend(SmtpBackend(parse_server(url, "x")))
        for _ in range(12):
            Batch.objects.update(not_before=None, published_at=None)
            for batch_id in batches_to_publish(issue.pk):
                deliver_batch(batch_id, way)
            travel.shift(timedelta(seconds=26))
        way.close()
    assert set(Delivery.objects.values_list("status", "attempts")) == {("queued", 0)}
    assert script.connections <= 3 + 12 * 6


def test_f14_a_way_out_that_halts_rests_and_the_editors_are_told_once(settings):
    settings.DELIVERY_BATCH_SIZE = 5
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    with fake_sendgrid() as sendgrid, time_machine.travel(NOON, tick=False) as travel:
        first = GuardedBackend(SendGridBackend("SG.wrong", sendgrid.url))
        way, issue = FailoverBackend([first, Mailbox(5, knows=False)]), an_issue_being_sent(100)
        for batch_id in batches_to_publish(issue.pk):
            deliver_batch(batch_id, way)
        assert counts(issue).accepted == 100
        assert len(sendgrid.requests) == 1
        for _ in range(3):
            travel.shift(timedelta(seconds=601))
            assert kinds(way) == [SendReceipt] * 5
    assert len(sendgrid.requests) == 4, "one trial in ten minutes"
    (notice,) = Notice.objects.all()
    assert "sendgrid" in notice.context["title"]
    assert "http 401" in notice.context["body"]


def test_f14_a_way_that_was_mended_is_used_again_and_its_next_halt_is_news(settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    first, second = Mailbox(), Mailbox()
    first.name, second.name = "first", "second"
    first.answers = {1: HaltSending("401"), 7: HaltSending("401")}
    way = FailoverBackend([GuardedBackend(first), GuardedBackend(second)])
    with time_machine.travel(NOON, tick=False) as travel:
        kinds(way, 1)
        assert pauses.ask("first").seconds == 600
        travel.shift(timedelta(seconds=601))
        kinds(way, 5)
        assert (len(first.accepted), len(second.accepted)) == (5, 1)
        kinds(way, 1)
    assert Notice.objects.count() == 2
