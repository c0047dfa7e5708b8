"""F13: who is blamed when SendGrid refuses a request for what is in it, and when nobody is."""

import pytest

from newsletter.delivery.backends.base import (
    HaltSending,
    PermanentSendError,
    SendReceipt,
    Throttled,
)
from tests.delivery.fake_sendgrid import fake_sendgrid
from tests.delivery.test_sendgrid import only, says, send


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


def test_f13_a_named_culprit_costs_two_more_requests(sendgrid):
    sendgrid.poisoned.add("reader400@example.com")
    results = send(sendgrid, 1000)
    assert isinstance(results.pop(400), PermanentSendError)
    only(SendReceipt, results)
    assert len(sendgrid.requests) <= 3
    assert len(sendgrid.mails) == 999


def test_f13_several_named_culprits_are_left_out_together(sendgrid):
    places = (3, 400, 1000)
    errors = [{"message": "bad", "field": f"personalizations.{n - 1}.to.0.email"} for n in places]
    sendgrid.misbehave.append(says(400, errors))
    results = send(sendgrid, 1000)
    assert {n for n, result in results.items() if isinstance(result, PermanentSendError)} == {
        *places
    }
    assert [len(body["personalizations"]) for body in sendgrid.requests] == [1000, 997]


def test_f13_a_refusal_that_names_hundreds_is_ours_and_stops_everything(sendgrid):
    errors = [{"message": "bad", "field": f"personalizations.{n}.headers"} for n in range(200)]
    sendgrid.misbehave.append(says(400, errors))
    only(HaltSending, send(sendgrid, 1000))
    assert len(sendgrid.requests) == 1


def test_f13_a_named_place_that_does_not_exist_is_not_believed(sendgrid):
    sendgrid.misbehave.append(says(400, [{"message": "?", "field": "personalizations.9.to.0"}]))
    only(SendReceipt, send(sendgrid, 4))
    assert [len(body["personalizations"]) for body in sendgrid.requests] == [4, 2, 2]


@pytest.mark.parametrize("field", [None, "personalizations.0.headers"])
def test_f13_when_everybody_is_refused_a_person_is_asked_and_nobody_rejected(sendgrid, field):
    sendgrid.always = says(400, [{"message": "no idea", "field": field}])
    only(HaltSending, send(sendgrid, 1000))
    assert len(sendgrid.requests) <= 50


def test_f13_when_trouble_comes_before_anybody_was_accepted_nobody_is_rejected(sendgrid):
    refused = says(400, [{"message": "no idea", "field": None}])
    sendgrid.misbehave.extend([refused] * 4 + [says(429, [{"message": "slow"}])])
    only(Throttled, send(sendgrid, 4))


def test_f13_the_last_reader_of_a_list_may_be_refused_alone(sendgrid):
    sendgrid.poisoned.add("reader1@example.com")
    sendgrid.names_the_field = False
    only(PermanentSendError, send(sendgrid, 1))


def test_f13_an_unnamed_culprit_is_found_in_twenty_more_requests(sendgrid):
    sendgrid.poisoned.add("reader777@example.com")
    sendgrid.names_the_field = False
    results = send(sendgrid, 1000)
    assert isinstance(results.pop(777), PermanentSendError)
    only(SendReceipt, results)
    assert len(sendgrid.requests) <= 21
    assert len(sendgrid.mails) == 999
