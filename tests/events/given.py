"""Given: letters that have left, events that a provider tells of them, and its signature."""

import base64
import itertools
import json
import time
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.delivery import sending
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.models import DeliveryFate
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Suppression
from newsletter.subscribers.suppression import is_suppressed
from tests.factories import a_weekly
from tests.readers import a_reader

ATTEMPT = "00c0ffee00c0ffee"
PATH = "/webhooks/sendgrid"
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()

_numbers = itertools.count(1)


def an_issue_that_left(
    *addresses: str, status: DeliveryStatus = DeliveryStatus.ACCEPTED
) -> dict[str, Delivery]:
    """The letters of one weekly, by the address of the reader."""
    issue = a_weekly()
    for address in addresses:
        a_reader(address, Cadence.WEEKLY)
    editing.approve(issue, "지은")
    sending.start(issue.pk, "지은")
    Delivery.objects.filter(issue=issue).update(status=status, attempt=ATTEMPT, attempts=1)
    rows = Delivery.objects.filter(issue=issue).select_related("subscriber", "issue__revision")
    return {row.subscriber.email: row for row in rows}


def earlier_letter(delivery: Delivery, days: int, facts: int) -> None:
    """Give the reader of ``delivery`` one more letter, of so many days ago and with this fate."""
    start = clock.now() - timedelta(days=days)
    issue = Issue.objects.create(
        cadence=Cadence.DAILY,
        window_start=start - timedelta(days=1),
        window_end=start,
        slug=f"{start:%Y-%m-%d}-daily",
        title="지난 호",
        subject="지난 호",
        style="top5",
        started_at=start,
    )
    older = Delivery.objects.create(
        id=delivery.pk - days,  # ids rise with time
        issue=issue,
        subscriber_id=delivery.subscriber_id,
        language="ko",
        status=DeliveryStatus.ACCEPTED,
        changed_at=start,
    )
    DeliveryFate.objects.create(delivery=older, facts=facts)


def an_event(delivery: Delivery, event: str, /, **fields: object) -> dict[str, object]:
    """What SendGrid tells of a letter; ``fields`` overrule what it usually says."""
    told: dict[str, object] = {
        "email": delivery.subscriber.email,
        "event": event,
        "timestamp": int(time.time()),
        "sg_event_id": f"event-{next(_numbers)}",
        "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1",
        "delivery": str(delivery.pk),
        "attempt": ATTEMPT,
        **fields,
    }
    return {name: value for name, value in told.items() if value is not None}


def signed(body: bytes, at: datetime | None = None, key: ec.EllipticCurvePrivateKey = KEY) -> dict:
    """The headers of a post that SendGrid signed."""
    moment = str(int((at or clock.now()).timestamp()))
    mark = key.sign(moment.encode() + body, ec.ECDSA(SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Timestamp": moment,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(mark).decode(),
    }


def post(events: object, headers: dict | None = None):
    """Post events as SendGrid does; ``headers`` overrule its signature."""
    body = events if isinstance(events, bytes) else json.dumps(events).encode() + b"\r\n"
    client = Client(enforce_csrf_checks=True)
    return client.post(
        PATH,
        body,
        content_type="application/json",
        headers=signed(body) if headers is None else headers,
    )


def suppressed(address: str) -> bool:
    return is_suppressed(parse_address(address))


def reasons() -> list[str]:
    return sorted(Suppression.objects.values_list("reason", flat=True))


def facts_of(delivery: Delivery) -> int:
    return DeliveryFate.objects.get(delivery=delivery).facts
