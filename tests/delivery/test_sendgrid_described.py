"""Every kind of request that we make, held against SendGrid's own description of its API."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.common import clock
from newsletter.delivery.backends.base import RecallWindow, SendReceipt
from newsletter.delivery.backends.sendgrid import SendGridBackend
from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
from tests.delivery.given import a_letter, a_message
from tests.delivery.openapi import follow, problems
from tests.shared_data import SHARED, needs_shared_data

pytestmark = needs_shared_data
SEND = "/v3/mail/send"


def described(file, path, method="post"):
    """The schema of a request's body, and the file that it refers to."""
    root = json.loads((SHARED / "data" / "sendgrid" / file).read_text())
    body = root["paths"][path][method]["requestBody"]
    body = follow(body["$ref"], root) if "$ref" in body else body
    return body["content"]["application/json"]["schema"], root


def a_letter_with_a_window():
    send_at = clock.now() + timedelta(minutes=30)
    return replace(a_letter(), window=RecallWindow(1, send_at))


@pytest.mark.parametrize(
    ("letter", "sandbox"),
    [
        (a_letter(), False),
        (a_letter(bulk=False), False),
        (a_letter("주제", prefix="[미리보기] "), True),
        (a_letter_with_a_window(), False),
    ],
    ids=["newsletter", "notice", "preview in the sandbox", "with a recall window"],
)
def test_a_request_is_as_described(letter, sandbox):
    messages = [a_message(1), a_message(2, "<b>하늘</b>"), a_message(3, "")]
    with fake_sendgrid() as fake:
        backend = SendGridBackend(KEY, fake.url, sandbox=sandbox, batch_of=lambda _, make: make())
        outcomes = list(backend.send(letter, messages))
    assert {type(outcome.result) for outcome in outcomes} == {SendReceipt}
    schema, root = described("tsg_mail_v3.json", SEND)
    assert [problems(body, schema, root) for body in fake.requests] == [[]]


def test_a_cancellation_is_as_described():
    schema, root = described("tsg_scheduled_sends_v3.json", "/v3/user/scheduled_sends")
    assert problems({"batch_id": "batch-0", "status": "cancel"}, schema, root) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"from": {"email": "a@example.com"}, "personalizations": [{}]},
        {"from": {"email": "a@example.com"}, "personalizations": [{"to": [{}]}]},
        {"from": {"email": "a@example.com"}, "personalizations": [{"to": []}] * 1001},
        {"from": {}, "personalizations": [], "send_at": "soon"},
        {"from": {"email": "a@example.com"}, "personalizations": [], "trackers": {}},
    ],
)
def test_the_check_itself_can_fail(body):
    schema, root = described("tsg_mail_v3.json", SEND)
    assert problems(body, schema, root)
