"""Whatever strangers write, reading it costs time and memory by its length and not by the square of it.

Every parser reads every hostile shape in a process of its own with a limit of CPU time.
On every run each parser and each shape is met at 64 KB and at 1 MB, which one with which by
chance, with a seed; with ``SOAK=1``, as ``scripts/test --long`` sets it, each with each.
"""

import itertools
import json
import os
import pkgutil
import random
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence

import pytest

from newsletter.collect import digests
from newsletter.collect.digests import detect
from tests.architecture.house import PACKAGE, module_name
from tests.faults.sizes import SOAK, sized
from tests.linear.child import CONFINED
from tests.linear.formats import LINES, OPENINGS
from tests.linear.parsers import PARSERS
from tests.linear.shapes import SHAPES

SMALL, HALF, LARGE = 64 * 1024, 512 * 1024, 1024 * 1024
# Where other programs want the processors as well, the same work costs half as much again, and
# more; what grows with the square of its length passes twice the limit as it passes the limit.
MOST_SECONDS = sized(4, soak=2)
# A sixteenth of the length may cost half of a sixteenth more: caches and the collector have their say.
GROWTH = 32
# A short text may be refused at once that a longer one of its kind is not. Twice the length costs
# twice as much, and four times where time grows with the square.
GROWTH_OF_A_DOUBLE = 3
# Below this, the clock of the kernel tells more of itself than of the parser.
FLOOR = 0.01
MOST_MEMORY = 400 * 1024 * 1024
# Readers that are no format of their own: what the formats are made of.
_PARTS_OF_FORMATS = {
    "choosing", "closest", "dates", "decode", "detect", "digest", "discourse", "entries",
    "failures", "generic_json", "headed", "hf_ranking_json", "ko_json", "labels", "lines", "links",
    "naming", "one_paper", "outline", "part_entry", "post", "problems", "prose", "read", "records",
    "rows", "section_words", "tables", "tags", "topic",
}  # fmt: skip

Case = tuple[str, str, int]
ALL = [(parser, shape) for parser in PARSERS for shape in SHAPES]


def chosen(rounds: int) -> list[tuple[str, str]]:
    """Return which parser reads which shape: all of both in each round, and in a soak each with each."""
    if SOAK:
        return ALL
    chance = random.Random(os.environ.get("FAULT_SEED", "20260112"))  # noqa: S311 - a seed
    longest = max(len(PARSERS), len(SHAPES))

    def shuffled(names: Collection[str]) -> Iterator[str]:
        return itertools.islice(itertools.cycle(chance.sample([*names], len(names))), longest)

    pairs = [
        pair
        for _ in range(rounds)
        for pair in zip(shuffled(PARSERS), shuffled(SHAPES), strict=True)
    ]
    return list(dict.fromkeys(pairs))


def measured(cases: Sequence[Case]) -> dict[Case, tuple[float, int]]:
    """Return seconds and bytes of each case; one that ended its process took for ever."""
    told: dict[Case, tuple[float, int]] = {}
    left = list(cases)
    while left:
        found = _told(left)
        told |= found
        left = left[len(found) :]
        if left:
            told[left.pop(0)] = (float("inf"), 0)
    return told


def _told(cases: Sequence[Case]) -> dict[Case, tuple[float, int]]:
    asked = "".join(f"{json.dumps(case)}\n" for case in cases)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "newsletter.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.linear.measure"],
        input=asked, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    raised = [answer for answer in answers if answer[5]]
    assert not raised, raised
    return {(parser, shape, size): (s, grew) for parser, shape, size, s, grew, _ in answers}


def too_dear(cases: Sequence[Case], most: float) -> list[Case]:
    """Return the cases that cost more than this twice in a row: once may be somebody else's doing."""
    first = [case for case, (seconds, _) in measured(cases).items() if seconds > most]
    return [case for case, (seconds, _) in measured(first).items() if seconds > most]


def parts(rounds: int) -> list[object]:
    """Return what is measured in one test: all that is chosen, or in a soak one parser with each shape."""
    chance = chosen(rounds)
    if not SOAK:
        return [pytest.param(chance, id="by chance")]
    by_parser = itertools.groupby(chance, key=lambda pair: pair[0])
    return [pytest.param([*pairs], id=parser) for parser, pairs in by_parser]


@pytest.mark.timeout(sized(600, soak=3_600))
@pytest.mark.parametrize("cases", parts(4))
def test_64_kilobytes_of_anything_cost_a_second_at_most(cases):
    assert too_dear([(*case, SMALL) for case in cases], MOST_SECONDS / 4) == []


@pytest.mark.timeout(sized(600, soak=3_600))
@pytest.mark.parametrize("cases", parts(1))
def test_a_megabyte_costs_a_few_seconds_at_most_and_grows_with_its_length(cases):
    small = measured([(*case, SMALL) for case in cases])
    large = measured([(*case, LARGE) for case in cases])
    suspects = [case for case in cases if _is_dear(case, small, large)]
    again = measured([(*case, size) for case in suspects for size in (SMALL, HALF, LARGE)])
    dear = [case for case in suspects if _is_dear(case, again, again) and _grows(case, again)]
    assert {case: again[(*case, LARGE)] for case in dear} == {}
    assert {case: grew for case, (_, grew) in large.items() if grew > MOST_MEMORY} == {}


def _is_dear(
    case: tuple[str, str],
    small: dict[Case, tuple[float, int]],
    large: dict[Case, tuple[float, int]],
) -> bool:
    least, most = small[(*case, SMALL)][0], large[(*case, LARGE)][0]
    return most > MOST_SECONDS or most > GROWTH * max(least, FLOOR)


def _grows(case: tuple[str, str], told: dict[Case, tuple[float, int]]) -> bool:
    """Return whether a case is dear at its full length, and not only cheap where a short one is refused."""
    half, most = told[(*case, HALF)][0], told[(*case, LARGE)][0]
    return most > MOST_SECONDS or most > GROWTH_OF_A_DOUBLE * half


def test_each_parser_and_each_shape_is_met():
    parsers, shapes = zip(*chosen(1), strict=True)
    assert (set(parsers), set(shapes)) == (set(PARSERS), set(SHAPES))


def test_every_format_and_all_that_the_child_reads_is_among_the_parsers():
    readers = {reader.parse.__module__.rpartition(".")[2] for reader in detect.READERS} | {
        "generic"
    }
    modules = {module.name for module in pkgutil.iter_modules(digests.__path__)}
    assert readers == set(OPENINGS) == set(LINES) == modules - _PARTS_OF_FORMATS
    assert set(_confined_functions()) == CONFINED.keys()


def _confined_functions() -> Iterator[str]:
    """Yield what the sources give to the limited child."""
    for path in PACKAGE.rglob("*.py"):
        module = module_name(path).removeprefix("newsletter.")
        marked = re.findall(r"^@confined\.parser\ndef (\w+)", path.read_text(), re.MULTILINE)
        yield from (f"{module}.{name}" for name in marked)
