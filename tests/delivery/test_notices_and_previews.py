"""Letters that are not issues, and looks at an issue before it leaves."""

import email
from datetime import timedelta
from email import policy

import pytest
import time_machine
from django.db import connection

from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.delivery import notices, preview
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    NeverOffered,
    NotHandedOver,
    PermanentSendError,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.letters import site
from newsletter.delivery.models import Batch, Delivery, Notice
from newsletter.issues import editing
from newsletter.render.compile import compile_issue
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import Mailbox, readers
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db
CONFIRM = {"confirm_url": "https://news.example.org/c/3k.abc/"}


def a_notice(kind="confirm", **context):
    return notices.queue(
        kind, address="new@example.com", language=Language.KOREAN, context=context or CONFIRM
    )


def later(notice):
    Notice.objects.filter(pk=notice.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def test_a_notice_leaves_once_however_often_its_task_runs():
    notice, way = a_notice(), Mailbox()
    for _ in range(3):
        notices.deliver(notice.pk, way)
    assert way.addresses == ["new@example.com"]
    notice.refresh_from_db()
    assert notice.status == "accepted"
    assert CONFIRM["confirm_url"] in way.letters[0].mail.html


def test_what_a_notice_said_is_forgotten_once_it_has_left():
    notice = a_notice()
    notices.deliver(notice.pk, Mailbox())
    notice.refresh_from_db()
    assert notice.context == {}


def test_a_notice_is_automatic_mail_and_no_newsletter():
    way = Mailbox()
    notices.deliver(a_notice().pk, way)
    assert (way.letters[0].bulk, way.letters[0].list_id) == (False, "")


@pytest.mark.parametrize("error", [TransientSendError("451"), HaltSending("401")])
def test_a_notice_that_was_put_off_is_tried_again_later_and_not_before(error):
    notice, way = a_notice(), Mailbox()
    way.answers = {1: error}
    notices.deliver(notice.pk, way)
    notices.deliver(notice.pk, way)
    assert way.handed == 1
    assert notices.due() == []
    later(notice)
    assert notices.due() == [notice.pk]
    notices.deliver(notice.pk, way)
    assert way.addresses == ["new@example.com"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(PermanentSendError("550"), "rejected"), (AmbiguousSendError("no answer"), "uncertain")],
)
def test_a_notice_that_was_refused_or_is_in_doubt_is_not_repeated(error, status):
    notice, way = a_notice(), Mailbox()
    way.answers = {1: error}
    notices.deliver(notice.pk, way)
    later(notice)
    notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, notice.reason, way.handed) == (status, error.reason, 1)
    assert (notice.context, notices.due()) == ({}, [])


@pytest.mark.parametrize(
    "error",
    [Unavailable("503"), Throttled("429", 90.0), NotHandedOver("later"), HaltSending("401")],
)
def test_an_outage_of_a_day_uses_up_no_attempt_of_a_notice(error):
    notice, way = a_notice(), Mailbox()
    way.answers = dict.fromkeys(range(1, 101), error)
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(100):
            notices.deliver(notice.pk, way)
            travel.shift(timedelta(minutes=15))
            assert notices.due() == [notice.pk]
        notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, way.handed) == ("accepted", 101)


def test_a_notice_waits_as_long_as_the_provider_asked():
    notice, way = a_notice(), Mailbox()
    way.answers = {1: Throttled("429", 90.0)}
    with time_machine.travel(clock.now(), tick=False) as travel:
        notices.deliver(notice.pk, way)
        for seconds, handed in ((0, 1), (89, 1), (2, 2)):
            travel.shift(timedelta(seconds=seconds))
            notices.deliver(notice.pk, way)
            assert way.handed == handed


def test_a_notice_that_nobody_waits_for_any_more_is_given_up():
    notice, way = a_notice(), Mailbox()
    way.answers = dict.fromkeys(range(1, 9), Unavailable("503"))
    for days in (0, 2, 4, 6):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, notice.reason, way.handed) == ("rejected", "gave up: 503", 3)


def test_a_server_that_puts_a_notice_off_is_asked_more_and_more_seldom():
    notice, way = a_notice(), Mailbox()
    way.answers = dict.fromkeys(range(1, 9), TransientSendError("451"))
    waits = []
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(5):
            notices.deliver(notice.pk, way)
            notice.refresh_from_db()
            waits.append((notice.lease_until - clock.now()).total_seconds())
            travel.shift(timedelta(hours=1))
    assert waits == [40, 80, 160, 320, 640]


def test_of_two_workers_that_take_a_notice_at_the_same_instant_one_sends_it():
    notice, way, others = a_notice(), Mailbox(), []

    def meanwhile(execute, sql, params, many, context):
        """Another worker takes it between the look of the first one and its claim."""
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not others:
            others.append(way)
            notices.deliver(notice.pk, way)
        return result

    with connection.execute_wrapper(meanwhile):
        notices.deliver(notice.pk, way)
    assert way.handed == 1


def test_a_notice_is_given_up_in_the_end():
    notice, way = a_notice(), Mailbox()
    way.answers = dict.fromkeys(range(1, 100), TransientSendError("451"))
    for _ in range(20):
        notices.deliver(notice.pk, way)
        later(notice)
    notice.refresh_from_db()
    assert (notice.status, way.handed) == ("rejected", notices.MAX_ATTEMPTS)


def test_a_notice_whose_words_are_missing_does_not_come_back_for_ever():
    notice, way = a_notice("no-such-kind"), Mailbox()
    notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, way.handed) == ("rejected", 0)


