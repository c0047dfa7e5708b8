"""The main job, from an approved issue to letters in mailboxes, over a real SMTP server."""

import email
import re
from email import policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.common.cadence import Cadence, Language, Variant
from newsletter.common.errors import NotFound, Refused
from newsletter.delivery import sending
from newsletter.delivery.fanout import fan_out
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch, letter_of
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import Subscriber, Suppression
from tests.delivery.given import an_approved_issue, an_issue_being_sent, readers
from tests.factories import a_weekly

pytestmark = pytest.mark.django_db


def deliver_all(backend):
    for batch_id in batches_to_publish():
        deliver_batch(batch_id, backend)


def received(inbox, issue):
    """The letters of this issue in the inbox, by the Message-IDs of its revision."""
    mark = f".{issue.revision.content_hash[:12]}."
    since = f"{int(issue.started_at.timestamp() * 1000):x}@"
    every = inbox.messages(per_page=100_000)
    return [m for m in every if mark in m.message_id and since in m.message_id]


def test_every_reader_gets_the_issue_once_and_the_ledger_balances(backend, inbox):
    issue = an_issue_being_sent(120)
    deliver_all(backend)
    issue.refresh_from_db()
    got = received(inbox, issue)
    assert sorted(m.rcpt_to for m in got) == sorted(f"reader{n}@example.com" for n in range(120))
    told = counts(issue)
    assert told.balances
    assert (told.frozen, told.accepted) == (120, 120)
    assert issue.state == IssueState.SENT
    assert issue.finished_at is not None


def test_the_mail_carries_the_readers_own_way_out(backend, inbox):
    issue = an_issue_being_sent(2)
    deliver_all(backend)
    issue.refresh_from_db()
    ways = set()
    for message in received(inbox, issue):
        raw = inbox.message(message.id).raw
        mail = email.message_from_bytes(raw, policy=policy.default)
        url = mail["List-Unsubscribe"].strip("<>")
        ways.add(url)
        plain, html = (part.get_content() for part in mail.iter_parts())
        assert url in plain
        assert url in html
        # A token of the reader's own may well have two of these signs in a row.
        assert not re.search("__(NAME|UNSUBSCRIBE|PREFERENCES)_", plain)
    assert len(ways) == 2


def test_each_reader_gets_the_language_they_chose(backend, inbox):
    readers(2, language="en")
    issue = an_issue_being_sent(2)
    deliver_all(backend)
    issue.refresh_from_db()
    tongues = {}
    for message in received(inbox, issue):
        raw = inbox.message(message.id).raw
        mail = email.message_from_bytes(raw, policy=policy.default)
        html = mail.get_body(("html",)).get_content()
        tongues[message.rcpt_to] = re.search(r'<html[^>]* lang="(\w+)"', html)[1]
    assert sorted(tongues.values()) == ["en", "en", "ko", "ko"]
    chosen = dict(Subscriber.objects.values_list("email", "language"))
    assert tongues == chosen


def test_fan_out_can_be_run_again_and_adds_only_who_is_new():
    issue = an_approved_issue(7)
    assert fan_out(issue) == 7
    assert fan_out(issue) == 0
    readers(3)
    assert fan_out(issue) == 3
    rows = sum(batch.size for batch in Batch.objects.filter(issue=issue))
    assert rows == Delivery.objects.filter(issue=issue).count() == 10


def test_batches_cover_every_letter_once(settings):
    settings.DELIVERY_BATCH_SIZE = 4
    issue = an_issue_being_sent(10)
    batches = Batch.objects.filter(issue=issue).order_by("number")
    assert [batch.size for batch in batches] == [4, 4, 2]
    covered = [pk for b in batches for pk in range(b.first_id, b.last_id + 1)]
    assert covered == list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def test_the_audience_is_frozen_when_sending_starts(backend):
    issue = an_issue_being_sent(3)
    readers(2)
    deliver_all(backend)
    assert counts(issue).frozen == 3


def test_readers_of_the_other_cadence_are_left_alone():
    issue = an_approved_issue(2)
    readers(5, Cadence.DAILY)
    sending.start(issue.pk, "지은")
    assert counts(issue).frozen == 2


def test_starting_twice_is_starting_once():
    issue = an_approved_issue(5)
    sending.start(issue.pk, "지은")
    sending.start(issue.pk, "민수")
    assert counts(issue).frozen == 5
    issue.refresh_from_db()
    assert issue.state == IssueState.SENDING
    assert issue.revision is not None


def test_a_draft_is_not_sent():
    issue = a_weekly()
    readers(2)
    with pytest.raises(Refused):
        sending.start(issue.pk, "지은")
    assert Delivery.objects.count() == 0
    issue.refresh_from_db()
    assert (issue.state, issue.revision) == (IssueState.DRAFT, None)


def test_an_issue_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        sending.start(12345, "지은")


def test_who_left_or_was_suppressed_or_erased_meanwhile_is_skipped_with_the_reason(backend, inbox):
    """I3 and F27: consent is read again at the claim."""
    issue = an_issue_being_sent(5)
    leaver, complainer, erased, stays, also = Subscriber.objects.order_by("pk")
    Subscriber.objects.filter(pk=leaver.pk).update(status="left")
    Suppression.objects.create(address_hash=complainer.address_hash, reason="complained")
    Subscriber.objects.filter(pk=erased.pk).delete()
    deliver_all(backend)
    issue.refresh_from_db()
    assert {m.rcpt_to for m in received(inbox, issue)} == {stays.email, also.email}
    told = counts(issue)
    assert told.skipped == {"left": 1, "suppressed": 1, "erased": 1}
    assert told.balances
    assert issue.state == IssueState.SENT


def test_status_speaks_in_the_promised_shape(backend):
    issue = an_issue_being_sent(2)
    Subscriber.objects.filter(email="reader0@example.com").update(status="left")
    deliver_all(backend)
    issue.refresh_from_db()
    assert counts(issue).to_json(issue) == {
        "issue": issue.slug,
        "state": "sent",
        "frozen": 2,
        "queued": 0,
        "sending": 0,
        "accepted": 1,
        "rejected": 0,
        "skipped": {"left": 1},
        "cancelled": 0,
        "uncertain": 0,
    }


def test_a_lost_row_would_show(backend):
    issue = an_issue_being_sent(4)
    deliver_all(backend)
    Delivery.objects.filter(issue=issue).first().delete()
    assert not counts(issue).balances


def test_statements_per_slice_do_not_grow_with_its_letters(backend, settings):
    settings.DELIVERY_BATCH_SIZE = 50
    statements = []
    for size in (10, 40):
        issue = an_issue_being_sent(size) if not statements else _another_issue(size)
        (batch_id,) = batches_to_publish(issue.pk)
        letter_of(issue, Variant(Language.KOREAN))
        with CaptureQueriesContext(connection) as captured:
            deliver_batch(batch_id, backend)
        statements.append(len(captured))
    assert statements[0] == statements[1] <= 28


def _another_issue(size):
    Delivery.objects.all().delete()
    Batch.objects.all().delete()
    readers(size - 10)
    Issue.objects.update(state=IssueState.APPROVED)
    issue = Issue.objects.get()
    sending.start(issue.pk, "지은")
    return issue
