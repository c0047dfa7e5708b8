"""What the gate has to know beside the issue itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Background:
    """The past of an issue, its sources, and what is known of its papers."""

    minimum_papers: int = 3
    """With fewer than this, an editor should see whether the week was quiet or a source died."""
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
