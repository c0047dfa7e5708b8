"""F10, the end of it: letters that only a person can decide about."""

import pytest

from newsletter.common.errors import Refused
from newsletter.delivery import deciding, sending
from newsletter.delivery.backends.base import AmbiguousSendError, PermanentSendError
from newsletter.delivery.models import Delivery
from newsletter.delivery.reconcile import reconcile
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
