"""Unicode normalization for text of strangers, in time that grows with its length. Pure.

The library sorts the marks of a letter by inserting each where it belongs, which costs
the square of their number: 1 MB of two accents in turn takes minutes. Unicode's
Stream-Safe Text Format (UAX #15, section 13) has at most 30 of them in a row; so has
what leaves here.
"""

import unicodedata
from typing import Literal

_MOST_MARKS = 30


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return ``text`` in a normal form; of more than 30 marks on one letter, the others are left out."""
    if text.isascii() or len(text) <= _MOST_MARKS:
        return unicodedata.normalize(form, text)
    return unicodedata.normalize(form, _stream_safe(text))


def _stream_safe(text: str) -> str:
    marks, kept = 0, []
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return text if len(kept) == len(text) else "".join(kept)
