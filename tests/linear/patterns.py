"""Every pattern of the rooms that read foreign text, how it is used, and texts made to cost it most.

Found by reading the sources and not from a list, so no new pattern is forgotten.
"""

import ast
import importlib
import re
import re._constants as sre  # type: ignore[import-not-found]  # what re itself parses with
import re._parser as parser  # type: ignore[import-not-found]  # likewise
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.house import PACKAGE, module_name, tree

_ROOMS = ("collect", "render", "papers", "events", "issues", "web", "common")
_SEEKS = {"search", "sub", "subn", "split", "findall", "finditer"}
_STANDS = {"match", "fullmatch"}
_MANY = 20


@dataclass(frozen=True)
class Use:
    """A pattern where it is used: anywhere in a text, or only at its beginning."""

    place: str
    pattern: "re.Pattern[str]"
    seeks: bool


def uses() -> list[Use]:
    """Return the uses of all patterns that are made of letters."""
    found: dict[tuple[str, bool], Use] = {}
    trees = {path: tree(path) for path in _sources()}
    everywhere = {use for said in trees.values() for use in _methods(said)}
    for path, said in trees.items():
        module = module_name(path)
        own = set(_methods(said))
        for name, pattern in _named(module):
            methods = own if name.startswith("_") else everywhere
            used = {method in _SEEKS for known, method in methods if known == name}
            for seeks in used or {True}:  # one that is handed on may be used in any way
                found[(f"{module}.{name}", seeks)] = Use(f"{module}.{name}", pattern, seeks)
        for method, source in _written_in_place(said):
            place = f"{module}:{source[:30]}"
            found[(place, method in _SEEKS)] = Use(place, re.compile(source), method in _SEEKS)
    return list(found.values())


def _sources() -> list[Path]:
    own = [path for room in _ROOMS for path in (PACKAGE / room).rglob("*.py")]
    return sorted(path for path in own if re.search(r"^import re$", path.read_text(), re.MULTILINE))


def _named(module: str) -> Iterator[tuple[str, "re.Pattern[str]"]]:
    for name, value in vars(importlib.import_module(module)).items():
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield name, value


def _methods(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the name of a pattern and the method of it, wherever one is named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _SEEKS | _STANDS:
            owners = [node.value]
            if isinstance(node.value, ast.IfExp):
                owners = [node.value.body, node.value.orelse]
            for owner in owners:
                yield getattr(owner, "attr", getattr(owner, "id", "")), node.attr


def _written_in_place(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in _SEEKS | _STANDS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.func.attr, first.value


def attacks(pattern: "re.Pattern[str]") -> list[tuple[str, str, str]]:
    """Return texts as (before, again and again, after) that a careless pattern goes over by the square.

    For each repetition in the pattern: what must stand before it, what it repeats, and a
    letter that lets it fail; and all of that together again and again.
    """
    tree = parser.parse(pattern.pattern, pattern.flags)
    found: dict[tuple[str, str, str], None] = {}
    for before, unit in _repetitions(list(tree), ""):
        for pump in unit:
            found[(before, pump, "")] = None
            found[(before, pump, "\x01")] = None
            found[("", before + pump, "\x01")] = None
            found[(before, pump + before, "\x01")] = None
    return list(found)


def _repetitions(items: list[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    for op, value in items:
        yield from _inside(op, value, before)
        before += _example([(op, value)])


def _inside(op: Any, value: Any, before: str) -> Iterator[tuple[str, list[str]]]:
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        _least, most, inner = value
        if most is sre.MAXREPEAT or most > _MANY:
            yield before, _units(list(inner))
        yield from _repetitions(list(inner), before)
    elif op is sre.BRANCH:
        for one in value[1]:
            yield from _repetitions(list(one), before)
    elif op is sre.SUBPATTERN:
        yield from _repetitions(list(value[3]), before)
    elif op is sre.ATOMIC_GROUP:
        yield from _repetitions(list(value), before)
    elif op in {sre.ASSERT, sre.ASSERT_NOT} and value[0] > 0:
        yield from _repetitions(list(value[1]), before)


def _units(items: list[Any]) -> list[str]:
    """Return some texts that a repetition may repeat: each kind of letter that its set allows."""
    if len(items) == 1 and items[0][0] in {sre.IN, sre.ANY, sre.NOT_LITERAL}:
        return [letter for letter in _LETTERS if _allows(items[0], letter)] or [_example(items)]
    return [_example(items)]


_LETTERS = " a1.-*[(<>|:,'\"/$\\{_\n가👍"


def _allows(item: Any, letter: str) -> bool:
    op, value = item
    if op is sre.ANY:
        return letter != "\n"
    if op is sre.NOT_LITERAL:
        return ord(letter) != value
    negated = bool(value) and value[0][0] is sre.NEGATE
    return negated != any(_holds(one, letter) for one in value if one[0] is not sre.NEGATE)


def _holds(one: Any, letter: str) -> bool:
    op, value = one
    if op is sre.LITERAL:
        return ord(letter) == value
    if op is sre.RANGE:
        return value[0] <= ord(letter) <= value[1]
    told = _CATEGORIES[value]
    return bool(re.fullmatch(told, letter))


_CATEGORIES = {
    sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W", sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D",
}  # fmt: skip


def _example(items: list[Any]) -> str:
    """Return a shortest text that a piece of a pattern matches."""
    return "".join(map(_one, items))


def _one(item: Any) -> str:
    op, value = item
    if op is sre.LITERAL:
        return chr(value)
    if op in {sre.IN, sre.ANY, sre.NOT_LITERAL}:
        literal = next((chr(v) for o, v in value if o is sre.LITERAL), "") if op is sre.IN else ""
        plain = next((letter for letter in "a1 -가." + _LETTERS if _allows(item, letter)), "")
        return plain or literal or "a"
    if op in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return _example(list(value[2])) * int(value[0])
    if op is sre.BRANCH:
        return _example(list(value[1][0]))
    if op is sre.SUBPATTERN:
        return _example(list(value[3]))
    return _example(list(value)) if op is sre.ATOMIC_GROUP else ""
