"""Who introduces a week: a source that wrote of just this week, and that may be mailed."""

from collections.abc import Collection

from newsletter.collect.digests.digest import SPOKEN, Section
from newsletter.collect.models import StoredDigest
from newsletter.common.cadence import Cadence
from newsletter.issues.window import Window


def introducing(window: Window) -> StoredDigest | None:
    """Return the last digest whose period is the week of ``window`` and that wrote an introduction.

    What was written of one day, or of a month, says nothing of a week.
    """
    if window.cadence is not Cadence.WEEKLY:
        return None
    of_this_week = StoredDigest.objects.filter(
        period_start=window.first_day, listed_on=window.last_day, source__may_be_mailed=True
    )
    light = of_this_week.select_related("source").defer("raw", "text").exclude(intro=[])
    return next((one for one in light.order_by("-read_at") if spoken_in(one)), None)


def spoken_in(digest: StoredDigest) -> list[dict[str, str]]:
    """Return the sections of an introduction that readers can be shown."""
    return [section for section in digest.intro if section["lang"] in SPOKEN]


def credited(
    sections: Collection[Section], window: Window, *, by_editor: bool
) -> tuple[Section, ...]:
    """Return an introduction with a sentence that says whose it is, in each language that it speaks.

    Nothing where whoever wrote it may be mailed no more; what an editor wrote anew stays.
    """
    written = introducing(window) if sections else None
    if written is None:
        return tuple(sections) if by_editor else ()
    name = written.source.credit or written.source.name
    told = {"ko": f"이 글은 {name}에서 썼습니다.", "en": f"This was written by {name}."}
    spoken = {section.lang for section in sections}
    return (*sections, *(Section("", lang, text) for lang, text in told.items() if lang in spoken))
