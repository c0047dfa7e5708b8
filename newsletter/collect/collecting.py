"""Collects one source: asks it, has its papers stored, and records how it went.

A source is read whole before anything of it is stored, so half a feed never
becomes half an issue, and whatever goes wrong stays with that source. Who stores
papers is handed in: the rooms above know how.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from newsletter.collect import record
from newsletter.collect.feed_errors import FeedUnavailable
from newsletter.collect.models import Source
from newsletter.collect.record import Collected
from newsletter.collect.sources import huggingface
from newsletter.collect.sources.adapter import Reading
from newsletter.collect.sources.kinds import ADAPTERS, Kind, kind_of
from newsletter.collect.visiting import Visitor
from newsletter.common import clock
from newsletter.common.errors import NewsletterError

logger = logging.getLogger(__name__)

Keep = Callable[[Reading, Source], None]

# Longer than a source may take; a worker that dies leaves it to the next after this.
_CLAIM = timedelta(minutes=10)


def collect(source: Source, keep: Keep) -> Collected:
    """Ask a source now, store what it says, and return how it went. Never raises for the source."""
    now = clock.now()
    visitor = Visitor(source)
    try:
        reading = read(source, visitor, now)
        keep(reading, source)
    except NewsletterError as error:
        retry_after = error.retry_after if isinstance(error, FeedUnavailable) else None
        return record.failed(source, error.code, str(error), now, retry_after=retry_after)
    except Exception:  # a mistake in one adapter must cost one source and not the others
        logger.exception("A source could not be collected", extra={"source": source.slug})
        return record.failed(source, "source.broken", "source.broken", now)
    visitor.remember()
    if not visitor.answered:
        return record.unchanged(source, now)
    return record.read(source, reading, now, moved_to=visitor.moved_to)


def read(source: Source, visitor: Visitor, now: datetime) -> Reading:
    """Return what a source says now, without storing anything."""
    return ADAPTERS[kind_of(source.kind)](source.address, visitor, now)


def recount(source: Source, keep: Keep) -> int:
    """Count the votes of a source's open week once more; return how many papers were counted."""
    visitor = Visitor(source)
    reading = huggingface.recount(source.address, visitor, clock.now())
    keep(reading, source)
    return sum(len(tuple(file.entries)) for file in reading.files)


def whose_votes_count() -> list[Source]:
    """Return the sources that tell votes, which go on coming after the day of a list."""
    told = Source.objects.filter(enabled=True, kind=Kind.HUGGINGFACE).exclude(interval="")
    return list(told.order_by("pk"))


def claim_due(now: datetime, *, most: int | None = None) -> list[int]:
    """Return sources whose time has come, the longest waiting first, each to one caller only.

    Moving ``next_check_at`` on is the claim; the check itself sets the real time.
    """
    due = (
        Source.objects.filter(enabled=True)
        .exclude(interval="")
        .filter(Q(next_check_at__isnull=True) | Q(next_check_at__lte=now))
    )
    return [
        pk
        for pk in due.order_by("next_check_at", "pk").values_list("pk", flat=True)[:most]
        if due.filter(pk=pk).update(next_check_at=now + _CLAIM)
    ]
