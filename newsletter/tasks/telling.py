"""Writes to the editors what they should know of sources: one letter for all that is new."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from newsletter.collect import attention
from newsletter.collect.models import SourceFinding
from newsletter.common import clock
from newsletter.delivery import editors


def tell_editors() -> None:
    """Queue a letter about each source that has just failed for long or fallen silent."""
    if not settings.EDITOR_ADDRESSES:
        return
    with transaction.atomic():
        found = attention.take_untold(clock.now())
        if found:
            editors.tell(_title(found), "\n".join(map(_line, found)))


def _title(found: Sequence[SourceFinding]) -> str:
    names = list(dict.fromkeys(one.source.name for one in found))
    ko = f"{names[0]} 외 {len(names) - 1}곳" if len(names) > 1 else names[0]
    en = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
    return f"확인이 필요한 소스: {ko} / Look at these sources: {en}"


def _line(one: SourceFinding) -> str:
    return (
        f"- **{one.source.name}** ({one.source.slug}): {one.ko} {one.remedy_ko}"
        f" / {one.en} {one.remedy_en}"
    )
