"""References in the XML of feeds that XML does not know: read as HTML says, or as the text they are. Pure.

Blogs write ``&nbsp;``, a bare ``&``, and references to control letters that they pasted from
PDFs. Each would cost the whole feed. Nothing that a document type declares is ever expanded:
such a feed is refused, whatever its references say.
"""

import re
from html import unescape
from html.entities import html5
from xml.sax.saxutils import escape

# What XML knows by itself is left to it.
_REFERENCE = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos);)"
    r"(?:#(?P<number>\d++|[xX][0-9a-fA-F]++);|(?P<name>[A-Za-z][A-Za-z0-9]*+);)?"
)
# Within these, a reference is none.
_OPENED = re.compile(r"<!\[CDATA\[|<!--|<\?")
_CLOSES = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_FIRST_ITEM = re.compile(r"<(?:\w{1,40}:)?(?:item|entry)\b")
_MOST_DIGITS = 10
# Letters that HTML has in the place of these numbers, for pages of Windows mean them so.
_OF_WINDOWS = range(0x80, 0xA0)
_LAST = 0x10FFFF


def mended(text: str) -> tuple[str, int]:
    """Return XML whose references all can be read, and how many could not be.

    A name that HTML does not know either is text, but only within an entry: what is broken
    before its first entry is no feed to be mended.
    """
    if "&" not in text:
        return text, 0
    first = _FIRST_ITEM.search(text)
    mender = _Mender(text, first.start() if first else len(text))
    return mender.mend(), mender.count


class _Mender:
    def __init__(self, text: str, first_item: int) -> None:
        self._text, self._first_item = text, first_item
        self._from = 0
        self.count = 0

    def mend(self) -> str:
        parts: list[str] = []
        while opened := _OPENED.search(self._text, self._from):
            parts.append(self._mended(opened.start()))
            closed = self._text.find(_CLOSES[opened[0]], opened.end())
            end = closed if closed >= 0 else len(self._text)
            parts.append(self._text[opened.start() : end])
            self._from = end
        return "".join((*parts, self._mended(len(self._text))))

    def _mended(self, end: int) -> str:
        return _REFERENCE.sub(self._read, self._text[self._from : end])

    def _read(self, found: re.Match[str]) -> str:
        number, name = found.groups()
        read = self._letters(number, name, found)
        self.count += read != found[0]
        return read

    def _letters(self, number: str | None, name: str | None, found: re.Match[str]) -> str:
        if number:
            return _letter(number) if _is_odd(number) else found[0]
        if name and f"{name};" in html5:
            return escape(html5[f"{name};"])
        inside = self._from + found.start() >= self._first_item
        return "&amp;" + found[0][1:] if inside else found[0]


def _is_odd(number: str) -> bool:
    """Return whether XML allows no letter of this number, or HTML has another one for it."""
    value = _value(number)
    if value in _OF_WINDOWS or value > _LAST or value & 0xFFFE == 0xFFFE:  # noqa: PLR2004 - the last two of a plane
        return True
    return (value < ord(" ") and chr(value) not in "\t\n\r") or 0xD800 <= value < 0xE000  # noqa: PLR2004 - halves of letters


def _letter(number: str) -> str:
    value = _value(number)
    return unescape(f"&#{value};") if value in _OF_WINDOWS else ""


def _value(number: str) -> int:
    """Return the number, or one that is too large to be a letter."""
    base = 16 if number[0] in "xX" else 10
    digits = number.lstrip("xX").lstrip("0") or "0"
    return int(digits, base) if len(digits) <= _MOST_DIGITS else _LAST + 1
