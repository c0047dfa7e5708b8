"""What every kind of source has in common: it asks addresses and returns digests.

An adapter knows which addresses to ask and what their answers mean. It is handed
the way to ask them, so it neither opens connections nor waits for its turn, and a
test can hand it answers from a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.collect.digests.digest import DigestFile
from newsletter.collect.fetched import Expected, FetchedFeed
from newsletter.common.findings import Finding, Severity

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """One address to be asked, and what is expected there."""

    url: str
    expected: Expected = Expected.FEED
    optional: bool = False
    """That nothing is there (404, 410) is an answer, not a failure."""
    whole: bool = False
    """Wanted even if it has not changed, because another page has."""


class Visit(Protocol):
    """Asks an address; returns ``None`` where nothing is new or, if optional, nothing is."""

    def __call__(self, ask: Ask) -> FetchedFeed | None:
        """Return the answer; raise ``FeedError`` where there is none that can be used."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source says at one time."""

    files: tuple[DigestFile, ...] = ()
    """Everything that holds papers, in the order to store it: the oldest first."""
    findings: tuple[Finding, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """arXiv ids that the source says are withdrawn."""
    looked_at: int = 0
    """How many posts or records there were, with papers or without."""


def unreadable(odd: Sequence[int], place: str) -> tuple[Finding, ...]:
    """Return what is to be said of records, by their places in a list, that name no paper."""
    if not odd:
        return ()
    where = ", ".join(map(str, odd[:_MOST_TOLD])) + ("…" if len(odd) > _MOST_TOLD else "")
    told = Finding(
        "source.unreadable_records",
        f"arXiv 번호나 제목이 없어 읽지 못한 기록이 {len(odd)}개 있습니다 (순서: {where}).",
        f"{len(odd)} records without an arXiv id or a title could not be read (in order: {where}).",
        Severity.WARNING,
        place=place,
    )
    return (told,)


class Adapter(Protocol):
    """One kind of source."""

    def __call__(self, address: str, visit: Visit, now: datetime) -> Reading:
        """Ask what has to be asked and return what it says; store nothing."""
