"""F10, the end of it: letters that only a person can decide about."""

from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.delivery import deciding, sending
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    PermanentSendError,
    TransientSendError,
)
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery, Pulse
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.delivery.send import MAX_ATTEMPTS
from newsletter.issues.states import IssueState
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def way():
    return Mailbox(knows=False)


@pytest.fixture
def in_doubt(way):
    """An issue of eight letters, one of which was handed over without an answer."""
    issue = an_issue_being_sent(8)
    way.answers[3] = AmbiguousSendError("connection lost")
    assert deliver_all(way, issue).uncertain == 1
    return issue


def test_a_letter_in_doubt_is_sent_again_when_a_person_says_so(way, in_doubt):
    assert deciding.retry(in_doubt.pk, "지은") == 1
    told = deliver_all(way, in_doubt)
    assert (told.accepted, told.uncertain, told.balances) == (8, 0, True)
    assert in_doubt.state == IssueState.SENT


def test_a_letter_in_doubt_that_is_left_ends_as_rejected_with_the_name_of_who_said_so(
    way, in_doubt
):
    assert deciding.leave(in_doubt.pk, "지은") == 1
    told = deliver_all(way, in_doubt)
    assert (told.accepted, told.rejected, told.uncertain) == (7, 1, 0)
    assert Delivery.objects.get(status="rejected").reason == "left by 지은"
    assert (in_doubt.state, way.handed) == (IssueState.SENT, 8)


def test_deciding_twice_decides_once(in_doubt):
    assert [deciding.leave(in_doubt.pk, "지은"), deciding.retry(in_doubt.pk, "민수")] == [1, 0]


def test_letters_that_were_refused_are_tried_again_even_after_the_issue_was_sent(way):
    issue = an_issue_being_sent(8)
    way.answers[2] = PermanentSendError("550 mailbox full")
    assert deliver_all(way, issue).rejected == 1
    reconcile(way)
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    assert deciding.retry_rejected(issue.pk, "지은") == 1
    told = deliver_all(way, issue)
    assert (told.accepted, told.rejected, told.balances) == (8, 0, True)
    assert len(set(way.accepted)) == len(way.accepted) == 8
    assert issue.state == IssueState.SENT


def test_nothing_of_a_cancelled_issue_is_sent_again(in_doubt):
    sending.cancel(in_doubt.pk, "지은")
    with pytest.raises(Refused, match=r"issue\.cancelled"):
        deciding.retry(in_doubt.pk, "지은")
    assert deciding.leave(in_doubt.pk, "지은") == 1


def test_what_a_person_left_is_not_sent_again_by_a_retry(way, in_doubt):
    deciding.leave(in_doubt.pk, "지은")
    assert deciding.retry_rejected(in_doubt.pk, "민수") == 0
    assert deliver_all(way, in_doubt).accepted == 7


def test_an_issue_is_not_sent_because_the_doubt_in_its_last_batch_was_left(way, settings):
    settings.DELIVERY_BATCH_SIZE = 4
    issue = an_issue_being_sent(8)
    way.answers = {1: TransientSendError("rcpt 450"), 8: AmbiguousSendError("no answer")}
    assert (deliver_all(way, issue).queued, counts(issue).uncertain) == (1, 1)
    assert deciding.leave(issue.pk, "지은") == 1
    issue.refresh_from_db()
    assert (issue.state, counts(issue).queued) == (IssueState.SENDING, 1)


def refused(way, error, times=1):
    """An issue of one letter that was refused."""
    issue = an_issue_being_sent(1)
    way.answers = dict.fromkeys(range(1, times + 1), error)
    for _ in range(times):
        deliver_all(way, issue)
        Batch.objects.update(not_before=None)
    assert counts(issue).rejected == 1
    return issue


def test_a_letter_that_was_given_up_has_all_its_tries_again(way):
    issue = refused(way, TransientSendError("rcpt 450"), times=MAX_ATTEMPTS)
    deciding.retry_rejected(issue.pk, "지은")
    way.answers = {MAX_ATTEMPTS + 1: TransientSendError("rcpt 450")}
    told = deliver_all(way, issue)
    assert (told.queued, told.rejected) == (1, 0)
    assert Delivery.objects.get().attempts == 1


def test_what_is_tried_again_does_not_wait_for_what_a_server_once_asked(way):
    issue = an_issue_being_sent(2)
    way.answers = {1: PermanentSendError("550"), 2: TransientSendError("busy", retry_after=3600)}
    deliver_all(way, issue)
    assert batches_to_publish(issue.pk) == []
    deciding.retry_rejected(issue.pk, "지은")
    assert len(batches_to_publish(issue.pk)) == 1


def test_letters_of_an_issue_that_was_sent_long_ago_are_tried_again_without_being_held(way):
    """Nobody has looked after it since; that it stood still for so long means nothing."""
    issue = refused(way, PermanentSendError("550 mailbox full"))
    reconcile(way)
    Pulse.objects.update(at=clock.now() - timedelta(days=3))
    assert deciding.retry_rejected(issue.pk, "지은") == 1
    assert len(reconcile(way)) == 1
    issue.refresh_from_db()
    assert (issue.state, issue.finished_at) == (IssueState.SENDING, None)


def test_who_decided_is_told_by_the_row_that_was_decided(way, in_doubt):
    deciding.retry(in_doubt.pk, "지은")
    row = Delivery.objects.get(status="queued")
    assert (row.reason, row.attempt) == ("sent again by 지은", "")


@pytest.mark.parametrize("decide", [deciding.retry, deciding.leave])
def test_a_name_of_any_length_may_decide(in_doubt, decide):
    assert decide(in_doubt.pk, "지" * 300) == 1
