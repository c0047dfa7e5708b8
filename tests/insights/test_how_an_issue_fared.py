"""What the desk is told of an issue that has left, per mailbox provider, and the alarms."""

import json
from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery.models import Delivery, Notice
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.kinds import EventKind, fold_all
from newsletter.events.models import DeliveryFate
from newsletter.insights import reports, rollup
from newsletter.insights.models import RateAlarm, Rollup
from newsletter.insights.rates import Bar, Counts
from newsletter.issues.models import Issue
from newsletter.subscribers import subscriptions
from newsletter.subscribers.mailboxes import MailboxProvider, provider_of
from newsletter.tasks.events import roll_up_issue
from tests.commands.run import newsletter
from tests.events.given import an_event, an_issue_that_left, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unsigned(settings):
    settings.SENDGRID_WEBHOOK_KEY = []
    settings.EDITOR_ADDRESSES = ["minji@example.com"]


def tell(letter, *events, **fields):
    assert post([an_event(letter, event, **fields) for event in events], {}).status_code == 200


def report_of(letters):
    issue = next(iter(letters.values())).issue
    rollup.roll_up(issue)
    return reports.issue_report(issue)


def many(count, domain="naver.com"):
    """Letters of one issue to so many readers; the fates are told in bulk by ``fates``."""
    return an_issue_that_left(*[f"reader{n}@{domain}" for n in range(count)])


def fates(letters, *kinds):
    DeliveryFate.objects.all().delete()
    DeliveryFate.objects.bulk_create(
        DeliveryFate(delivery=letter, facts=fold_all(kinds)) for letter in letters
    )


def alarms():
    return list(Notice.objects.filter(kind="editor").order_by("pk"))


def test_every_accepted_letter_is_counted_as_one_thing():
    letters = an_issue_that_left(*[f"r{n}@naver.com" for n in range(6)])
    rows = list(letters.values())
    tell(rows[0], "processed", "delivered")
    tell(rows[1], "processed", "deferred")
    tell(rows[2], "bounce", type="bounce")
    tell(rows[3], "dropped", reason="Bounced Address")
    tell(rows[4], "delivered", "spamreport")
    total = report_of(letters).total
    assert total == Counts(accepted=6, delivered=2, deferred=1, bounced=1, dropped=1, complained=1)
    assert total.untold == 1


def test_mailbox_providers_are_counted_apart_the_largest_first():
    addresses = ["a@naver.com", "b@naver.com", "c@hanmail.net", "d@uni.ac.kr", "e@kakao.com",
                 "f@naver.com"]  # fmt: skip
    letters = an_issue_that_left(*addresses)
    tell(letters["a@naver.com"], "delivered")
    tell(letters["c@hanmail.net"], "bounce", type="blocked")
    told = {one.mailbox: one.counts for one in report_of(letters).mailboxes}
    assert list(told) == ["naver", "kakao", "other"]
    assert told["naver"] == Counts(accepted=3, delivered=1)
    assert told["kakao"] == Counts(accepted=2, bounced=1)


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("naver.com", MailboxProvider.NAVER),
        ("GoogleMail.com", MailboxProvider.GMAIL),
        ("daum.net", MailboxProvider.KAKAO),
        ("hotmail.com", MailboxProvider.OUTLOOK),
        ("notgmail.com", MailboxProvider.OTHER),
        ("", MailboxProvider.OTHER),
    ],
)
def test_a_domain_tells_the_mailbox_provider(domain, provider):
    assert provider_of(domain) is provider


def test_letters_that_never_left_are_not_in_the_report():
    letters = many(3)
    Delivery.objects.filter(pk=letters["reader0@naver.com"].pk).update(
        status=DeliveryStatus.REJECTED
    )
    assert report_of(letters).total.accepted == 2


def test_who_left_after_the_issue_and_before_the_next_is_counted_to_it():
    letters = many(3)
    issue = letters["reader0@naver.com"].issue
    subscriptions.leave(letters["reader0@naver.com"].subscriber, "one-click")
    assert report_of(letters).total.left == 1
    later = clock.now() + timedelta(days=1)
    Issue.objects.create(
        cadence="daily", window_start=later, window_end=later, slug="later", started_at=later
    )
    reader = letters["reader1@naver.com"].subscriber
    subscriptions.leave(reader, "one-click")
    reader.refresh_from_db()
    reader.left_at = later + timedelta(hours=1)
    reader.save()
    rollup.roll_up(issue)
    assert reports.issue_report(issue).total.left == 1


def test_who_left_at_the_provider_is_counted_once():
    letters = many(2)
    tell(letters["reader0@naver.com"], "unsubscribe")
    assert report_of(letters).total.left == 1


def test_an_erased_reader_stays_counted_under_no_name():
    letters = many(2)
    tell(letters["reader0@naver.com"], "delivered")
    subscriptions.erase(letters["reader0@naver.com"].subscriber)
    told = {one.mailbox: one.counts for one in report_of(letters).mailboxes}
    assert told["other"] == Counts(accepted=1, delivered=1)
    assert told["naver"] == Counts(accepted=1)


