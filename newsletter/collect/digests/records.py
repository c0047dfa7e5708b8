"""Digests written as JSON: from a file's text to its list of records.

Seen in the place of a list: the number ``1``, ``[]``, an error object, a status
object around it, and records written as Python text. All of it is read as
literals and nothing is ever evaluated; what is no list of papers is a finding.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.collect.digests import prose
from newsletter.collect.digests.problems import Problem
from newsletter.collect.tex import plain
from newsletter.common.findings import Finding

_LISTS = ("papers", "top_papers", "data", "items", "entries", "results", "articles")
_OPENS_LIST = re.compile(rf'"({"|".join(_LISTS)})"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_LOOKS_LIKE_JSON = re.compile(r"\s*(?:[\[{]\s*(?:[\[{\"'\]}]|$)|(?:-?\d+|null|true|false)\s*$)")
_PYTHON_TEXT = re.compile(r"\s*[\[{(]\s*[{'\"(]")
# Parsing Python text takes a hundred times its size in memory.
_LONGEST_LITERAL = 500_000
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Record:
    """One object of the list, where it stands, and how it stood."""

    value: Mapping[str, Any]
    line: int
    raw: str

    def text(self, key: str) -> str:
        """Return a field as repaired text on one line, empty where it is none."""
        return " ".join(self.lines(key)).strip()

    def lines(self, key: str) -> list[str]:
        """Return a field as lines: the paragraphs of a text, or a bullet for each of a list."""
        value = self.value.get(key)
        if isinstance(value, list):
            told = [
                " ".join(str(one).split()) for one in value if isinstance(one, str | int | float)
            ]
            return [plain(f"- {one}") for one in told if one]
        return [plain(one) for one in prose.unwrapped(value)] if isinstance(value, str) else []

    def inner(self, key: str) -> "Record":
        """Return a field that is an object as a record, an empty one where it is none."""
        value = self.value.get(key)
        return Record(value if isinstance(value, dict) else {}, self.line, self.raw)


@dataclass(frozen=True, slots=True)
class Records:
    """The list of a file, and the object that stood around it."""

    head: Record
    own: tuple[Record, ...]
    findings: tuple[Finding, ...]


def load(text: str, name: str) -> Records | Finding | None:
    """Return the records of a file, or what stands there instead; ``None`` for what is no JSON."""
    named = name.lower().endswith(".json")
    if not named and not _LOOKS_LIKE_JSON.match(text):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # a number of 5,000 digits is no JSONDecodeError
        value = literal(text)
        if value is None:
            return Problem.BROKEN_JSON.at() if named else None
    return _records(value, text)


def literal(text: str) -> Any:
    """Return the value of Python text; ``None`` where it is no plain literal."""
    if len(text) > _LONGEST_LITERAL or not _PYTHON_TEXT.match(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\m" in somebody's string is not our fault
            return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _records(value: object, text: str) -> Records | Finding:
    head = value if isinstance(value, dict) else {}
    key = next((key for key in _LISTS if isinstance(head.get(key), list)), "")
    listed = head[key] if key else value
    if head.get("error"):
        return Problem.ERROR_INSTEAD.at()
    if not isinstance(listed, list):
        return Problem.NO_LIST.at()
    if not listed:
        return Problem.EMPTY_LIST.at()
    # Half a million numbers are no list of papers, and need not be found one by one.
    if not any(isinstance(one, dict | str) for one in listed):
        return Problem.NO_LIST.at()
    findings: list[Finding] = []
    own = tuple(_read(listed, text, key, findings))
    return Records(Record(head, 1, ""), own, tuple(findings)) if own else Problem.NO_LIST.at()


def _read(listed: list[Any], text: str, key: str, findings: list[Finding]) -> Iterator[Record]:
    """Yield the records of a list; one that is no object is reported."""
    places = list(_places(text, key))
    if len(places) != len(listed):  # Python text, which has no places that are known
        places = [(1, repr(one)) for one in listed]
    for one, (line, raw) in zip(listed, places, strict=True):
        value = literal(one) if isinstance(one, str) else one
        if isinstance(value, dict):
            yield Record(value, line, raw)
        else:
            findings.append(Problem.BAD_RECORD.at(line))


def _places(text: str, key: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each element of the list, as it stands in the file."""
    opened = next((found for found in _OPENS_LIST.finditer(text) if found[1] == key), None)
    at = opened.end() if opened else text.find("[") + 1
    line, counted = 1, 0
    try:
        while text[at := _at(text, at)] != "]":
            _, end = _DECODER.raw_decode(text, at)
            line, counted = line + text.count("\n", counted, at), at
            yield line, text[at:end]
            at = end
    except (json.JSONDecodeError, IndexError):
        return


def _at(text: str, position: int) -> int:
    found = _GAP.match(text, position)
    return found.end() if found else position
