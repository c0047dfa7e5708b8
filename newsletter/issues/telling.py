"""Whether a paper can be told, in which language, and what is held back of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.collect.digests.digest import Section
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


def told_by(offers: Iterable[Offer], *, abstract: bool = False) -> tuple[Told, Withheld]:
    """Return how well a paper can be told, and why a Korean text of it cannot be shown.

    ``abstract`` tells whether arXiv's own is known; anybody may show that, in English.
    """
    sound = [(offer, _languages(offer)) for offer in offers]
    spoken = {lang for offer, langs in sound if offer.may_be_mailed for lang in langs}
    if _KOREAN in spoken:
        return Told.KOREAN, Withheld.NOTHING
    told = Told.ENGLISH if spoken or abstract else Told.NOT
    withheld = _withheld(sound)
    # Where another digest told the paper, a text that failed keeps nothing from readers.
    return told, Withheld.NOTHING if spoken and withheld is Withheld.FAILED else withheld


def is_korean(section: Section) -> bool:
    """Tell whether a section is Korean: said to be so, and with Hangul in it."""
    return section.lang == _KOREAN and not prose_check.lacks_hangul(section.text)


def _languages(offer: Offer) -> set[str]:
    sound = [one for one in offer.sections if is_sound(one)]
    return {_KOREAN if is_korean(one) else "" for one in sound}


def is_sound(section: Section) -> bool:
    """Tell whether a section says anything once its error sentences and pictures are gone."""
    return not prose_check.is_no_summary(section) and not only_pictures(section.text)


def _withheld(sound: Iterable[tuple[Offer, set[str]]]) -> Withheld:
    reasons = set()
    for offer, languages in sound:
        if _KOREAN in languages and not offer.may_be_mailed:
            reasons.add(Withheld.FORBIDDEN if offer.is_confirmed else Withheld.UNCONFIRMED)
        elif offer.sections and not languages:
            reasons.add(Withheld.FAILED)
    # What a person can do most easily is named first.
    order = (Withheld.UNCONFIRMED, Withheld.FORBIDDEN, Withheld.FAILED)
    return next((reason for reason in order if reason in reasons), Withheld.NOTHING)
