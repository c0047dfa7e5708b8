"""Letters to one person: confirmations, welcomes, goodbyes, word to the editors, previews.

A notice is a row written in the transaction of its cause, so neither a dead broker
nor a rolled-back page sends the wrong thing. Whoever runs tasks listens to
``queued`` and publishes it after commit; what it misses, the reconciler finds.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.common.errors import NewsletterError
from newsletter.common.tokens import Purpose
from newsletter.delivery import message_ids, preview
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    Letter,
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
from newsletter.delivery.signals import queued
from newsletter.delivery.status import DeliveryStatus, SkipReason
from newsletter.issues.models import Issue
from newsletter.render.compile import compile_notice
from newsletter.render.mail import PersonalValues
from newsletter.subscribers import links
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.suppression import is_suppressed_text

logger = logging.getLogger(__name__)

PREVIEW = "preview"
"""The kind of a notice that shows an issue to whoever should look at it first."""
MAX_ATTEMPTS = 8
# A notice is one letter, but it may wait for a slow server on the way.
_LEASE = timedelta(seconds=180)
_FIRST_WAIT_SECONDS = 20
# A person has to mend something, and is in no hurry as a rule.
_HALT_SECONDS = 600
# Longer than any outage; then whoever asked for it has given up too.
_LONGEST_WAIT = timedelta(days=3)
# Long enough to see how it ended; an address of nobody's list is not kept for longer.
_PREVIEWS_KEPT_FOR = timedelta(days=30)
# The listener publishes a new notice at once; only what it missed is due.
_GRACE = timedelta(seconds=20)
# A page waits for this. Where the broker is away, each announcement may take as long again.
_ANNOUNCE_SECONDS = 0.5


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
    transaction.on_commit(lambda: _announce([notice.pk]))
    return notice


def deliver(notice_id: int, backend: MailBackend) -> None:
    """Hand a notice over, unless that was done or somebody is doing it."""
    notice = _claim(notice_id)
    if notice is None:
        return
    if notice.attempts > MAX_ATTEMPTS:
        _settle(notice, DeliveryStatus.REJECTED, "gave up")
        return
    if _must_not_leave(notice):
        _settle(notice, DeliveryStatus.SKIPPED, SkipReason.SUPPRESSED)
        return
    try:
        letter = _letter(notice)
    except NewsletterError as broken:
        _settle(notice, DeliveryStatus.REJECTED, broken.code)
        return
    outcomes = list(backend.send(letter, [_message(notice)]))
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


def preview_of(issue: Issue, addresses: Iterable[str], language: Language) -> None:
    """Send an issue as it stands when the letter is made; no reader and no number changes.

    Raises :class:`BadInput` for what is no address.
    """
    free = clock.now() + _GRACE
    keys = {address: parse_address(address).key for address in addresses}
    # What went to a reader is erased with them.
    known = {one.email_key: one for one in Subscriber.objects.filter(email_key__in=keys.values())}
    written = Notice.objects.bulk_create(
        Notice(
            kind=PREVIEW,
            address=address,
            subscriber=known.get(key),
            language=language,
            issue=issue,
            lease_until=free,
        )
        for address, key in keys.items()
    )
    transaction.on_commit(lambda: _announce([notice.pk for notice in written]))


def previews_of(issue: Issue, most: int) -> list[Notice]:
    """Return the last previews of an issue, the newest first."""
    return list(Notice.objects.filter(kind=PREVIEW, issue=issue).order_by("-pk")[:most])


def forget_previews() -> None:
    """Forget to whom an issue was shown long ago."""
    Notice.objects.filter(kind=PREVIEW, created_at__lt=clock.now() - _PREVIEWS_KEPT_FOR).delete()


def due() -> list[int]:
    """Return the notices that wait to be published again."""
    waiting = Notice.objects.filter(status=DeliveryStatus.QUEUED, lease_until__lt=clock.now())
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:500])


def _announce(notice_ids: Iterable[int]) -> None:
    """Have notices published, as many as a moment allows: the reconciler finds the rest."""
    gives_up = time.monotonic() + _ANNOUNCE_SECONDS
    for notice_id in notice_ids:
        if time.monotonic() > gives_up:
            return
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
    if status is not DeliveryStatus.ACCEPTED:
        logger.warning("notice %s (%s): %s, %s", notice.pk, notice.kind, status, reason)
    Notice.objects.filter(pk=notice.pk).update(status=status, reason=reason[:100], context={})


def _must_not_leave(notice: Notice) -> bool:
    """Whether it would reach a mailbox that is never written to; editors hear of trouble even so."""
    is_alarm = notice.subscriber is None and notice.kind != PREVIEW
    return not is_alarm and is_suppressed_text(notice.address)


def _letter(notice: Notice) -> Letter:
    language = Language(notice.language)
    if notice.issue:
        return preview.letter_of(notice.issue, language)
    return notice_letter(compile_notice(notice.kind, language, site(), notice.context))


def _message(notice: Notice) -> OutgoingMessage:
    if notice.issue:
        return preview.message(notice.pk, notice.address, message_ids.of_notice(notice))
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
