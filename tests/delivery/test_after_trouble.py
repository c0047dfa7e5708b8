"""What a send does after trouble: it waits by its letters' tries, and forgives what a person saw."""

import pytest

from newsletter.common.cadence import Cadence
from newsletter.delivery import notices, sending
from newsletter.delivery.backends.base import PermanentSendError, TransientSendError, Unavailable
from newsletter.delivery.models import Batch, Notice
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import Subscription
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all

pytestmark = pytest.mark.django_db


def test_who_stepped_down_to_the_other_cadence_has_left_and_is_not_called_suppressed():
    issue = an_issue_being_sent(3)
    Subscription.objects.filter(subscriber__email="reader1@example.com").update(
        cadence=Cadence.DAILY
    )
    assert deliver_all(Mailbox(), issue).skipped == {"left": 1}


def test_after_a_person_let_it_go_on_only_new_refusals_count(settings):
    settings.MAX_SEND_ERRORS = 1
    issue, way = an_issue_being_sent(20), Mailbox(slice_size=5)
    way.answers = {number: PermanentSendError("550 no such mailbox") for number in (1, 2, 8)}
    deliver_all(way, issue)
    assert issue.state == IssueState.PAUSED
    sending.resume(issue.pk, "지은")
    told = deliver_all(way, issue)
    assert (issue.state, told.accepted, told.rejected) == (IssueState.SENT, 17, 3)


def test_a_resumed_issue_does_not_wait_for_what_a_server_once_asked():
    issue, way = an_issue_being_sent(4), Mailbox()
    way.answers = {1: TransientSendError("451 later", retry_after=3600)}
    deliver_all(way, issue)
    assert batches_to_publish(issue.pk) == []
    sending.pause(issue.pk, "보는 중")
    sending.resume(issue.pk, "지은")
    assert deliver_all(way, issue).accepted == 4


def test_a_server_that_names_its_time_is_given_all_of_it():
    issue, way = an_issue_being_sent(2), Mailbox()
    way.answers = {1: TransientSendError("451 later", retry_after=3600)}
    deliver_all(way, issue)
    batch = Batch.objects.get(issue=issue)
    assert (batch.not_before - issue.started_at).total_seconds() >= 3590


def test_a_server_that_is_not_there_and_names_no_time_is_given_some_seconds():
    issue, way = an_issue_being_sent(2), Mailbox()
    way.answers = dict.fromkeys((1, 2), Unavailable("connect"))
    deliver_all(way, issue)
    batch = Batch.objects.get(issue=issue)
    assert (batch.not_before - issue.started_at).total_seconds() >= 10


def test_a_notice_that_always_fails_is_given_up_in_the_end():
    way = Mailbox()
    notice = notices.queue("confirm", address="a@example.com", language="ko", context={})
    Notice.objects.filter(pk=notice.pk).update(attempts=notices.MAX_ATTEMPTS, lease_until=None)
    notices.deliver(notice.pk, way)
    notice.refresh_from_db()
    assert (notice.status, notice.reason, way.handed) == ("rejected", "gave up", 0)


def test_a_notice_that_did_not_leave_is_told_in_the_log_without_its_address(caplog):
    way = Mailbox()
    way.answers = {1: PermanentSendError("rcpt 550")}
    notice = notices.queue("welcome", address="a@example.com", language="ko")
    notices.deliver(notice.pk, way)
    (line,) = [one.getMessage() for one in caplog.records if one.name.endswith("notices")]
    assert line == f"notice {notice.pk} (welcome): rejected, rcpt 550"
