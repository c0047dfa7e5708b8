"""What ``newsletter status`` says of the promises of a send: kept, or broken and what to do."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection

from newsletter.commands.status import status_command
from newsletter.common import clock
from newsletter.delivery import invariants
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.reconcile import reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.issues.models import Issue, Revision
from newsletter.subscribers.models import Subscriber, Suppression
from newsletter.subscribers.suppression import hashes_of
from tests.delivery.given import Mailbox, an_issue_being_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    """An issue that has left to five readers."""
    issue, way = an_issue_being_sent(5), Mailbox()
    for batch_id in reconcile(way):
        deliver_batch(batch_id, way)
    issue.refresh_from_db()
    return issue


def broken(issue):
    issue = Issue.objects.select_related("revision").get(pk=issue.pk)
    return {promise.name: promise.broken for promise in invariants.check(issue) if promise.broken}


def rows(issue):
    return Delivery.objects.filter(issue=issue)


def test_all_are_kept_before_while_and_after_an_issue_leaves():
    issue, way = an_issue_being_sent(5), Mailbox()
    assert broken(issue) == {}
    way.before = {3: lambda: seen.append(broken(issue))}
    seen: list[dict[str, int]] = []
    for batch_id in reconcile(way):
        deliver_batch(batch_id, way)
    assert seen == [{}]
    assert broken(issue) == {}


def test_a_row_that_is_gone_and_one_that_is_stuck_break_the_first(sent):
    long_ago = clock.now() - timedelta(minutes=11)
    rows(sent).filter(pk=rows(sent).first().pk).delete()
    assert broken(sent) == {"I1": 1}
    rows(sent).filter(pk=rows(sent).first().pk).update(status="sending", changed_at=long_ago)
    assert broken(sent)["I1"] == 2


def test_a_letter_taken_minutes_after_its_reader_left_breaks_the_third(sent):
    left = clock.now() + timedelta(seconds=1)
    row = rows(sent).first()
    Subscriber.objects.filter(pk=row.subscriber_id).update(left_at=left)
    assert broken(sent) == {}, "it was taken before they left"
    rows(sent).filter(pk=row.pk).update(changed_at=left + timedelta(minutes=4))
    assert broken(sent) == {"I3": 1}
    Subscriber.objects.filter(pk=row.subscriber_id).update(confirmed_at=left + timedelta(minutes=1))
    assert broken(sent) == {}, "they came back"


def test_a_letter_taken_minutes_after_a_suppression_breaks_the_third(sent):
    row = rows(sent).select_related("subscriber").first()
    mark = hashes_of(row.subscriber.email)[0]
    Suppression.objects.create(address_hash=mark, reason="bounced", at=clock.now())
    assert broken(sent) == {}
    rows(sent).filter(pk=row.pk).update(changed_at=clock.now() + timedelta(minutes=4))
    assert broken(sent) == {"I3": 1}


def test_a_revision_that_was_changed_breaks_the_fourth(sent):
    revision = Revision.objects.get(pk=sent.revision_id)
    Revision.objects.filter(pk=revision.pk).update(
        content={**revision.content, "subject": "다른 제목"}
    )
    assert broken(sent) == {"I4": 1}


def test_a_batch_that_is_done_and_held_or_handed_over_by_nobody_breaks_the_fifth(sent):
    Batch.objects.update(holder="somebody")
    assert broken(sent) == {"I5": 1}
    Batch.objects.update(holder="", done=False)
    rows(sent).update(status="sending", changed_at=clock.now())
    assert broken(sent)["I5"] == 1


def test_an_issue_called_sent_too_early_breaks_the_sixth(sent):
    rows(sent).filter(pk=rows(sent).first().pk).update(status="queued")
    assert broken(sent) == {"I6": 1}


def test_a_letter_that_does_not_say_why_breaks_the_seventh(sent):
    first, second = rows(sent)[:2]
    rows(sent).filter(pk=first.pk).update(status="rejected", reason="")
    rows(sent).filter(pk=second.pk).update(attempt="")
    assert broken(sent) == {"I7": 2}


def test_the_command_says_each_with_what_to_do(sent):
    rows(sent).filter(pk=rows(sent).first().pk).update(attempt="")
    said = CliRunner().invoke(status_command, [sent.slug]).output
    assert "✓ I1 잃어버린 편지 없음 / nothing is lost" in said
    assert "✗ I7" in said
    assert "손으로 고친" in said
    told = json.loads(CliRunner().invoke(status_command, [sent.slug, "--json"]).output)
    assert told["accepted"] == 5
    assert [one["name"] for one in told["invariants"]] == [f"I{n}" for n in range(1, 8)]
    assert [one["holds"] for one in told["invariants"]] == [True] * 6 + [False]
    assert all(one["remedy_ko"] and one["remedy_en"] for one in told["invariants"])


def test_they_cost_the_same_few_questions_however_long_an_issue_is(sent):
    sent = Issue.objects.select_related("revision").get(pk=sent.pk)
    with connection.execute_wrapper(_count := _Counter()):
        invariants.check(sent)
    assert _count.number <= 7


class _Counter:
    number = 0

    def __call__(self, execute, *question):
        self.number += 1
        return execute(*question)
