"""The votes of a paper over time as lines that a page can draw. Pure.

A point is given in thousandths of the width and of the height, so that the
drawing may have any size; words and numbers stand beside it as HTML, where they
keep their own size on a phone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_FULL = 1000
_FEWEST_POINTS = 2
_STEPS = (1, 2, 3, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Vote:
    """How many votes one source saw at one time."""

    source: str
    at: datetime
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one source saw, as points from left to right."""

    source: str
    points: tuple[tuple[int, int], ...]

    @property
    def path(self) -> str:
        """The line, for the ``points`` of an SVG polyline."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines in one frame, from 0 to ``top`` and from ``first`` to ``last``."""

    lines: tuple[Line, ...]
    top: int
    first: datetime
    last: datetime


def votes_chart(votes: Sequence[Vote]) -> Chart | None:
    """Return the votes as a drawing, or ``None`` where they are too few to show a course."""
    moments = sorted({vote.at for vote in votes})
    if len(moments) < _FEWEST_POINTS:
        return None
    top = _round_up(max(vote.value for vote in votes))
    first, span = moments[0], moments[-1] - moments[0]
    lines = tuple(
        Line(source, tuple(_point(vote, first, span, top) for vote in seen))
        for source, seen in by_source(votes).items()
    )
    return Chart(lines, top, first, moments[-1])


def by_source(votes: Iterable[Vote]) -> dict[str, list[Vote]]:
    """Return what each source saw, in the order of time."""
    seen: dict[str, list[Vote]] = {}
    for vote in sorted(votes, key=lambda vote: vote.at):
        seen.setdefault(vote.source, []).append(vote)
    return seen


def daily(votes: Iterable[Vote], zone: ZoneInfo) -> list[Vote]:
    """Return the last count of each day and source: a course, however often a source is asked."""
    ordered = sorted(votes, key=lambda vote: vote.at)
    last = {(vote.source, vote.at.astimezone(zone).date()): vote for vote in ordered}
    return list(last.values())


def _point(vote: Vote, first: datetime, span: timedelta, top: int) -> tuple[int, int]:
    return round(_FULL * ((vote.at - first) / span)), round(_FULL * (1 - vote.value / top))


def _round_up(value: int) -> int:
    """Return the next number that is easily halved and read: 2, 30, 60, 400, 1,000."""
    size = int(10 ** (len(str(value)) - 1))
    return next(step * size for step in _STEPS if step * size >= max(value, 2))
