"""Which findings of sources need somebody now, and that each of them is told once.

A source that is off needs nobody. One that comes and goes is told once a day, not
every time it goes.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from newsletter.collect.models import SourceFinding
from newsletter.common.findings import Finding, Severity

_PAUSE = timedelta(days=1)


def needed() -> QuerySet[SourceFinding]:
    """Return the open findings that somebody should act on: errors, and silences."""
    urgent = Q(severity=Severity.ERROR) | Q(code="source.silent")
    still_open = SourceFinding.objects.filter(urgent, passed_at=None, source__enabled=True)
    return still_open.select_related("source").order_by("source__name", "code")


def findings() -> tuple[Finding, ...]:
    """Return them as an issue shows them: warnings, for a dead source alone keeps no issue back."""
    return tuple(
        Finding(
            one.code, one.ko, one.en, Severity.WARNING, place=one.source.name,
            remedy_ko=one.remedy_ko, remedy_en=one.remedy_en,
        )
        for one in needed()
    )  # fmt: skip


def take_untold(now: datetime) -> list[SourceFinding]:
    """Return what nobody has been told yet, each to one caller only; call it in a transaction."""
    alike = SourceFinding.objects.filter(
        source=OuterRef("source"), code=OuterRef("code"), told_at__gt=now - _PAUSE
    )
    untold = needed().filter(~Exists(alike), told_at=None)
    return [
        one
        for one in untold
        if SourceFinding.objects.filter(pk=one.pk, told_at=None).update(told_at=now)
    ]
