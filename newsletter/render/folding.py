"""How a heavy issue becomes light: which papers say less, and in which order.

The HTML part of a mail has at most 80,000 bytes, whatever the issue holds,
because Gmail clips a mail at about 102 KB and hides the way out with it. The
rule, stated:

1. The paper with the fewest votes folds first (nobody counted is fewer than 0;
   of equals, the one further down). Folded, each section shows its first
   sentences, and "이어서 읽기" leads to the web version.
2. When all are folded, the introduction folds.
3. Then papers, in the same order, show their title and links only.
4. Then they are left out, and one line says how many more the web version has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from newsletter.issues.content import IssueContent, ItemContent

MAXIMUM_BYTES = 80_000


class Fold(IntEnum):
    """How much of a paper the mail shows."""

    FULL = 0
    FOLDED = 1
    BARE = 2
    LEFT_OUT = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What every part of an issue shows: one fold per item, and whether the introduction folds."""

    items: tuple[Fold, ...]
    intro: Fold = Fold.FULL


def plans(content: IssueContent) -> Iterator[Plan]:
    """Yield every plan from the fullest to the lightest, each one step lighter than the last."""
    folds = [Fold.FULL] * len(content.items)
    intro = Fold.FULL
    order = sorted(range(len(folds)), key=lambda index: _weight(content.items[index]))
    yield Plan(tuple(folds), intro)
    for target in (Fold.FOLDED, Fold.BARE, Fold.LEFT_OUT):
        for index in order:
            folds[index] = target
            yield Plan(tuple(folds), intro)
        if target is Fold.FOLDED:
            intro = target
            yield Plan(tuple(folds), intro)


def _weight(item: ItemContent) -> tuple[int, int]:
    return (-1 if item.votes is None else item.votes, -item.position)
