"""Letters that nobody could settle: shown to a person after a while, or sent again by rule."""

from datetime import timedelta
from math import inf

import pytest

from newsletter.common import clock
from newsletter.delivery import deciding
from newsletter.delivery.backends.base import AmbiguousSendError, Outcome
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Delivery, Notice
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.delivery.send import MAX_ATTEMPTS, deliver_batch
from tests.delivery.given import Mailbox, an_issue_being_sent
from tests.delivery.test_leases import killed_in_the_middle

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_doubt(settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue, way = an_issue_being_sent(6), Mailbox(knows=False)
    way.answers = {2: AmbiguousSendError("no answer, timeout")}
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    assert counts(issue).uncertain == 1
    return issue, way


def later(minutes):
    """Let time pass for the letters in doubt."""
    rows = Delivery.objects.filter(status="uncertain")
    rows.update(changed_at=clock.now() - timedelta(minutes=minutes))


def test_before_its_time_nobody_is_asked(in_doubt):
    _, way = in_doubt
    later(14)
    reconcile(way)
    assert not Notice.objects.exists()
    assert not Delivery.objects.filter(reason__startswith="asked").exists()


def test_after_a_quarter_of_an_hour_the_editors_are_asked_once(in_doubt):
    issue, way = in_doubt
    later(16)
    for _ in range(3):
        reconcile(way)
    (notice,) = Notice.objects.all()
    assert "1통" in notice.context["body"]
    row = Delivery.objects.get(status="uncertain")
    assert row.reason == "asked: no answer, timeout"
    issue.refresh_from_db()
    assert issue.state == "sending", "it is not called sent"


def test_the_operator_decides_how_long_that_is(in_doubt, settings):
    settings.UNCERTAIN_AFTER_MINUTES = 60
    later(16)
    reconcile(in_doubt[1])
    assert not Notice.objects.exists()


def test_the_policy_to_retry_sends_again_without_asking(in_doubt, settings):
    settings.UNCERTAIN_POLICY = "retry"
    issue, way = in_doubt
    later(16)
    (batch_id,) = reconcile(way)
    deliver_batch(batch_id, way)
    assert (counts(issue).accepted, counts(issue).uncertain) == (6, 0)
    assert not Notice.objects.exists()


class NeverAnswers(Mailbox):
    """Takes every letter, and never says so."""

    def send(self, letter, messages, *, until=inf):
        for message in messages:
            self.handed += 1
            yield Outcome(message.delivery_id, AmbiguousSendError("no answer"))


def again_and_again(way, times=2 * MAX_ATTEMPTS):
    for _ in range(times):
        later(16)
        for batch_id in reconcile(way):
            deliver_batch(batch_id, way)


@pytest.mark.parametrize("knows", [False, True])
def test_what_is_always_in_doubt_is_given_up_after_as_many_tries_as_anything_else(settings, knows):
    """By the policy where nobody can be asked, by the receiving side where it was never found."""
    settings.UNCERTAIN_POLICY = "retry"
    issue, way = an_issue_being_sent(1), NeverAnswers(knows=knows)
    again_and_again(way)
    row = Delivery.objects.get()
    assert (counts(issue).rejected, way.handed, row.attempts) == (1, MAX_ATTEMPTS, MAX_ATTEMPTS)


def test_an_attempt_that_a_dead_worker_made_is_counted_by_the_policy(settings):
    settings.UNCERTAIN_POLICY = "retry"
    issue, way = an_issue_being_sent(1), Mailbox(knows=False)
    for number in range(1, MAX_ATTEMPTS + 1):
        killed_in_the_middle(way, handed_over=1)
        reconcile(way)
        later(16)
        reconcile(way)
        assert Delivery.objects.get().attempts == min(number, MAX_ATTEMPTS - 1)
    assert counts(issue).rejected == 1


def test_what_the_policy_gave_up_may_have_arrived_and_is_not_tried_again_unasked(settings):
    settings.UNCERTAIN_POLICY = "retry"
    issue, way = an_issue_being_sent(1), NeverAnswers(knows=False)
    again_and_again(way)
    assert counts(issue).rejected == 1
    assert deciding.retry_rejected(issue.pk, "지은") == 0
    assert counts(issue).rejected == 1
