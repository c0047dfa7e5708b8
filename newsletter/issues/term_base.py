"""Reads the words of the field that lie beside this module, once in a process."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from newsletter.issues.kinship import TermBase, stem

_FILE = "terms.txt"
_COMMON, _LITTLE = "[common]", "[little]"


@cache
def term_base() -> TermBase:
    """Return how the words of machine learning are said in Korean, and which are common."""
    text = (files(__package__) / _FILE).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    common, little = lines.index(_COMMON), lines.index(_LITTLE)
    return TermBase(
        korean=_korean(lines[:common]),
        common=frozenset(
            stem(word) for line in lines[common + 1 : little] for word in line.split()
        ),
        little=frozenset(word for line in lines[little + 1 :] for word in line.split()),
    )


def _korean(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    korean: dict[str, tuple[str, ...]] = {}
    for line in lines:
        english, _, said = line.partition(" = ")
        words = tuple("".join(word.lower().split()) for word in said.split(","))
        for word in english.split(", "):
            korean[word] = (*korean.get(word, ()), *words)
    return korean
