"""Whose turn it is to reconcile: a lease on one row, which any process may take.

Two at once would do no harm, for every step is a compare-and-set of its own; one after
the other is less work. A holder that is gone, or too late, loses its turn, and so nobody
depends on one process, nor on beat.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from newsletter.delivery import holders, leases
from newsletter.delivery.models import Reconciler

# Longer than any step takes, as a rule; what is late only finds somebody else beside it.
LEASE = timedelta(seconds=15)
_ONLY = 1


@dataclass(slots=True)
class Turn:
    """One process's turn at the reconciler's row."""

    fence: int
    _renewed: float = field(default_factory=time.monotonic)

    def renew(self) -> bool:
        """Hold on, before the next step; ``False`` where somebody else has taken over."""
        if time.monotonic() - self._renewed < LEASE.total_seconds() / 3:
            return True
        self._renewed = time.monotonic()
        return bool(self._mine().update(lease_until=leases.shared_now() + LEASE))

    def end(self, failed: Iterable[str]) -> None:
        """Let go, and write down which steps failed; who has lost the turn changes nothing."""
        told = ", ".join(dict.fromkeys(failed))[:200]
        self._mine().update(holder="", lease_until=None, ended_at=leases.shared_now(), failed=told)

    def _mine(self) -> QuerySet[Reconciler]:
        return Reconciler.objects.filter(pk=_ONLY, fence=self.fence)


def take() -> Turn | None:
    """Take the turn; ``None`` where somebody has it who lives and is not too late."""
    row, _ = Reconciler.objects.get_or_create(pk=_ONLY)
    now = leases.shared_now()
    if not _is_free(row, now):
        return None
    won = Reconciler.objects.filter(pk=_ONLY, fence=row.fence).update(
        fence=F("fence") + 1, holder=holders.this_process(), lease_until=now + LEASE
    )
    return Turn(row.fence + 1) if won else None


def ago() -> float | None:
    """Return how many seconds ago a turn ended; ``None`` if none has, or the clock was put back."""
    row = Reconciler.objects.filter(pk=_ONLY).first()
    if row is None or row.ended_at is None:
        return None
    seconds = (leases.shared_now() - row.ended_at).total_seconds()
    return seconds if seconds >= 0 else None


def failed() -> str:
    """Return which steps failed in the turn that ended last; empty where none did."""
    return Reconciler.objects.filter(pk=_ONLY).values_list("failed", flat=True).first() or ""


def _is_free(row: Reconciler, now: datetime) -> bool:
    if row.lease_until is None or holders.is_gone(row.holder):
        return True
    # Nobody may hold it for longer than a lease: such an end was written by a clock since put back.
    return not now <= row.lease_until <= now + LEASE
