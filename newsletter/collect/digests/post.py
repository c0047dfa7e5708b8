"""A post: its front matter, and the lines below it.

Front matter is read line by line and not as YAML: one publication writes
``title: Daily Papers — 2025-08-29"`` with a quote that never opened.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from newsletter.collect.digests import dates, prose
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:\s*(.*)$")
_LONGEST_FRONT_MATTER = 60


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the post says of itself before it begins; empty where it says nothing."""

    title: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    """Whose list the post tells again."""


@dataclass(frozen=True, slots=True)
class Post:
    """One file, as parsers get it."""

    name: str
    lines: tuple[Line, ...]
    front: FrontMatter = field(default_factory=FrontMatter)

    @property
    def observed_at(self) -> datetime | None:
        """When it was made, if name or front matter tell a clock time.

        The number in a file name is the moment itself; the date below may be a fixed hour.
        """
        return dates.instant_in_name(self.name) or dates.instant(self.front.date)

    def day(self, heading: str = "") -> date | None:
        """Return the day that the post is of: by its heading, title, file name, or date."""
        tellers = (heading, self.front.title, self.name, self.front.date)
        return next((found for text in tellers if (found := dates.day(text))), None)

    def disagreements(self, heading: str = "") -> tuple[Finding, ...]:
        """Return a finding where the title and the date of the post tell two days."""
        titled = dates.day(heading) or dates.day(self.front.title)
        dated = dates.day(self.front.date)
        differ = titled and dated and titled != dated
        return (Problem.DATES_DIFFER.at(1),) if differ else ()


def of(name: str, lines: Sequence[Line]) -> Post:
    """Return the post that the lines of a file make."""
    start = next((index for index, line in enumerate(lines) if line.text.strip()), len(lines))
    end = _end_of_front_matter(lines, start)
    values = {
        found[1].lower(): _value(found[2])
        for line in reversed(lines[start:end])
        if (found := _KEY.match(line.text.strip()))
    }
    keys = ("title", "date", "author", "weekly_source")
    front = FrontMatter(*(values.get(key, "") for key in keys))
    return Post(name, tuple(lines[end:]), front)


def _end_of_front_matter(lines: Sequence[Line], start: int) -> int:
    """Return where the body begins; without a closing rule, at the first line that is no key."""
    if start >= len(lines) or lines[start].text.strip() != "---":
        return start
    for index in range(start + 1, min(start + _LONGEST_FRONT_MATTER, len(lines))):
        text = lines[index].text.strip()
        if text in {"---", "..."}:
            return index + 1
        if text.startswith(("# ", "## ", "### ")):
            return index
    return start + 1


def _value(text: str) -> str:
    return prose.title(text.strip().strip("\"'"))
