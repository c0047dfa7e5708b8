"""Which text an issue shows of a paper that several digests wrote about. Pure.

The rule, stated: one digest speaks in Korean and one in English, so that the
text reads as one voice. Of those whose licence allows mailing, the one that the
editor chose is taken; else the one written in the style of the issue; else the
one whose format tells most, and within a format the longest text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.collect.digests.digest import Format, Section
from newsletter.collect.digests.prose import only_pictures
from newsletter.issues.telling import is_korean

# From the fullest account to the shortest.
_FORMATS = (Format.PYTORCHKR_WEEKLY, Format.TOP5, Format.IMRLC, Format.WTP, Format.HF_RANKING)


@dataclass(frozen=True, slots=True)
class Account:
    """What one digest wrote of a paper."""

    format: str
    sections: tuple[Section, ...]
    may_be_mailed: bool
    chosen: bool = False
    """By the editor, who may overrule the rule but not the licence."""
    source: str = ""
    """Its slug: names may be alike."""
    name: str = ""
    licence: str = ""


def voices(accounts: Sequence[Account], style: str) -> tuple[Account, ...]:
    """Return the best account with its Korean sections, then the best with its English ones."""
    order = (style, *_FORMATS)
    return (*_best(accounts, "ko", order), *_best(accounts, "en", order))


def _best(accounts: Sequence[Account], lang: str, order: Sequence[str]) -> tuple[Account, ...]:
    spoken = (_in(lang, account) for account in accounts if account.may_be_mailed)
    with_text = [account for account in spoken if account.sections]
    if not with_text:
        return ()
    return (min(with_text, key=lambda account: _preference(account, order)),)


def _in(lang: str, account: Account) -> Account:
    own = (s for s in account.sections if s.lang == lang and not only_pictures(s.text))
    return replace(account, sections=tuple(own))


def _preference(account: Account, order: Sequence[str]) -> tuple[bool, bool, int, int]:
    length = sum(len(section.text) for section in account.sections)
    # What is called Korean and holds no Hangul speaks only where nobody else does.
    mislabelled = account.sections[0].lang == "ko" and not any(map(is_korean, account.sections))
    return (not account.chosen, mislabelled, _place(account.format, order), -length)


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
