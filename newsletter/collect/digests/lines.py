"""A post as numbered lines, and the headings that part it into blocks.

Posts are read by their line structure and not by a Markdown parser: their
authors are programs whose output breaks Markdown in ways that only lines survive.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsletter.collect import repair
from newsletter.collect.digests import links

# "#" needs a blank behind it, unless a number or a link shows that a heading is meant.
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+|(?=\d+[.)]|\[))(.*)$")
_NUMBER = re.compile(r"(\d{1,3})\s*[.)]\s*(?=\D)")
_FENCE = re.compile(r"\s*(?:```|~~~)\s*(?P<language>[A-Za-z][\w+#.-]{0,20})?")
# What a fence may say and still hold the prose of an answer, with headings that are meant.
_PROSE = {"markdown", "md", "text", "txt", "plaintext"}
# Four blanks make a line code in Markdown: a remark in it is no heading then.
_CODE = "    "
_LONGEST_CODE = 400
# Whom one of our own posts credits; its writer is no author of what stands above it.
_CREDIT = re.compile(r"\s*<small>(?:소개한 곳|Introduced by): .*</small>\s*$")
_OPEN_LINK = re.compile(r"(?:\d{1,3}\s*[.)]\s*)?\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*$")
_LABEL_OF_AN_ADDRESS = re.compile(r"\[[^\[\]]{0,80}\]\($")
_BEFORE_AN_ADDRESS = " (<|:·–—-"
# A heading such as "🔗 논문 링크: https://…" leads to a paper and names none.
_NO_TITLE = re.compile(
    r"\W*(?:(?:관련|논문|원문|참고|출처|링크|주소|자료|arxiv|paper|pdf|url|links?)\W*){1,3}",
    re.IGNORECASE,
)
# How many lines a title may be broken over; beyond, the bracket was simply never closed.
_LONGEST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file, its repaired text, and how it stood."""

    number: int
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: ``## 3. [Title](address) 🔥`` has level 2, number 3, a title, a url and a rest."""

    level: int
    text: str
    title: str
    url: str = ""
    number: int | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and the lines below it, up to the next heading; the first has no heading."""

    heading: Heading | None
    number: int
    body: tuple[Line, ...]
    raw: str


def split(text: str, stood: str | None = None) -> tuple[Line, ...]:
    """Return the lines of a text, each repaired, without fences and the credits of our own posts.

    ``stood`` is the same text, line for line, before its encoding was restored.

    A fence around a whole answer only hides its headings; its two lines stay as
    empty ones so that numbers remain true. What a program stands in is indented as code.
    """
    own = text.split("\n")
    code = _in_code(own)
    return tuple(
        Line(number, _text(line, is_code=number - 1 in code), before)
        for number, (line, before) in enumerate(
            zip(own, (stood or text).split("\n"), strict=True), 1
        )
    )


def _text(line: str, *, is_code: bool) -> str:
    if _FENCE.match(line) or _CREDIT.match(line):
        return ""
    return _CODE + repair.characters(line) if is_code and line.strip() else repair.line(line)


def _in_code(own: Sequence[str]) -> set[int]:
    """Return which lines stand in fences that name a programming language and are closed."""
    inside: set[int] = set()
    opened: int | None = None
    for index, found in enumerate(map(_FENCE.match, own)):
        if found is None:
            continue
        language = (found["language"] or "").lower()
        if opened is not None and not language and index - opened <= _LONGEST_CODE:
            inside.update(range(opened + 1, index))
        opened = index if language and language not in _PROSE else None
    return inside


def blocks(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Part the lines at their headings; a title broken over several lines is joined."""
    return tuple(_blocks(lines))


def grouped(
    parts: Sequence[Block], opens: Callable[[Block], bool]
) -> tuple[Sequence[Block], list[Sequence[Block]]]:
    """Return the blocks above the first that opens a group, and the groups."""
    starts = [index for index, block in enumerate(parts) if opens(block)]
    groups = [parts[start:end] for start, end in pairwise([*starts, len(parts)])]
    return parts[: starts[0]] if starts else parts, groups


def raw(parts: Sequence[Block]) -> str:
    """Return the blocks as they stood."""
    return "\n".join(block.raw for block in parts)


def heading(text: str) -> Heading | None:
    """Return the heading that a line is, if it is one."""
    found = _HEADING.match(text)
    if found is None:
        return None
    content = _unmarked(_unclosed(found[2]))
    number = _NUMBER.match(content)
    bare = _unmarked(content[number.end() :]) if number else content
    title, url, rest = _linked(bare) or _addressed(bare) or (bare, "", "")
    return Heading(
        level=len(found[1]),
        text=content,
        title=title,
        url=url,
        number=int(number[1]) if number else None,
        rest=rest,
    )


def _unclosed(text: str) -> str:
    """Return a heading without the marks that close it, as in ``## Title ##``."""
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else text


def _unmarked(text: str) -> str:
    """Return a heading without the bold marks around the whole of it."""
    marked = len(text) > len("****") and text.startswith("**") and text.endswith("**")
    return text[2:-2].strip() if marked and "**" not in text[2:-2] else text


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    opened: Heading | None = None
    first = body = position = 0
    while position < len(lines):
        found = heading(lines[position].text)
        if found is None:
            position += 1
            continue
        if position > first or opened:
            yield _block(opened, lines[first:position], body - first)
        first = position
        opened, position = _joined(found, lines, position)
        body = position
    yield _block(opened, lines[first:], body - first)


def _block(opened: Heading | None, lines: Sequence[Line], body: int) -> Block:
    return Block(
        opened,
        lines[0].number if lines else 1,
        tuple(lines[body:]),
        "\n".join(line.raw for line in lines),
    )


def _joined(found: Heading, lines: Sequence[Line], position: int) -> tuple[Heading, int]:
    """Return the heading, whole, and the position behind it."""
    if found.url or not _OPEN_LINK.match(found.text):
        return found, position + 1
    text = lines[position].text.rstrip()
    for end in range(position + 1, min(position + _LONGEST_TITLE, len(lines))):
        following = lines[end].text.strip()
        if heading(following) and not _linked(following):
            break
        text = f"{text} {following}".rstrip()
        whole = heading(text)
        if whole and whole.url:
            return whole, end + 1
    return found, position + 1


def _linked(text: str) -> tuple[str, str, str] | None:
    """Return label, address and what is behind, where a text begins with a link.

    The label may hold brackets, so the first that a web address follows is its end.
    """
    text = text.strip(" *")
    ends = list(links.MARKDOWN_TARGET.finditer(text)) if text.startswith("[") else []
    if not ends:
        return None
    end = next((found for found in ends if links.is_web(found[1])), ends[-1])
    return text[1 : end.start()], end[1], text[end.end() :].strip(" *")


def _addressed(text: str) -> tuple[str, str, str] | None:
    """Return title, address and what is behind, where a title is followed by its paper's address."""
    found = next((one for one in links.BARE_URL.finditer(text) if links.arxiv_id(one[0])), None)
    if found is None:
        return None
    before = text[: found.start()].rstrip(" <")
    title = _LABEL_OF_AN_ADDRESS.sub("", before).rstrip(_BEFORE_AN_ADDRESS)
    if _NO_TITLE.fullmatch(title):
        return None
    return title, found[0], text[found.end() :].strip(" )>*")
