"""An issue that SendGrid has taken and still holds can be called back, until ten minutes before."""

from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.delivery import recalls
from newsletter.delivery.backends.base import AmbiguousSendError, SendError
from newsletter.delivery.backends.failover import FailoverBackend
from newsletter.delivery.backends.guard import GuardedBackend
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery, Notice, Recall
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.issues.models import IssueItem
from newsletter.issues.states import IssueState
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.delivery.given import Mailbox, an_issue_being_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sendgrid(settings):
    settings.SENDGRID_RECALL_MINUTES = 30
    with fake_sendgrid() as fake:
        yield fake


@pytest.fixture
def way(sendgrid):
    return SendGridBackend(KEY, sendgrid.url, batch_of=recalls.batch_of)


def delivered(issue, way):
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    issue.refresh_from_db()
    return issue


def test_all_requests_of_an_issue_wait_under_one_id_until_one_moment(sendgrid, way, settings):
    settings.DELIVERY_BATCH_SIZE = 4
    issue = delivered(an_issue_being_sent(10), way)
    until = int((issue.started_at + timedelta(minutes=30)).timestamp())
    assert {(body["batch_id"], body["send_at"]) for body in sendgrid.requests} == {
        ("batch-0", until)
    }
    assert len(sendgrid.requests) == 3
    assert issue.state == IssueState.SENT


def test_an_issue_called_back_in_time_reaches_nobody_and_the_ledger_says_so(sendgrid, way):
    issue = delivered(an_issue_being_sent(5), way)
    recalls.call_back(issue, "지은")
    assert sendgrid.batches == {"batch-0": ""}, "a page does not wait for the API"
    reconcile(way)
    issue.refresh_from_db()
    told = counts(issue)
    assert sendgrid.batches == {"batch-0": "cancel"}
    assert (told.cancelled, told.accepted, told.balances) == (5, 0, True)
    assert issue.state == IssueState.CANCELLED


def test_what_was_not_handed_over_yet_never_is(sendgrid, way, settings):
    settings.DELIVERY_BATCH_SIZE = 2
    issue = an_issue_being_sent(6)
    first, *rest = batches_to_publish(issue.pk)
    deliver_batch(first, way)
    recalls.call_back(issue, "지은")
    for batch_id in [*rest, *reconcile(way)]:
        deliver_batch(batch_id, way)
    assert (counts(issue).cancelled, len(sendgrid.mails)) == (6, 2)


def test_it_is_asked_again_until_it_is_done(sendgrid, way):
    issue = delivered(an_issue_being_sent(2), way)
    recalls.call_back(issue, "지은")
    reconcile(SendGridBackend("SG.wrong", sendgrid.url))
    assert counts(issue).accepted == 2, "nobody said that it was cancelled"
    reconcile(way)
    assert counts(issue).cancelled == 2


def test_a_cancellation_whose_answer_was_lost_is_asked_after(sendgrid, way):
    issue = delivered(an_issue_being_sent(2), way)
    recalls.call_back(issue, "지은")
    sendgrid.betray.append(lambda handler: answer(handler, 502))
    reconcile(way)
    assert counts(issue).cancelled == 2


@pytest.mark.parametrize("minutes", [21, 60])
def test_when_it_is_too_late_it_says_so(sendgrid, way, minutes):
    issue = delivered(an_issue_being_sent(2), way)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)), pytest.raises(Refused):
        recalls.call_back(issue, "지은")
    assert counts(issue).accepted == 2


def test_an_issue_sent_without_a_window_cannot_be_called_back(settings):
    settings.SENDGRID_RECALL_MINUTES = 0
    issue = delivered(an_issue_being_sent(2), Mailbox())
    with pytest.raises(Refused) as refused:
        recalls.call_back(issue, "지은")
    assert refused.value.code == "recall.closed"


def test_a_window_that_is_too_short_to_be_one_is_made_long_enough(sendgrid, way, settings):
    settings.SENDGRID_RECALL_MINUTES = 5
    issue = delivered(an_issue_being_sent(1), way)
    wait = sendgrid.requests[0]["send_at"] - issue.started_at.timestamp()
    assert 11 * 60 - 1 <= wait <= 11 * 60


def test_what_is_handed_over_after_the_window_leaves_at_once(sendgrid, way):
    issue = an_issue_being_sent(1)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        delivered(issue, way)
    assert "send_at" not in sendgrid.requests[0]
    assert not Recall.objects.exists()


def test_without_a_batch_id_nothing_is_handed_over_and_nothing_lost(sendgrid):
    issue = an_issue_being_sent(2)
    delivered(issue, SendGridBackend("SG.wrong", sendgrid.url, batch_of=recalls.batch_of))
    told = counts(issue)
    assert (told.queued, sendgrid.mails) == (2, [])
    assert issue.state == IssueState.PAUSED


@pytest.mark.parametrize("said", [None, [], "busy", {"id": "batch-0"}, {"batch_id": ""}])
def test_a_yes_without_a_batch_id_leaves_every_letter_for_later(sendgrid, way, said):
    sendgrid.batch_answers.append(said)
    issue = delivered(an_issue_being_sent(2), way)
    told = counts(issue)
    assert (told.queued, told.uncertain, sendgrid.mails) == (2, 0, [])
    assert issue.state == IssueState.SENDING
    Batch.objects.update(not_before=None)
    assert counts(delivered(issue, way)).accepted == 2


def test_a_correction_that_was_called_back_is_owed_by_the_next_issue(sendgrid, way):
    issue = delivered(an_issue_being_sent(2), way)
    # As freezing notes it of a paper of an earlier issue.
    IssueItem.objects.filter(issue=issue, position=1).update(taken_back_in=issue.slug)
    recalls.call_back(issue, "지은")
    assert not IssueItem.objects.exclude(taken_back_in="").exists()


def test_a_batch_that_cannot_be_cancelled_is_an_error(sendgrid, way):
    with pytest.raises(SendError):
        way.recall("unknown")


def test_what_another_way_took_is_not_called_back(sendgrid, way, settings):
    settings.DELIVERY_BATCH_SIZE = 5
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    second = Mailbox(5, knows=False)
    second.answers = {2: AmbiguousSendError("no answer")}
    both = FailoverBackend([GuardedBackend(way), second])
    issue = an_issue_being_sent(10)
    first_batch, second_batch = batches_to_publish(issue.pk)
    deliver_batch(first_batch, both)
    sendgrid.misbehave.append(lambda handler: answer(handler, 503, {"errors": [{"message": "x"}]}))
    deliver_batch(second_batch, both)
    issue.refresh_from_db()
    recalls.call_back(issue, "지은")
    Delivery.objects.filter(status="uncertain").update(
        changed_at=clock.now() - timedelta(minutes=16)
    )
    for _ in range(2):
        reconcile(both)
    told = counts(issue)
    assert (told.cancelled, told.accepted, told.uncertain) == (5, 4, 1)
    assert len(second.accepted) == 4


def test_where_nobody_could_be_asked_in_time_the_editors_are_told_once(sendgrid, way, settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue = delivered(an_issue_being_sent(2), way)
    recalls.call_back(issue, "지은")
    down = SendGridBackend(KEY, "http://127.0.0.1:9")
    for minutes in (1, 29, 31, 32, 60):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            reconcile(down)
        assert Notice.objects.count() == (minutes > 30)
    assert issue.title in Notice.objects.get().context["title"]
    assert counts(issue).accepted == 2
