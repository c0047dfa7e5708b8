"""F32: where one way out fails, only letters that were never handed over take the next."""

import pytest

from newsletter.delivery.backends.failover import FailoverBackend
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.reconcile import reconcile
from newsletter.delivery.send import deliver_batch
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.delivery.given import Mailbox, an_issue_being_sent
from tests.faults import invariants

pytestmark = pytest.mark.django_db
READERS, BATCH = 60, 10


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


@pytest.fixture
def issue(settings):
    settings.DELIVERY_BATCH_SIZE = BATCH
    return an_issue_being_sent(READERS)


def deliver_all(issue, way):
    for _ in range(3):
        for batch_id in reconcile(way):
            deliver_batch(batch_id, way)


def taken(sendgrid, mailbox):
    both = sendgrid.taken()
    for key in mailbox.accepted:
        both[key.partition(".")[0].removeprefix("d")] += 1
    return both


def unavailable(handler):
    answer(handler, 503, {"errors": [{"message": "try later", "field": None}]})


def nobody_answers(handler):
    handler.close_connection = True


def test_f32_what_the_first_never_took_goes_through_the_second(sendgrid, issue):
    first, second = SendGridBackend(KEY, sendgrid.url), Mailbox(BATCH, knows=False)
    sendgrid.misbehave.extend([unavailable] * 3)
    deliver_all(issue, FailoverBackend([first, second]))
    told = invariants.check(invariants.books(issue.pk), taken(sendgrid, second))
    assert told == {"accepted": READERS}
    assert 0 < len(second.accepted) < READERS


def test_f32_a_letter_in_doubt_is_never_given_to_another(sendgrid, issue):
    first, second = SendGridBackend(KEY, sendgrid.url), Mailbox(BATCH, knows=False)
    sendgrid.betray.append(nobody_answers)
    sendgrid.misbehave.append(
        lambda handler: handler.decide(lambda: sendgrid.take(sendgrid.requests[-1]), 202)
    )
    sendgrid.misbehave.extend([unavailable] * 20)
    deliver_all(issue, FailoverBackend([first, second]))
    told = invariants.check(invariants.books(issue.pk), taken(sendgrid, second))
    assert told == {"accepted": READERS - BATCH, "uncertain": BATCH}


def test_f32_a_switch_of_the_setting_moves_no_letter_in_doubt_either(sendgrid, issue):
    """Half by SendGrid, one batch without an answer; then the operator switches to SMTP."""
    sendgrid.betray.append(nobody_answers)
    first_batches = reconcile(Mailbox())[:3]
    for batch_id in first_batches:
        deliver_batch(batch_id, SendGridBackend(KEY, sendgrid.url))
    second = Mailbox(BATCH, knows=False)
    deliver_all(issue, second)
    told = invariants.check(invariants.books(issue.pk), taken(sendgrid, second))
    assert told == {"accepted": READERS - BATCH, "uncertain": BATCH}
