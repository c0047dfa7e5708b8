"""Plain text: what may not reach a mail, and lines that fit a terminal.

A Hangul syllable or a Chinese character takes two columns, so a line of 72
columns holds 36 of them. Korean is broken between words, never inside one,
except where a single word is longer than a line.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

WIDTH = 72

# Controls end documents early, C1 letters make Gmail clip a mail, surrogates
# cannot be encoded, zero-width letters hide words, and the bidi controls turn
# text around. ZWJ and ZWNJ stay: emoji and several scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")
_BULLET = re.compile(r"^[^\S\n]*[-*+]\s+", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?。…])[\"'”’)\]]*\s+")


def clean(text: str) -> str:
    """Return ``text`` without the characters that no mail may carry; line ends become LF."""
    if is_clean(text):
        return text
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_clean(text: str) -> bool:
    """Tell whether ``text`` holds nothing that :func:`clean` would change, as nearly all does."""
    return "\r" not in text and _UNWANTED.search(text) is None


def one_line(text: str, limit: int) -> str:
    """Return ``text`` cleaned, on one line, and at most ``limit`` characters long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def tidy(text: str) -> str:
    """Return a rendered text without blank lines in a row, ending in one line end."""
    *above, last = _BLANK_LINES.split(text)
    return "\n\n".join([*(part.rstrip(" \t") for part in above), last]).strip() + "\n"


def columns(text: str) -> int:
    """Return how many terminal columns ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=20_000)
def _columns_of(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrap(text: str, width: int = WIDTH, *, first: str = "", rest: str = "") -> str:
    """Return one paragraph broken at ``width`` columns; ``first`` and ``rest`` indent its lines.

    A URL is never broken: half an address is no address.
    """
    room = width - columns(rest or first)
    lines, line, used = [], "", 0
    for piece in (piece for word in text.split() for piece in _pieces(word, room)):
        taken = columns(piece)
        if line and used + 1 + taken > room:
            lines.append(line)
            line, used = piece, taken
        else:
            line, used = (f"{line} {piece}", used + 1 + taken) if line else (piece, taken)
    lines.append(line)
    return "\n".join((rest if number else first) + line for number, line in enumerate(lines))


def _pieces(word: str, room: int) -> list[str]:
    """Return ``word`` whole if it fits or is an address, else cut into pieces that fit."""
    if columns(word) <= room or "://" in word:
        return [word]
    starts, used = [0], 0
    for place, letter in enumerate(word):
        taken = _columns_of(letter)
        if used + taken > room:
            starts.append(place)
            used = 0
        used += taken
    return [word[start:end] for start, end in pairwise([*starts, len(word)])]


def first_sentences(text: str, limit: int) -> str:
    """Return the first sentences of ``text``, as many as fit in ``limit`` characters, at least one.

    A first sentence that is itself too long is cut at a word and ends in an ellipsis.
    """
    flat = " ".join(_BULLET.sub("", text.replace("**", "")).split())
    taken = ""
    for sentence in _SENTENCE_END.split(flat[: limit * 4]):
        longer = f"{taken} {sentence}".strip()
        if taken and len(longer) > limit:
            break
        taken = longer
    if len(taken) > limit * 2:
        taken = taken[: limit * 2].rsplit(" ", 1)[0] + "…"
    return taken
