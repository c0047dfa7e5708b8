"""Events that come when a person, or the policy, has decided about a letter already: that stands."""

from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery import deciding, doubts
from newsletter.delivery.models import Delivery
from newsletter.delivery.send import MAX_ATTEMPTS
from newsletter.delivery.status import DeliveryStatus
from tests.events.given import an_event, an_issue_that_left, post

pytestmark = pytest.mark.django_db


def by_the_policy(issue_id, settings):
    settings.UNCERTAIN_POLICY = "retry"
    doubts.settle(MAX_ATTEMPTS)


def by_a_person(issue_id, _settings):
    deciding.retry(issue_id, "지은")


def tried_again(issue_id, _settings):
    deciding.retry_rejected(issue_id, "지은")


@pytest.mark.parametrize(
    ("status", "decide"),
    [
        (DeliveryStatus.UNCERTAIN, by_the_policy),
        (DeliveryStatus.UNCERTAIN, by_a_person),
        (DeliveryStatus.REJECTED, tried_again),
    ],
)
def test_a_late_word_of_the_attempt_before_takes_no_letter_out_of_the_queue(
    status, decide, settings
):
    letter = an_issue_that_left("bora@example.com", status=status)["bora@example.com"]
    Delivery.objects.update(changed_at=clock.now() - timedelta(hours=1))
    decide(letter.issue_id, settings)
    post([an_event(letter, "delivered")])
    row = Delivery.objects.get()
    assert (row.status, row.attempt) == (DeliveryStatus.QUEUED, "")
