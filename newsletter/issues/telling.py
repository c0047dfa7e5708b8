"""Whether a paper can be told, in which language, and what is held back of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.collect.digests.digest import SPOKEN, Section
from newsletter.collect.digests.failures import told_apart
from newsletter.collect.digests.prose import only_pictures
from newsletter.issues import prose_check
from newsletter.issues.ranking import Told, Withheld

_KOREAN = "ko"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one digest wrote of a paper, and whether it may be mailed."""

    sections: tuple[Section, ...]
    may_be_mailed: bool
    is_confirmed: bool = True
    """Whether somebody has said on what terms its source may be used."""
    is_stray: bool = False
    """Whether it is about another paper; then it tells nothing of this one."""


def told_by(offers: Sequence[Offer], *, abstract: bool = False) -> tuple[Told, Withheld]:
    """Return how well a paper can be told, and why a Korean text of it cannot be shown.

    ``abstract`` tells whether arXiv's own is known; anybody may show that, in English.
    """
    spoken = [offer for offer in offers if offer.may_be_mailed and not offer.is_stray]
    if any(map(_in_korean, spoken)):
        return Told.KOREAN, Withheld.NOTHING
    in_english = any(map(_says_anything, spoken))
    told = Told.ENGLISH if in_english or abstract else Told.NOT
    return told, _withheld(offers, failed=not in_english)


def is_korean(section: Section) -> bool:
    """Tell whether a section is Korean: said to be so, and with Hangul in it."""
    return section.lang == _KOREAN and not prose_check.lacks_hangul(section.text)


def is_sound(section: Section) -> bool:
    """Tell whether a section says anything once its error sentences and pictures are gone."""
    return not prose_check.is_no_summary(section) and not only_pictures(section.text)


def sound_text(sections: Iterable[Section]) -> str:
    """Return what sections say once their error sentences are gone."""
    return "\n".join(told_apart(one.text)[0] for one in sections if is_sound(one))


def is_closed_korean(offer: Offer) -> bool:
    """Tell whether it is a Korean text that is only waiting for somebody to confirm its terms."""
    open_to_ask = not (offer.may_be_mailed or offer.is_stray or offer.is_confirmed)
    return open_to_ask and _in_korean(offer)


# The first section that does decides: most texts are Korean from their first line on.
def _in_korean(offer: Offer) -> bool:
    return any(is_korean(section) and is_sound(section) for section in offer.sections)


def _says_anything(offer: Offer) -> bool:
    return any(section.lang in SPOKEN and is_sound(section) for section in offer.sections)


def _withheld(offers: Iterable[Offer], *, failed: bool) -> Withheld:
    """Return why nothing Korean is shown; of several reasons, what a person can mend most easily.

    Where another digest told the paper, a text that ``failed`` keeps nothing from readers.
    """
    closed = [one for one in offers if not (one.may_be_mailed or one.is_stray) and _in_korean(one)]
    if closed:
        confirmed = all(one.is_confirmed for one in closed)
        return Withheld.FORBIDDEN if confirmed else Withheld.UNCONFIRMED
    if failed and any(one.is_stray for one in offers):
        return Withheld.STRAY
    broken = failed and any(one.sections and not _says_anything(one) for one in offers)
    return Withheld.FAILED if broken else Withheld.NOTHING
