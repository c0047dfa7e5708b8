"""No pattern over foreign text goes back over it: 16 KB of what is worst for it take no time to speak of.

Whoever writes a new pattern is held to this without doing anything for it.
"""

import math
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.linear.patterns import Use, attacks, uses

SIZE = 16 * 1024
# One pass over 16 KB takes less than this, or on a busy machine little more; their square takes a
# second and more, and passes the second limit.
CHEAP, TOO_LONG = 0.02, 0.25
# A quarter of the length costs a quarter, and where time grows with the square a sixteenth.
GROWTH = 8
# They read our own style sheet, or the HTML that we made; nothing of it came from outside.
OWN_TEXT = {
    "newsletter.web.framed._WEB_LINK",
    "newsletter.render.mjml._COMMENT", "newsletter.render.mjml._RULE",
    "newsletter.render.weight._COMMENT", "newsletter.render.weight._RULE",
}  # fmt: skip
USES = [use for use in uses() if use.place not in OWN_TEXT]


class OutOfTime(Exception):
    """A pattern passed its limit."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give up after this CPU time: the engine of patterns looks for signals on its way."""

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seconds(use: Use, told: str) -> float:
    """Return the CPU time of the use of a pattern, infinity where it was given up."""
    began = time.process_time()
    try:
        with limited(TOO_LONG):
            if use.seeks:
                sum(1 for _ in use.pattern.finditer(told))
            else:
                use.pattern.match(told)
                use.pattern.fullmatch(told)
    except OutOfTime:
        return math.inf
    return time.process_time() - began


def is_dear(use: Use, attack: tuple[str, str, str]) -> bool:
    """Return whether an attack costs a use by the square of its length; the best of three counts."""
    if seconds(use, text(*attack)) <= CHEAP:
        return False
    short, long = (
        min(seconds(use, text(*attack, size=size)) for _ in range(3)) for size in (SIZE // 4, SIZE)
    )
    return math.isinf(long) or long > max(CHEAP, GROWTH * short)


def dear(use: Use) -> Iterator[tuple[str, str, str]]:
    """Yield the attacks that cost a use too much."""
    return (attack for attack in attacks(use.pattern) if is_dear(use, attack))


def text(before: str, again: str, after: str, size: int = SIZE) -> str:
    return before + again * (size // max(1, len(again))) + after


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "room", sorted({use.place.partition(":")[0].rpartition(".")[0] for use in USES})
)
def test_no_pattern_goes_back_over_what_it_has_read(room):
    own = [use for use in USES if use.place.partition(":")[0].rpartition(".")[0] == room]
    found = {use.place: list(dear(use)) for use in own}
    assert {place: told for place, told in found.items() if told} == {}


@pytest.mark.timeout(600)
def test_a_pattern_that_does_is_found():
    careless = (
        (r"\s*a", True), (r"a\s*b?\s*$", False), (r"<a[^>]*b", True), (r"x(.+?)y", True),
    )  # fmt: skip
    for pattern, seeks in careless:
        assert next(dear(Use("here", re.compile(pattern), seeks)), None), pattern


def test_patterns_of_every_room_are_looked_at():
    places = " ".join(use.place for use in USES)
    for name in (
        "tags._DATED",
        "repair._MATH",
        "leftovers._LEFT_OVER",
        "dsn._STATUS",
        "links.BARE_URL",
    ):
        assert name in places
