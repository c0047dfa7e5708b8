"""A few letters at a time: taken from a batch, and their outcomes written back.

The size of a slice is the crash window: what a killed worker leaves in doubt is at
most one slice. Consent is read again here, in the same transaction that marks the
rows as sending, so nobody who has just left is written to.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection, transaction

from newsletter.common import clock
from newsletter.common.cadence import Cadence, Language, Length, Variant
from newsletter.common.tokens import Purpose
from newsletter.delivery import message_ids, recipients, verp
from newsletter.delivery.backends.base import OutgoingMessage
from newsletter.delivery.leases import Lease
from newsletter.delivery.models import Delivery
from newsletter.delivery.recipients import Reader, Row
from newsletter.delivery.status import DeliveryStatus, may_move
from newsletter.render.mail import PersonalValues
from newsletter.subscribers import links


@dataclass(frozen=True, slots=True)
class Slice:
    """Letters that are being handed over under one attempt id."""

    attempt: str
    last_id: int
    messages: Mapping[Variant, list[OutgoingMessage]]
    attempts: Mapping[int, int]
    """How often each row was tried before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written into one row after a slice."""

    delivery_id: int
    status: DeliveryStatus
    reason: str = ""
    provider_id: str = ""
    tried: int = 1


def take(lease: Lease, after: int, size: int) -> Slice | None:
    """Mark the next ``size`` letters behind row ``after`` as sending.

    Returns ``None`` when none is left, when the issue was paused or cancelled, or
    when the batch went to somebody else.
    """
    with transaction.atomic():
        if not lease.extend():
            return None
        rows = recipients.queued(lease, after, size)
        if not rows:
            return None
        readers = recipients.allowed(rows, Cadence(lease.batch.issue.cadence))
        recipients.skip([row for row in rows if row.subscriber_id not in readers])
        attempt = secrets.token_hex(8)
        allowed = [row for row in rows if row.subscriber_id in readers]
        kept = _mark_sending(allowed, lease, attempt)
    return Slice(
        attempt,
        last_id=rows[-1].pk,
        messages=_messages(kept, readers, attempt, lease),
        attempts={row.pk: row.attempts for row in kept},
    )


def record(attempt: str, verdicts: Iterable[Verdict], *, whole: bool = False) -> int:
    """Write the outcomes of a slice in one statement; return how many rows took them.

    Only rows that still carry this attempt id are touched: a worker that comes back
    late changes nothing that was taken from it and given to another attempt. ``whole``
    promises a verdict for every letter of the attempt, which may save naming them.
    """
    verdicts = list(verdicts)
    _refuse_impossible({verdict.status for verdict in verdicts})
    told = {verdict.delivery_id: _as_json(verdict) for verdict in verdicts}
    if not told:
        return 0
    first, *others = told.values()
    alike = whole and all(other == first for other in others)
    said = first if alike else [json.dumps(told)]
    statement = _RECORD_ALIKE if alike else _RECORD[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement, [clock.now(), *said, min(told), max(told), attempt])
        return int(cursor.rowcount)


def _refuse_impossible(ends: Iterable[DeliveryStatus]) -> None:
    """Ask the table of moves; letters whose verdict is refused stay as they are, and end in doubt."""
    for end in ends:
        if not may_move(DeliveryStatus.SENDING, end):
            raise ValueError(f"a letter that is being handed over cannot become {end}")


def _as_json(verdict: Verdict) -> list[str | int]:
    return [verdict.status, verdict.reason[:100], verdict.provider_id, verdict.tried]


# A slice whose letters all had one outcome, as after one request to SendGrid: a third of the
# work for PostgreSQL. The attempt id belongs to this slice alone, so nothing lists the ids.
_RECORD_ALIKE = """
UPDATE delivery_delivery
   SET changed_at = %s, status = %s, reason = %s, provider_id = %s, attempts = attempts + %s
 WHERE id BETWEEN %s AND %s
   AND attempt = %s
   AND status IN ('sending', 'uncertain')
