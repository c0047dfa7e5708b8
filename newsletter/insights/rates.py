"""Numbers of an issue, their rates, and the bars that mailbox providers hold them against. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum
from typing import Any, Self


class Bar(IntEnum):
    """Complaints per thousand letters at which Gmail and Yahoo begin to punish a sender."""

    WATCH = 1
    """Stay under 0.1 %."""
    NEVER = 3
    """Never reach 0.3 %: from there on letters are refused."""

    @property
    def label(self) -> str:
        """The bar as people write it."""
        return f"0.{self.value} %"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of accepted letters. Each is delivered, deferred, bounced, dropped or untold."""

    accepted: int = 0
    delivered: int = 0
    deferred: int = 0
    bounced: int = 0
    dropped: int = 0
    """The provider took it and never tried, because of what it knew of the mailbox."""
    complained: int = 0
    left: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the sum, number by number."""
        return type(self)(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )

    @property
    def untold(self) -> int:
        """Of how many letters nothing was told yet. With plain SMTP, silence is good news."""
        return self.accepted - self.delivered - self.deferred - self.bounced - self.dropped

    @property
    def reached(self) -> int:
        """How many letters can have been read: what complaints are measured against."""
        return self.accepted - self.bounced - self.dropped

    @property
    def complaint_rate(self) -> float:
        """Complaints for each letter that arrived."""
        return self.complained / self.reached if self.reached else 0.0

    @property
    def bounce_rate(self) -> float:
        """Bounces for each letter that was accepted."""
        return self.bounced / self.accepted if self.accepted else 0.0

    @property
    def bar(self) -> Bar | None:
        """The highest bar that these complaints have reached."""
        reached = [bar for bar in Bar if self.complained * 1000 >= bar * max(self.reached, 1)]
        return max(reached, default=None) if self.complained else None

    def to_json(self) -> dict[str, Any]:
        """Return the numbers and rates under their own names."""
        numbers = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            **numbers,
            "untold": self.untold,
            "complaint_rate": round(self.complaint_rate, 6),
            "bounce_rate": round(self.bounce_rate, 6),
            "bar": self.bar.label if self.bar else None,
        }


@dataclass(frozen=True, slots=True)
class MailboxReport:
    """How an issue fared at one mailbox provider."""

    mailbox: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class IssueReport:
    """How an issue fared, in all and at each mailbox provider, the largest first."""

    issue: str
    as_of: datetime
    total: Counts
    mailboxes: tuple[MailboxReport, ...]

    @property
    def bar(self) -> Bar | None:
        """The highest bar reached, in all or at any one provider: each of them judges alone."""
        bars = [one.counts.bar for one in self.mailboxes] + [self.total.bar]
        return max((bar for bar in bars if bar), default=None)

    def to_json(self) -> dict[str, Any]:
        """Return what ``newsletter report --json`` prints."""
        return {
            "issue": self.issue,
            "as_of": self.as_of.isoformat(),
            "bar": self.bar.label if self.bar else None,
            "total": self.total.to_json(),
            "mailboxes": {one.mailbox: one.counts.to_json() for one in self.mailboxes},
        }
