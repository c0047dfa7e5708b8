"""The ledger's numbers, which balance at every moment."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """How many letters of one issue stand where."""

    frozen: int = 0
    """How many readers the fan-out froze, counted then and not from the rows."""
    queued: int = 0
    sending: int = 0
    accepted: int = 0
    rejected: int = 0
    cancelled: int = 0
    uncertain: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether every frozen reader is accounted for exactly once."""
        return self.frozen == self.unsettled + self.ended

    @property
    def unsettled(self) -> int:
        """How many letters may still move."""
        return self.queued + self.sending + self.uncertain

    @property
    def ended(self) -> int:
        """How many letters have reached their end."""
        return self.accepted + self.rejected + self.cancelled + sum(self.skipped.values())

    @property
    def settled(self) -> bool:
        """Whether nothing is queued, sending or uncertain any more."""
        return self.unsettled == 0

    def to_json(self, issue: Issue) -> dict[str, Any]:
        """Return what ``newsletter status --json`` prints."""
        return {
            "issue": issue.slug,
            "state": str(issue.state),
            "frozen": self.frozen,
            "queued": self.queued,
            "sending": self.sending,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "cancelled": self.cancelled,
            "uncertain": self.uncertain,
        }


def counts(issue: Issue) -> LedgerCounts:
    """Count the letters of an issue."""
    frozen = Batch.objects.filter(issue=issue).aggregate(total=Sum("size"))["total"] or 0
    rows = Delivery.objects.filter(issue=issue).values_list("status", "reason")
    # Reasons of other states are many and change; only a skip is told by its reason.
    by_status: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for status, reason, number in rows.annotate(number=Count("pk")).order_by("status", "reason"):
        if status == DeliveryStatus.SKIPPED:
            skipped[reason] = skipped.get(reason, 0) + number
        else:
            by_status[str(status)] = by_status.get(str(status), 0) + number
    return LedgerCounts(frozen=frozen, skipped=skipped, **by_status)
