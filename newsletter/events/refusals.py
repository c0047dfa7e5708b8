"""Takes for a bounce what a server refused at once: "550 5.1.1" at RCPT is one that never travelled.

Only the ledger knows of it, and delivery knows no events; so its reasons are read here,
every few minutes, and told as events like any other. Of issues at rest nothing is read.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from newsletter.common import clock
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.kinds import EventKind, ReceivedEvent, bounce_kind, meaning_of
from newsletter.events.models import ReadThrough
from newsletter.events.record import record
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState

PROVIDER = "refused at once"
_NAME = "refusals"
_OVERLAP = timedelta(minutes=5)
# What servers say of a reader: at RCPT, or of the letter as a whole. A code without its
# enhanced one says too little: many servers answer 550 to what they take for spam.
_BY_SMTP = re.compile(r"(?:rcpt|data|end of data) \d{3} ([45]\.\d{1,3}\.\d{1,3})$")
_BY_SENDGRID = re.compile(r"http 400 to\.email$")


def take() -> int:
    """Store what was refused since the last look; return how much of it was new."""
    now = clock.now()
    read = ReadThrough.objects.filter(name=_NAME).first()
    since = read.through - _OVERLAP if read else None
    stored = sum(record(PROVIDER, list(_events(*span, since))).stored for span in _spans(since))
    ReadThrough.objects.update_or_create(name=_NAME, defaults={"through": now})
    return stored


def _spans(since: datetime | None) -> Iterator[tuple[int, int, int]]:
    """Yield each issue that may have changed since then, with the range of its rows."""
    moved = Q(state__in=(IssueState.SENDING, IssueState.PAUSED))
    moved |= Q(finished_at__gt=since) if since else Q(finished_at__isnull=False)
    batches = Batch.objects.filter(issue__in=Issue.objects.filter(moved).values("pk"))
    spans = batches.values_list("issue_id").annotate(first=Min("first_id"), last=Max("last_id"))
    yield from spans.order_by("issue_id")


def _events(
    issue_id: int, first: int, last: int, since: datetime | None
) -> Iterator[ReceivedEvent]:
    rows = Delivery.objects.filter(
        issue_id=issue_id, pk__range=(first, last), status=DeliveryStatus.REJECTED
    )
    if since is not None:
        rows = rows.filter(changed_at__gt=since)
    for pk, attempt, reason, at in rows.values_list("pk", "attempt", "reason", "changed_at"):
        kind = _kind(reason)
        if kind is not None and attempt:
            yield ReceivedEvent(
                event_id=f"{pk}.{attempt}",
                kind=kind,
                at=at,
                delivery_id=pk,
                attempt=attempt,
                signed=True,  # it is our own row that says so
                meaning=meaning_of(kind),
                raw={"reason": reason},
            )


def _kind(reason: str) -> EventKind | None:
    """Return which bounce a reason of the ledger is; ``None`` where it says nothing of a mailbox."""
    if _BY_SENDGRID.search(reason):
        return EventKind.HARD_BOUNCED
    said = _BY_SMTP.search(reason)
    return bounce_kind(said[1]) if said else None