def test_a_reader_who_was_erased_takes_their_notices_along():
    readers(1)
    reader = Subscriber.objects.get()
    notices.queue("welcome", address=reader.email, language=Language.KOREAN, subscriber=reader)
    reader.delete()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("kind", ["welcome", "goodbye", "new_link"])
def test_nothing_is_written_to_a_reader_who_complained(kind):
    readers(1)
    reader, way = Subscriber.objects.get(), Mailbox()
    notice = notices.queue(
        kind, address=reader.email, language=Language.KOREAN, subscriber=reader, context={}
    )
    suppression.suppress(parse_address(reader.email), "complaint")
    notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, notice.reason, way.handed) == ("skipped", "suppressed", 0)
    assert notices.due() == []


def test_a_preview_to_a_suppressed_mailbox_is_told_and_not_sent():
    suppression.suppress(parse_address("never@example.com"), "complaint")
    issue, way = a_weekly(), Mailbox()
    outcomes = preview.send_preview(
        issue, ["never@example.com", "a@example.com"], Language.KOREAN, way
    )
    assert [type(outcome.result) for outcome in outcomes] == [NeverOffered, SendReceipt]
    assert way.addresses == ["a@example.com"]


def test_a_preview_from_the_desk_is_kept_until_it_has_left_and_tells_how_it_ended(backend, inbox):
    issue = a_weekly()
    notices.preview_of(issue, ["minji@example.com", "sora@example.com"], Language.ENGLISH)
    assert [one.status for one in notices.previews_of(issue, 5)] == ["queued", "queued"]
    for one in notices.previews_of(issue, 5):
        notices.deliver(one.pk, backend)
        notices.deliver(one.pk, backend)
    assert [one.status for one in notices.previews_of(issue, 5)] == ["accepted", "accepted"]
    (message,) = inbox.messages(to="sora@example.com")
    assert message.subject.startswith("[미리보기] ")
    mail = email.message_from_bytes(inbox.message(message.id).raw, policy=policy.default)
    assert mail["List-Unsubscribe"].endswith("/u/preview>")
    assert not Delivery.objects.exists()


def test_a_preview_that_was_refused_says_why():
    issue, way = a_weekly(), Mailbox()
    way.answers = {1: PermanentSendError("rcpt 550")}
    notices.preview_of(issue, ["a@example.com"], Language.KOREAN)
    notices.deliver(notices.previews_of(issue, 1)[0].pk, way)
    (told,) = notices.previews_of(issue, 5)
    assert (told.status, told.reason) == ("rejected", "rcpt 550")


def test_a_preview_to_a_reader_is_erased_with_them():
    readers(1)
    reader, way = Subscriber.objects.get(), Mailbox()
    issue = a_weekly()
    notices.preview_of(issue, [reader.email.upper(), "minji@example.com"], Language.KOREAN)
    for one in notices.previews_of(issue, 5):
        notices.deliver(one.pk, way)
    assert way.handed == 2
    subscriptions.erase(reader)
    assert [one.address for one in notices.previews_of(issue, 5)] == ["minji@example.com"]


def test_to_whom_previews_went_is_forgotten_after_a_month():
    issue = a_weekly()
    notices.preview_of(issue, ["old@example.com"], Language.KOREAN)
    Notice.objects.update(created_at=clock.now() - timedelta(days=31))
    notices.preview_of(issue, ["new@example.com"], Language.KOREAN)
    a_notice()
    notices.forget_previews()
    assert sorted(Notice.objects.values_list("address", flat=True)) == ["new@example.com"] * 2


def test_f31_a_preview_changes_no_row_and_says_what_it_is():
    issue, way = a_weekly(), Mailbox()
    readers(2)
    outcomes = preview.send_preview(issue, ["b@example.com", "a@example.com"], Language.KOREAN, way)
    assert [type(outcome.result) for outcome in outcomes] == [SendReceipt, SendReceipt]
    assert way.addresses == ["b@example.com", "a@example.com"]
    assert way.letters[0].subject_prefix == "[미리보기] "
    assert not Delivery.objects.exists()
    assert not Batch.objects.exists()
    issue.refresh_from_db()
    assert (issue.state, issue.revision) == ("draft", None)


def test_a_preview_arrives_with_its_mark_and_links_that_name_nobody(backend, inbox):
    issue, before = a_weekly(), inbox.count()
    preview.send_preview(issue, ["editor@example.com"], Language.ENGLISH, backend)
    (message, *_) = inbox.messages(to="editor@example.com")
    assert inbox.count() == before + 1
    mail = compile_issue(editing.content_of(issue).in_full(), Language.ENGLISH, site())
    assert message.subject == f"[미리보기] {mail.subject}"
    mail = email.message_from_bytes(inbox.message(message.id).raw, policy=policy.default)
    assert mail["List-Unsubscribe"].endswith("/u/preview>")
    assert "__" not in mail.get_body(("plain",)).get_content()


def test_an_outcome_belongs_to_its_address_even_when_one_is_refused(backend):
    addresses = ["a@example.com", "not an address", "b@example.com"]
    outcomes = preview.send_preview(a_weekly(), addresses, Language.KOREAN, backend)
    assert [type(o.result) for o in outcomes] == [SendReceipt, NeverOffered, SendReceipt]


def test_a_whole_message_can_be_looked_at_without_sending_it():
    raw = preview.message_bytes(editing.content_of(a_weekly()), Language.KOREAN)
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
