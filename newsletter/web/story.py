"""A paper as a page shows it: the reader's language first, the other folded behind it.

What is shown of a paper is decided where the mail decides it; a page only has
more room. Yet a page should open at once on a phone, so a very heavy issue gives
way, by a stated rule: above :data:`LIGHT_BYTES` the other language is left to its
own page; if that is not enough, the last papers show their first sentences, and
the rest stands on the page of the paper.
"""

import gettext
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from newsletter.common.cadence import Language
from newsletter.issues.content import ItemContent
from newsletter.render import show
from newsletter.render.folding import Fold
from newsletter.render.view import PaperView, SectionView

# The page around the papers takes some more; 150,000 bytes are the limit.
LIGHT_BYTES = 130_000


@dataclass(frozen=True, slots=True)
class Story:
    """One paper of an issue, arranged for a page in one language."""

    paper: PaperView
    other: tuple[SectionView, ...]
    """The same in the other language, where there is one."""
    other_elsewhere: bool = False
    """Whether the other language is left to its own page."""

    @property
    def least_bytes(self) -> int:
        """Return about how many bytes of HTML it makes."""
        return self.paper.least_bytes + sum(section.least_bytes for section in self.other)


def stories(items: Sequence[ItemContent], language: Language, *, both: bool) -> tuple[Story, ...]:
    """Arrange the papers of an issue for one page, whole wherever the page stays light."""
    told = [story(item, language, both=both) for item in items]
    if _is_heavy(told):
        told = [replace(one, other=(), other_elsewhere=bool(one.other)) for one in told]
    for index in reversed(range(len(told))):
        if not _is_heavy(told):
            break
        told[index] = _shortened(told[index])
    return tuple(told)


def story(item: ItemContent, language: Language, *, both: bool = False) -> Story:
    """Arrange ``item`` for a page in Korean or in English, whole even if an earlier issue had it.

    With ``both``, each Korean section has its English twin beside it.
    """
    paper = show.paper_view(replace(item, seen_in=""), Fold.FULL, language, web_url="")
    if both:
        return Story(replace(paper, sections=show.chosen(item.sections, Language.BOTH)), ())
    shown = {section.lang for section in paper.sections}
    others = tuple(section for section in item.sections if section.lang not in shown)
    return Story(paper, show.chosen(others, language))


def heading(section: SectionView, language: str) -> str:
    """Return the heading of a section: in the page's language where it is a known one."""
    return _mail_words(language).gettext(section.label) if section.label else section.heading


def _is_heavy(told: Sequence[Story]) -> bool:
    return sum(one.least_bytes for one in told) > LIGHT_BYTES


def _shortened(told: Story) -> Story:
    sections = tuple(section.shortened() for section in told.paper.sections)
    return replace(told, paper=replace(told.paper, sections=sections, folded=True))


@cache
def _mail_words(language: str) -> gettext.NullTranslations:
    return gettext.translation("mail", settings.LOCALE_PATHS[0], [language], fallback=True)
