"""JSON of other people: read without trusting its shape.

Seen in the place of a list: the number ``1``, an error object, a status object
around it, and records written as Python text.
"""

import ast
import json
from collections.abc import Mapping
from typing import Any

from newsletter.collect.feed_errors import Fault
from newsletter.collect.fetched import FetchedFeed

Record = Mapping[str, Any]

_LONGEST_LITERAL = 200_000
# Half of a letter outside the basic plane, and NUL: JSON can escape them, no database keeps them.
_UNSTORABLE = dict.fromkeys((0, *range(0xD800, 0xE000)), "\N{REPLACEMENT CHARACTER}")


def parsed(fetched: FetchedFeed) -> Any:
    """Return the value of a JSON answer; raise ``feed.malformed`` or ``feed.not_a_feed``.

    What no database can keep in a text is replaced by U+FFFD.
    """
    try:
        return _storable(json.loads(fetched.body))
    except json.JSONDecodeError as error:
        if fetched.body.lstrip()[:1] not in (b"[", b"{"):
            kind = fetched.content_type or "?"
            raise Fault.NOT_A_FEED.at(fetched.url, content_type=kind, first_tag="-") from error
        raise Fault.MALFORMED.at(fetched.url, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # another encoding, a number of 5,000 digits
        raise Fault.SHAPE.at(fetched.url) from error


def records(fetched: FetchedFeed) -> list[Record]:
    """Return the records of an answer that must be a list of objects, maybe an empty one."""
    value = parsed(fetched)
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value = value["data"]
    if not isinstance(value, list):
        raise Fault.SHAPE.at(fetched.url)
    found = [_record(one) for one in value]
    if not all(isinstance(one, dict) for one in found):
        raise Fault.SHAPE.at(fetched.url)
    return found


def text(record: Record, key: str) -> str:
    """Return a field as text on one line, empty where it is none."""
    value = record.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def number(record: Record, key: str) -> int | None:
    """Return a field as a whole number of 0 or more, ``None`` where it is none."""
    value = record.get(key)
    return value if type(value) is int and value >= 0 else None


def inner(record: Record, key: str) -> Record:
    """Return a field as an object, an empty one where it is none."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else value.translate(_UNSTORABLE)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return value


def _record(one: object) -> Any:
    """Return a record; one written as Python text is read as a literal, never evaluated."""
    if not isinstance(one, str) or len(one) > _LONGEST_LITERAL:
        return one
    try:
        return ast.literal_eval(one)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
