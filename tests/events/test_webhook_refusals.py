"""What the webhook turns away, and that nothing of it is kept (S14, S15)."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from newsletter.common import clock
from newsletter.events.models import DeliveryFate, MessageEvent
from newsletter.events.signature import is_signed
from tests.events.given import PATH, PUBLIC_KEY, an_event, an_issue_that_left, post, signed
from tests.events.given import suppressed as is_suppressed
from tests.shared_data import SHARED, needs_shared_data

pytestmark = pytest.mark.django_db
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@pytest.fixture
def letter():
    return an_issue_that_left("bora@example.com")["bora@example.com"]


@pytest.fixture
def body(letter):
    return json.dumps([an_event(letter, "bounce", type="bounce")]).encode() + b"\r\n"


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert MessageEvent.objects.count() == DeliveryFate.objects.count() == 0
    assert not is_suppressed("bora@example.com")


@needs_shared_data
def test_s14_the_published_test_vector_holds():
    vector = json.loads((SHARED / "data/sendgrid/event_webhook_signature_vector.json").read_text())
    raw, at, mark = vector["body"].encode(), vector["timestamp"], vector["signature"]
    right, wrong = [vector["public_key"]], [vector["wrong_public_key"]]
    assert is_signed(raw, at, mark, right)
    assert is_signed(raw, at, mark, [*wrong, *right])
    assert not is_signed(raw, at, mark, wrong)
    assert not is_signed(raw, at, vector["wrong_signature"], right)
    assert not is_signed(raw.rstrip(b"\r\n"), at, mark, right)


def test_s14_every_flipped_bit_breaks_the_signature(body):
    headers = signed(body)
    for place in range(0, len(body), 7):
        forged = bytearray(body)
        forged[place] ^= 1
        assert not is_signed(bytes(forged), headers[TIMESTAMP], headers[SIGNATURE], [PUBLIC_KEY])
    forged = bytearray(body)
    forged[10] ^= 1
    refused(post(bytes(forged), headers), 403, "webhook.signature")


def test_s14_the_same_events_written_otherwise_are_refused(body):
    again = json.dumps(json.loads(body), indent=1).encode()
    refused(post(again, signed(body)), 403, "webhook.signature")


def test_s14_another_key_is_refused(body):
    other = signed(body, key=ec.generate_private_key(ec.SECP256R1()))
    refused(post(body, other), 403, "webhook.signature")


@pytest.mark.parametrize(
    "mark",
    [None, "", "%%%", "AAAA", "a", "é", base64.b64encode(b"0" * 70).decode()],
)
def test_s14_a_signature_that_is_none_is_refused_and_breaks_nothing(body, mark):
    headers = signed(body)
    headers.pop(SIGNATURE) if mark is None else headers.update({SIGNATURE: mark})
    refused(post(body, headers), 403, "webhook.signature")


def test_s14_a_missing_timestamp_is_refused(body):
    headers = signed(body)
    del headers[TIMESTAMP]
    refused(post(body, headers), 403, "webhook.signature")


@pytest.mark.parametrize("hours", [-1, 27, 24 * 365])
def test_s14_an_old_recording_and_a_post_from_the_future_are_refused(body, hours):
    headers = signed(body, clock.now() - timedelta(hours=hours))
    refused(post(body, headers), 403, "webhook.stale")


def test_s14_a_timestamp_that_is_no_number_is_stale_even_if_signed(body):
    from cryptography.hazmat.primitives.hashes import SHA256

    from tests.events.given import KEY

    for moment in ("yesterday", "9" * 40, "-1"):
        mark = KEY.sign(moment.encode() + body, ec.ECDSA(SHA256()))
        headers = {TIMESTAMP: moment, SIGNATURE: base64.b64encode(mark).decode()}
        refused(post(body, headers), 403, "webhook.stale")


def test_s14_without_a_key_a_public_site_takes_nothing(body, settings):
    settings.SENDGRID_WEBHOOK_KEY = []
    settings.BASE_URL = "https://news.example.com"
    refused(post(body), 403, "webhook.unsigned")


def test_without_a_key_a_site_on_this_machine_takes_events(body, settings):
    settings.SENDGRID_WEBHOOK_KEY = []
    assert post(body, {}).json()["stored"] == 1


def test_a_key_that_is_none_is_our_own_fault_and_the_provider_tries_again(body, settings):
    settings.SENDGRID_WEBHOOK_KEY = ["bm90IGEga2V5"]
    refused(post(body), 503, "config.webhook_key")


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-384", "secp256k1", "Ed25519", "RSA"],
)
def test_a_key_of_another_kind_is_our_own_fault_as_well(body, settings, key):
    octets = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings.SENDGRID_WEBHOOK_KEY = [base64.b64encode(octets).decode()]
    refused(post(body), 503, "config.webhook_key")


def test_while_a_key_is_replaced_both_are_good(body, settings):
    other = ec.generate_private_key(ec.SECP256R1())
    assert settings.SENDGRID_WEBHOOK_KEY == [PUBLIC_KEY]
    refused(post(body, signed(body, key=other)), 403, "webhook.signature")
    octets = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings.SENDGRID_WEBHOOK_KEY = [PUBLIC_KEY, base64.b64encode(octets).decode()]
    assert post(body, signed(body, key=other)).status_code == 200


def test_s14_more_than_five_megabytes_are_refused_unread():
    body = b"[" + b" " * (5 * 1024 * 1024) + b"]"
    refused(post(body), 413, "webhook.too_large")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'"text"', b"[1]", b"[[]]", b"not json", b"\xff\xfe", b"[" * 100_000, b"[{}"],
)
def test_s14_what_is_no_list_of_events_is_refused(body):
    refused(post(body), 400, "webhook.shape")


def test_nobody_gets_the_address_to_look_at():
    assert Client().get(PATH).status_code == 405


def foreign(answer, number=1):
    assert answer.status_code == 200
    assert answer.json() == {"stored": 0, "known": 0, "skipped": {"foreign": number}}
    assert MessageEvent.objects.count() == 0


def test_s15_an_event_with_another_readers_address_touches_nothing(letter):
    foreign(post([an_event(letter, "spamreport", email="somebody@example.com")]))
    assert not is_suppressed("bora@example.com")
    assert not is_suppressed("somebody@example.com")


@pytest.mark.parametrize(
    "ids",
    [
        {"delivery": "999999"},
        {"delivery": "9" * 18},
        {"delivery": "9" * 40},
        {"delivery": "-1"},
        {"delivery": 1},
        {"delivery": None},
        {"attempt": None},
        {"attempt": "preview"},
        {"attempt": "n1-1"},
        {"email": "보라@example.com"},
        {"email": "\ud800@example.com"},
        {"email": ["bora@example.com"]},
    ],
    ids=str,
)
def test_s15_an_event_of_no_letter_of_ours_is_counted_and_forgotten(letter, ids):
    foreign(post([an_event(letter, "bounce", **ids)]))


def test_s15_letters_of_an_erased_reader_are_nobodys(letter):
    letter.subscriber.delete()
    foreign(post([an_event(letter, "delivered", email="bora@example.com")]))
