"""Stretches of text between two equal marks, as in ``**strong**``, found in one pass. Pure.

A lazy pattern would look for the closing mark again from every opening one: where
none closes, that costs the square of the length.
"""

from collections.abc import Callable


def first(text: str, mark: str, start: int = 0) -> tuple[int, int] | None:
    """Return where the first stretch in marks begins and ends, the marks included.

    It holds at least one character, and neither begins nor ends with a blank.
    """
    opened = text.find(mark, start)
    while opened >= 0 and not _opens(text, opened + len(mark)):
        opened = text.find(mark, opened + 1)
    closed = _closing(text, mark, opened + len(mark) + 1) if opened >= 0 else -1
    return (opened, closed + len(mark)) if closed >= 0 else None


def replaced(text: str, mark: str, made: Callable[[str], str]) -> str:
    """Return ``text`` with every stretch in marks replaced by what is made of its inside."""
    parts, done = [], 0
    while found := first(text, mark, done):
        start, end = found
        parts += [text[done:start], made(text[start + len(mark) : end - len(mark)])]
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def last_closing(text: str, mark: str) -> int:
    """Return where the last mark stands that can close a stretch, -1 where none does."""
    at = text.rfind(mark)
    while at > 0 and text[at - 1].isspace():
        at = text.rfind(mark, 0, at + len(mark) - 1)
    return at if at > 0 else -1


def _opens(text: str, at: int) -> bool:
    return at < len(text) and not text[at].isspace()


def _closing(text: str, mark: str, start: int) -> int:
    at = text.find(mark, start)
    while at >= 0 and text[at - 1].isspace():
        at = text.find(mark, at + 1)
    return at
