"""What somebody typed in one line: without what nobody sees, and what turns letters around. Pure."""

import unicodedata

# They turn the letters after them around, so that a name reads as another one.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls, surrogates, and the separators of lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Return ``text`` in one line; breaks and tabs become blanks, other controls go."""
    seen = (letter for letter in " ".join(text.split()) if not _is_unseen(letter))
    return "".join(seen).strip()


def _is_unseen(letter: str) -> bool:
    return letter in _BIDI or unicodedata.category(letter) in _UNSEEN
