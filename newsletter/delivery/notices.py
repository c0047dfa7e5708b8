"""Letters that are not issues: confirmations, welcomes, goodbyes, word to the editors.

A notice is a row written in the transaction of its cause, so neither a dead broker
nor a rolled-back page sends the wrong thing. Whoever runs tasks listens to
``queued`` and publishes it after commit; what it misses, the reconciler finds.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal

from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.common.errors import NewsletterError
from newsletter.common.tokens import Purpose
from newsletter.delivery import message_ids
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    MailBackend,
    NotHandedOver,
    OutgoingMessage,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.letters import notice_letter, site
from newsletter.delivery.models import Notice
from newsletter.delivery.status import DeliveryStatus
from newsletter.render.compile import compile_notice
from newsletter.render.mail import PersonalValues
from newsletter.subscribers import links
from newsletter.subscribers.models import Subscriber

queued = Signal()
"""Sent after commit, with ``notice_id``."""

MAX_ATTEMPTS = 8
# A notice is one letter, but it may wait for a slow server on the way.
_LEASE = timedelta(seconds=180)
_FIRST_WAIT_SECONDS = 20
# A person has to mend something, and is in no hurry as a rule.
_HALT_SECONDS = 600
# Longer than any outage; then whoever asked for it has given up too.
_LONGEST_WAIT = timedelta(days=3)
# The listener publishes a new notice at once; only what it missed is due.
_GRACE = timedelta(seconds=20)


def queue(
    kind: str,
    *,
    address: str,
    language: Language,
    subscriber: Subscriber | None = None,
    context: Mapping[str, str] | None = None,
) -> Notice:
    """Write a notice; it leaves soon after the caller's transaction is committed."""
    notice = Notice.objects.create(
        kind=kind,
        address=address,
        language=language,
        subscriber=subscriber,
        context=dict(context or {}),
        lease_until=clock.now() + _GRACE,
    )
    transaction.on_commit(lambda: _announce(notice.pk))
    return notice


def deliver(notice_id: int, backend: MailBackend) -> None:
    """Hand a notice over, unless that was done or somebody is doing it."""
    notice = _claim(notice_id)
    if notice is None:
        return
    if notice.attempts > MAX_ATTEMPTS:
        _settle(notice, DeliveryStatus.REJECTED, "gave up")
        return
    try:
        mail = compile_notice(notice.kind, Language(notice.language), site(), notice.context)
    except NewsletterError as broken:
        _settle(notice, DeliveryStatus.REJECTED, broken.code)
        return
    outcomes = list(backend.send(notice_letter(mail), [_message(notice)]))
    match outcomes[0].result:
        case SendReceipt():
            _settle(notice, DeliveryStatus.ACCEPTED)
        case Throttled() | Unavailable() | NotHandedOver() as error:
            _wait(notice, error.reason, max(error.retry_after or 0.0, _FIRST_WAIT_SECONDS))
        case HaltSending(reason=reason):
            _wait(notice, reason, _HALT_SECONDS)
        case TransientSendError(reason=reason):
            _put_off(notice, reason)
        case AmbiguousSendError(reason=reason):
            # Never repeated: whoever asked for it can ask again, and knows whether it came.
            _settle(notice, DeliveryStatus.UNCERTAIN, reason)
        case error:
            _settle(notice, DeliveryStatus.REJECTED, error.reason)


def due() -> list[int]:
    """Return the notices that wait to be published again."""
    waiting = Notice.objects.filter(status=DeliveryStatus.QUEUED, lease_until__lt=clock.now())
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:500])


def _announce(notice_id: int) -> None:
    queued.send_robust(Notice, notice_id=notice_id)


def _claim(notice_id: int) -> Notice | None:
    """Take a notice by compare-and-set on its number of attempts."""
    notice = Notice.objects.filter(pk=notice_id, status=DeliveryStatus.QUEUED).first()
    if notice is None:
        return None
    now = clock.now()
    fresh = Q(attempts=0, reason="") | Q(lease_until=None) | Q(lease_until__lt=now)
    won = Notice.objects.filter(
        fresh, pk=notice_id, status=DeliveryStatus.QUEUED, attempts=notice.attempts
    ).update(attempts=F("attempts") + 1, lease_until=now + _LEASE)
    notice.attempts += 1
    return notice if won else None


def _wait(notice: Notice, reason: str, seconds: float) -> None:
    """Keep a notice that no server has seen: nothing of its attempts is used up."""
    if clock.now() - notice.created_at > _LONGEST_WAIT:
        _settle(notice, DeliveryStatus.REJECTED, f"gave up: {reason}")
        return
    Notice.objects.filter(pk=notice.pk).update(
        attempts=F("attempts") - 1,
        lease_until=clock.now() + timedelta(seconds=seconds),
        reason=reason[:100],
    )


def _put_off(notice: Notice, reason: str) -> None:
    if notice.attempts >= MAX_ATTEMPTS:
        _settle(notice, DeliveryStatus.REJECTED, f"gave up: {reason}")
        return
    wait = timedelta(seconds=_FIRST_WAIT_SECONDS * 2**notice.attempts)
    Notice.objects.filter(pk=notice.pk).update(lease_until=clock.now() + wait, reason=reason[:100])


def _settle(notice: Notice, status: DeliveryStatus, reason: str = "") -> None:
    """Write the end. What the notice said is forgotten: it may hold links that open things."""
    Notice.objects.filter(pk=notice.pk).update(status=status, reason=reason[:100], context={})


def _message(notice: Notice) -> OutgoingMessage:
    reader = notice.subscriber
    return OutgoingMessage(
        delivery_id=notice.pk,
        attempt=f"n{notice.pk}-{notice.attempts}",
        address=notice.address,
        values=PersonalValues(
            name=reader.name if reader else "",
            unsubscribe=links.token(Purpose.UNSUBSCRIBE, reader.pk) if reader else "",
            preferences=links.token(Purpose.PREFERENCES, reader.pk) if reader else "",
        ),
        message_id=message_ids.of_notice(notice),
    )