def test_f20_events_told_again_leave_the_numbers_as_they_are():
    letters = many(3)
    events = [an_event(letter, "spamreport") for letter in letters.values()]
    before = None
    for _ in range(5):
        post(events, {})
        total = report_of(letters).total
        assert total == (before or total)
        before = total
    assert before.complained == 3


def test_an_issue_that_was_never_counted_is_counted_when_asked_for():
    letters = many(2)
    issue = letters["reader0@naver.com"].issue
    assert reports.issue_report(issue).total.accepted == 2
    assert Rollup.objects.count() == 0


def test_an_issue_of_which_something_was_told_is_due_to_be_counted():
    letters = many(1)
    letter = letters["reader0@naver.com"]
    rollup.roll_up(letter.issue)
    Issue.objects.update(started_at=clock.now() - timedelta(days=20))
    Rollup.objects.update(updated_at=clock.now() - timedelta(hours=1))
    assert rollup.due() == []
    tell(letter, "delivered")
    assert rollup.due() == [letter.issue_id]


def test_an_issue_whose_counting_was_lost_stays_due_though_another_one_was_counted():
    letter = next(iter(many(1).values()))
    rollup.roll_up(letter.issue)
    Issue.objects.update(started_at=clock.now() - timedelta(days=20))
    Rollup.objects.update(updated_at=clock.now() - timedelta(hours=1))
    tell(letter, "delivered")
    DeliveryFate.objects.update(changed_at=clock.now() - timedelta(minutes=30))
    another = Issue.objects.create(
        cadence="daily", window_start=clock.now(), window_end=clock.now(), slug="another"
    )
    Rollup.objects.create(issue=another, mailbox="naver")
    assert rollup.due() == [letter.issue_id]
    rollup.roll_up(letter.issue)
    assert rollup.due() == []


@pytest.mark.parametrize(
    ("counts", "bar"),
    [
        (Counts(accepted=1000), None),
        (Counts(accepted=1001, complained=1), None),
        (Counts(accepted=1000, complained=1), Bar.WATCH),
        (Counts(accepted=2000, complained=5), Bar.WATCH),
        (Counts(accepted=1000, complained=3), Bar.NEVER),
        (Counts(accepted=1100, bounced=100, complained=3), Bar.NEVER),
        (Counts(accepted=1, bounced=1, complained=1), Bar.NEVER),
        (Counts(), None),
    ],
)
def test_complaints_are_held_against_the_bars_of_gmail_and_yahoo(counts, bar):
    assert counts.bar is bar


def test_the_editors_are_told_once_when_a_bar_is_reached():
    letters = many(400)
    rows = list(letters.values())
    fates(rows[:0])
    roll_up_issue(rows[0].issue_id)
    assert alarms() == []
    fates(rows[:1], EventKind.COMPLAINED)
    for _ in range(3):
        roll_up_issue(rows[0].issue_id)
    (alarm,) = alarms()
    assert alarm.address == "minji@example.com"
    assert "0.1 %" in alarm.context["body"]
    assert "naver" in alarm.context["body"]


def test_the_higher_bar_is_told_of_apart_and_alone_when_both_are_reached_at_once():
    letters = many(400)
    rows = list(letters.values())
    fates(rows[:1], EventKind.COMPLAINED)
    roll_up_issue(rows[0].issue_id)
    fates(rows[:2], EventKind.COMPLAINED)
    roll_up_issue(rows[0].issue_id)
    assert [("0.3 %" in alarm.context["body"].split("\n")[0]) for alarm in alarms()] == [
        False,
        True,
    ]


def test_both_bars_at_once_are_one_letter():
    letters = many(10)
    rows = list(letters.values())
    fates(rows[:1], EventKind.COMPLAINED)
    for _ in range(2):
        roll_up_issue(rows[0].issue_id)
    assert len(alarms()) == 1
    assert RateAlarm.objects.count() == 2


@pytest.mark.any_database
def test_one_providers_readers_set_off_the_alarm_where_the_whole_would_not():
    addresses = [f"r{n}@gmail.com" for n in range(20)] + [f"r{n}@naver.com" for n in range(1200)]
    letters = an_issue_that_left(*addresses)
    fates([letters["r0@gmail.com"]], EventKind.COMPLAINED)
    report = report_of(letters)
    assert report.total.bar is None
    assert report.bar is Bar.NEVER
    roll_up_issue(letters["r0@gmail.com"].issue_id)
    assert "gmail" in alarms()[0].context["body"]


def test_the_command_tells_it_as_a_table_and_as_json():
    letters = many(3)
    tell(letters["reader0@naver.com"], "delivered")
    slug = letters["reader0@naver.com"].issue.slug
    assert "naver" in newsletter("report", slug).out
    told = json.loads(newsletter("report", slug, "--json").out)
    assert told["issue"] == slug
    assert told["bar"] is None
    assert told["total"]["accepted"] == 3
    assert told["mailboxes"]["naver"]["delivered"] == 1


def test_the_command_says_which_issue_it_does_not_know():
    assert newsletter("report", "2001-01-01-daily").code == 2
