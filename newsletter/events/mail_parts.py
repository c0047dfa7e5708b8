"""Parses a mail that anybody may have written, and refuses one of more parts than a mail has. Pure.

The library makes an object of every part, of a kilobyte and more, and compares each line
with the boundaries of all parts that it stands in. So both are bound: how many parts
there are, and how many boundaries are named, which no nesting of them can exceed. It
takes the parameters of a field apart in the square of their length, so fields are cut.
"""

import re
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice
from typing import Any

# A bounce has four, and those of the letter that it returns; a report of one recipient is one of them.
MOST_PARTS = 1_000
MOST_BOUNDARIES = 20
LONGEST_FIELD = 2_000
_BOUNDARY = re.compile(rb"boundary[*0-9]*+\s*+=", re.IGNORECASE)


class TooManyParts(Exception):
    """A mail has more parts, or names more boundaries, than any that is read."""


def message(raw: bytes) -> Message:
    """Return a mail, parsed; raise :class:`TooManyParts` before it costs more than its length.

    ``RecursionError`` comes from the library, where messages stand in messages without end.
    """
    if sum(1 for _ in islice(_BOUNDARY.finditer(raw), MOST_BOUNDARIES + 1)) > MOST_BOUNDARIES:
        raise TooManyParts
    return message_from_bytes(raw, _Parts().another)


def head(raw: bytes) -> Message:
    """Return the fields that a mail begins with; its body stays as it is."""
    return BytesHeaderParser(_Part).parsebytes(raw)


class _Part(Message):
    """A mail, or one part of it, whose fields have no more than 2,000 characters."""

    def set_raw(self, name: str, value: str) -> None:
        """Take a field from the parser, which stores each by this method."""
        super().set_raw(name, value[:LONGEST_FIELD])


class _Parts:
    """Makes the parts of one mail, and counts them."""

    def __init__(self) -> None:
        self._made = 0

    def another(self, **policy: Any) -> Message:
        self._made += 1
        if self._made > MOST_PARTS:
            raise TooManyParts
        return _Part(**policy)
