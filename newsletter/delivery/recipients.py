"""Who is next in a batch, and which of them may be written to at this moment."""

import json
from collections.abc import Container, Iterable
from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.delivery.leases import Lease
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus, SkipReason
from newsletter.subscribers.audience import audience
from newsletter.subscribers.models import Subscriber, Suppression


class Row(NamedTuple):
    """What is read of a queued letter. Model instances would cost more than its whole journey."""

    pk: int
    subscriber_id: int
    language: str
    length: str
    attempts: int


class Reader(NamedTuple):
    """What is read of somebody who may be written to."""

    pk: int
    email: str
    name: str


# As Django would ask; for it to write these words anew costs more than the asking.
_QUEUED = """
SELECT id, subscriber_id, language, length, attempts
  FROM delivery_delivery
 WHERE issue_id = %s AND id BETWEEN %s AND %s AND status = 'queued'
 ORDER BY id
 LIMIT %s
"""


def queued(lease: Lease, after: int, size: int) -> list[Row]:
    """Return the next letters of a batch behind row ``after``."""
    batch = lease.batch
    first = max(after + 1, batch.first_id)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUED, [batch.issue_id, first, batch.last_id, size])
        return [Row(*row) for row in cursor.fetchall()]


def allowed(rows: Iterable[Row], cadence: Cadence) -> dict[int, Reader]:
    """Return those readers who may be written to at this moment."""
    ids = [row.subscriber_id for row in rows]
    bounds = {_FIRST: min(ids), _LAST: max(ids)}
    sql, parameters = _asked(cadence, connection.vendor)
    among = ids if connection.vendor == "postgresql" else json.dumps(ids)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(bounds.get(value, value) for value in parameters), among])
        return {pk: Reader(pk, email, name) for pk, email, name in cursor.fetchall()}


# No ids: they stand for those of a slice until it is asked for.
_FIRST, _LAST = -1, -2


@cache
def _asked(cadence: Cadence, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return the question for the readers of a slice, which is the same for each slice."""
    asked = audience(cadence, between=(_FIRST, _LAST)).values("id", "email", "name")
    sql, parameters = asked.order_by().query.sql_with_params()
    return _ALLOWED[vendor].format(asked=sql), parameters


# The ids are one parameter: hundreds of them would cost more than the looking up.
_ALLOWED = {
    "postgresql": "SELECT id, email, name FROM ({asked}) AS asked WHERE id = ANY(%s)",
    "sqlite": """
SELECT id, email, name FROM ({asked}) AS asked
 WHERE id IN (SELECT value FROM json_each(%s))
""",
}


def skip(rows: Iterable[Row]) -> None:
    """Settle the letters of readers who may not be written to any more, each with its reason."""
    ids_of = {row.subscriber_id: row.pk for row in rows}
    if not ids_of:
        return
    known = dict(Subscriber.objects.filter(pk__in=ids_of).values_list("pk", "address_hash"))
    closed = set(
        Suppression.objects.filter(address_hash__in=known.values()).values_list(
            "address_hash", flat=True
        )
    )
    by_reason: dict[SkipReason, list[int]] = {}
    for subscriber_id, pk in ids_of.items():
        by_reason.setdefault(_skip_reason(known.get(subscriber_id), closed), []).append(pk)
    for reason, ids in by_reason.items():
        Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.QUEUED).update(
            status=DeliveryStatus.SKIPPED, reason=reason, changed_at=clock.now()
        )


def _skip_reason(address_hash: str | None, closed: Container[str]) -> SkipReason:
    if address_hash is None:
        return SkipReason.ERASED
    return SkipReason.SUPPRESSED if address_hash in closed else SkipReason.LEFT
