"""What the gate has to know beside the issue itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Of these findings of an import, an editor who relies on its values should know.
VOTES_FAILED = "digest.all_votes_zero"
DOUBTFUL = frozenset(
    {VOTES_FAILED, "digest.ids_differ", "digest.count_differs", "digest.damaged_text"}
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What an import found of a digest that an issue relies on."""

    code: str
    source: str
    """The name of the source."""
    ko: str
    en: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the window of a draft offers, and what an editor could still do with it."""

    candidates: int = 0
    failed: int = 0
    """How many of the candidates have nothing but error sentences or broken text."""

    strays: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By the name of a source: how many of its texts are about another paper, and of how many."""
    korean: int = 0
    """How many papers of its window can be told in Korean and are not in it."""
    unconfirmed: Mapping[str, int] = field(default_factory=dict)
    """For the slug of a source whose terms nobody has confirmed: how many papers wait for it."""
    forbidden: int = 0
    """How many papers have a Korean text only under a licence that forbids mailing."""
    most_voted: str = ""
    """The paper with more votes than any that is shown, where it was left out."""
    refresh: str = ""
    """The command that ranks the draft anew."""


@dataclass(frozen=True, slots=True)
class Background:
    """The past of an issue, its sources, and what is known of its papers."""

    minimum_papers: int = 3
    """With fewer than this, an editor should see whether the week was quiet or a source died."""
    least_told: int = 50
    """The least share of papers with a text that may be shown, in percent."""
    earlier: frozenset[str] = frozenset()
    """The arXiv ids that the last issue of this cadence carried."""
    absent_sources: tuple[str, ...] = ()
    """Names of sources that were in each of the last issues, and are not in this one."""
    withdrawn: frozenset[str] = frozenset()
    """arXiv ids of papers that their authors took back."""
    other_titles: Mapping[str, str] = field(default_factory=dict)
    """For an arXiv id whose digest gave quite another title: that title."""
    unsure_ids: frozenset[str] = frozenset()
    """arXiv ids that were looked up by title, and may be another paper's."""
    doubts: tuple[Doubt, ...] = ()
    """What the imports of its window found that may make its values wrong."""
    at_hand: AtHand = AtHand()
    carried: Mapping[str, str] = field(default_factory=dict)
    """For a paper that another issue of this cadence carries already: the slug of that one."""