"""
# Otherwise the verdicts are one parameter of JSON, by id: a parameter for each value would cost
# PostgreSQL more than the update itself. The range lets it walk the primary key, whatever
# its statistics of a table that was empty a minute ago say.
_RECORD = {
    "postgresql": """
UPDATE delivery_delivery
   SET changed_at = %s,
       status = verdicts -> id::text ->> 0,
       reason = verdicts -> id::text ->> 1,
       provider_id = verdicts -> id::text ->> 2,
       attempts = attempts + (verdicts -> id::text ->> 3)::integer
  FROM (SELECT %s::jsonb AS verdicts) AS told
 WHERE id BETWEEN %s AND %s
   AND jsonb_exists(verdicts, id::text)
   AND attempt = %s
   AND status IN ('sending', 'uncertain')
""",
    "sqlite": """
UPDATE delivery_delivery
   SET changed_at = %s,
       status = json_extract(told.value, '$[0]'),
       reason = json_extract(told.value, '$[1]'),
       provider_id = json_extract(told.value, '$[2]'),
       attempts = attempts + json_extract(told.value, '$[3]')
  FROM json_each(%s) AS told
 WHERE delivery_delivery.id BETWEEN %s AND %s
   AND delivery_delivery.id = CAST(told.key AS INTEGER)
   AND delivery_delivery.attempt = %s
   AND delivery_delivery.status IN ('sending', 'uncertain')
""",
}


def _mark_sending(rows: Sequence[Row], lease: Lease, attempt: str) -> list[Row]:
    """Mark rows, and return those that took it: the issue may be cancelled at this moment."""
    if not rows:
        return []
    span = [lease.batch.issue_id, rows[0].pk, rows[-1].pk]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [attempt, clock.now(), *span])
        taken = {pk for (pk,) in cursor.fetchall()}
    kept = [row for row in rows if row.pk in taken]
    if len(kept) < len(taken):
        # Queued again by a person since they were read: their turn is next time.
        unread = taken - {row.pk for row in rows}
        Delivery.objects.filter(pk__in=unread).update(status=DeliveryStatus.QUEUED, attempt="")
    return kept


# A range and not a list of ids: half the work for the database. The state is a condition
# on the row itself, so that a cancellation at this very moment wins or loses whole.
_MARK = """
UPDATE delivery_delivery
   SET status = 'sending', attempt = %s, changed_at = %s
 WHERE issue_id = %s AND id BETWEEN %s AND %s AND status = 'queued'
RETURNING id
"""


def _messages(
    rows: Iterable[Row], readers: Mapping[int, Reader], attempt: str, lease: Lease
) -> dict[Variant, list[OutgoingMessage]]:
    messages: dict[Variant, list[OutgoingMessage]] = {}
    message_id = message_ids.maker(lease.batch.issue)
    return_path = _return_paths()
    values = _letter_values()
    for row in rows:
        reader = readers[row.subscriber_id]
        message = OutgoingMessage(
            delivery_id=row.pk,
            attempt=attempt,
            address=reader.email,
            values=values(reader),
            message_id=message_id(row.pk),
            return_path=return_path(row.pk),
        )
        messages.setdefault(_variant(row.language, row.length), []).append(message)
    return messages


@cache
def _variant(language: str, length: str) -> Variant:
    return Variant(Language(language), Length(length))


def _return_paths() -> Callable[[int], str]:
    address, key = settings.BOUNCE_ADDRESS, settings.SECRET_KEY.encode()
    if not address:
        return lambda _: ""
    return lambda delivery_id: verp.return_path(delivery_id, address, key)


def _letter_values() -> Callable[[Reader], PersonalValues]:
    unsubscribe = links.maker(Purpose.UNSUBSCRIBE)
    preferences = links.maker(Purpose.PREFERENCES)
    return lambda reader: PersonalValues(
        name=reader.name,
        unsubscribe=unsubscribe(reader.pk),
        preferences=preferences(reader.pk),
    )
