"""F10 from end to end: SendGrid takes a request, its answer is lost or untrue, its events settle it."""

import pytest

from newsletter.common.cadence import Cadence
from newsletter.delivery import reconcile, send, sending
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.events.given import post
from tests.factories import a_weekly
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


def take_and_say_no(fake, handler):
    fake.take(fake.requests[-1])
    answer(handler, 503, {"errors": [{"message": "try later", "field": None}]})


@pytest.fixture
def issue(sendgrid):
    """An issue of twenty readers whose one request was taken, and the answer lost."""
    return an_issue_that_met(take_and_hang_up, sendgrid)


def an_issue_that_met(trouble, sendgrid):
    issue = a_weekly()
    for number in range(20):
        a_reader(f"reader{number}@example.com", Cadence.WEEKLY)
    editing.approve(issue, "지은")
    sending.start(issue.pk, "지은")
    sendgrid.misbehave.append(lambda handler: trouble(sendgrid, handler))
    send.deliver_batch(Batch.objects.get().pk, SendGridBackend(KEY, sendgrid.url, timeout=2))
    issue.refresh_from_db()
    return issue


def take_and_hang_up(fake, handler):
    fake.take(fake.requests[-1])
    handler.close_connection = True


def told(mail, event):
    arguments = {**mail["custom_args"], "email": mail["to"], "timestamp": 1_768_000_000}
    return {**arguments, "event": event, "sg_event_id": f"{event}-{mail['to']}"}


def settle(sendgrid):
    """Look around as beat does; nothing may be sent a second time."""
    batches = reconcile.reconcile(SendGridBackend(KEY, sendgrid.url))
    for batch in batches:
        send.deliver_batch(batch, SendGridBackend(KEY, sendgrid.url))


def test_f10_events_settle_every_letter_and_none_is_sent_twice(sendgrid, issue):
    assert counts(issue).uncertain == 20
    settle(sendgrid)
    assert counts(issue).uncertain == 20, "without a word of the provider they are held"
    post([told(mail, "processed") for mail in sendgrid.mails])
    settle(sendgrid)
    assert (counts(issue).accepted, counts(issue).balances) == (20, True)
    assert Issue.objects.get(pk=issue.pk).state == IssueState.SENT
    assert len(sendgrid.requests) == 1


def test_f10_letters_of_which_nothing_is_told_stay_with_a_person(sendgrid, issue):
    post([told(mail, "delivered") for mail in sendgrid.mails[:15]])
    settle(sendgrid)
    assert (counts(issue).accepted, counts(issue).uncertain) == (15, 5)
    assert Issue.objects.get(pk=issue.pk).state == IssueState.SENDING


def test_f10_letters_taken_behind_a_503_are_not_sent_again_once_their_events_came(sendgrid):
    issue = an_issue_that_met(take_and_say_no, sendgrid)
    assert counts(issue).queued == 20, "refused for now, as far as anybody was told"
    post([told(mail, "delivered") for mail in sendgrid.mails])
    Batch.objects.update(not_before=None)
    settle(sendgrid)
    assert set(sendgrid.taken().values()) == {1}
    assert (counts(issue).accepted, Issue.objects.get(pk=issue.pk).state) == (20, IssueState.SENT)
