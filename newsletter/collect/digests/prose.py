"""Running text of a digest, reduced to paragraphs, ``- `` bullets and ``**strong**``."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from newsletter.collect import repair
from newsletter.collect.digests import failures, links
from newsletter.collect.digests.digest import Link, Section
from newsletter.collect.digests.lines import Line, heading
from newsletter.common import paired_marks

_BULLET = re.compile(r"(?:[*+•·‣▪◦–]|-)\s+(?=\S)|•\s*(?=\S)")
_NEXT_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=  +\S|[-*•] )")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,}|(?:[-*_] ){2,}[-*_])\s*$")
_QUOTE = re.compile(r"\A\s*>\s?")
# Only these, which posts are escaped with: the prose of a paper may speak of any other entity itself.
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|#39|#x27|#35|#123"
    # Nobody speaks of these: letters that cannot be seen.
    r"|nbsp|shy|zwn?j|lrm|rlm|#(?:160|173|820[3-7]|8288|65279)|#[xX](?:00)?(?:[aA][0dD]|20(?:0[b-fB-F]|60)|[fF][eE][fF]{2}));"
)
_LETTER = re.compile(r"[^\W\d_]")
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_PYTHON_VALUE = re.compile(r"\s*(?:\[\s*['\"{]|\{\s*['\"])")
# Korean text about machine learning is full of English; English text hardly ever holds Hangul.
_KOREAN_SHARE = 0.1
# What stands for the names that a page had folded away; a lone "+" does too.
_UNNAMED = re.compile(
    r"et al\.?|(?:and )?others|외(?: ?\d+ ?[명인])?|\+?\s?\d+ (?:more|authors?|others?)",
    re.IGNORECASE,
)
_AND_OTHERS = re.compile(r" (?:외(?: ?\d+ ?[명인])?|et al\.?)$", re.IGNORECASE)
_PICTURE = "Figure"
_NAMED_ADDRESS = re.compile(r"[^:\n]{1,100}: (\S++)")
_PICTURE_ENDS = re.compile(r".\.(?:png|jpe?g|gif|webp|svg)(?:[?#]|$)", re.IGNORECASE)
# A title alone is English in any text; only a sentence tells that its writer turned to English.
_SHORTEST_SENTENCE = 40
_LONGEST_FAILURE = 200
# Parsing Python text takes a hundred times its size in memory.
_LONGEST_LITERAL = 100_000
_LONGEST_LABEL = 200


def language(text: str) -> str:
    """Return ``ko`` or ``en``, ``zh`` or ``ja``, by the shares of their scripts among the letters."""
    text = links.BARE_URL.sub("", text)
    if text.isascii():
        return "en"
    letters = len(_LETTER.findall(text))
    if len(_HANGUL.findall(text)) > _KOREAN_SHARE * letters:
        return "ko"
    kana = len(_KANA.findall(text))
    if len(_HAN.findall(text)) + kana <= _KOREAN_SHARE * letters:
        return "en"
    return "ja" if kana else "zh"


def has_hangul(text: str) -> bool:
    """Return whether any Hangul stands in the text."""
    return bool(_HANGUL.search(text))


def failed(text: str) -> bool:
    """Return whether the text only says that no summary could be made."""
    return len(text) < _LONGEST_FAILURE and failures.failed(text)


def title(text: str) -> str:
    """Return a title on one line, without the marks around it."""
    return " ".join(_ENTITY.sub(_unescaped, text).replace("**", "").split())


def section(heading: str, text: str) -> Section:
    """Return a section in the language that its text is written in."""
    return Section(" ".join(_ENTITY.sub(_unescaped, heading).split()), language(text), text)


def sections(heading: str, text: str) -> tuple[Section, ...]:
    """Return the Korean of a text, then its English sentences, then the rest, each with the heading."""
    spoken: dict[str, list[str]] = {"ko": [], "en": []}  # in this order, others behind
    own = language(text)
    for unit in _units(text):
        is_sentence = len(unit) > _SHORTEST_SENTENCE and unit.endswith((".", "!", "?", "”"))
        if is_sentence or language(unit) != "en":
            own = language(unit)
        spoken.setdefault(own, []).extend([unit, ""])
    return tuple(section(heading, reduce(told)) for told in spoken.values() if told)


def reduce(lines: Iterable[str]) -> str:
    """Return the lines as paragraphs and bullets; pictures and rules are left out."""
    return "\n\n".join(paragraphs(lines))


def unwrapped(text: str) -> list[str]:
    """Return hard-wrapped text as lines that are whole paragraphs, with empty ones between.

    Besides a blank line, an indented one begins a paragraph.
    """
    found = (" ".join(part.split()) for part in _NEXT_PARAGRAPH.split(text))
    return [line for part in found if part for line in (part, "")][:-1]


def paragraphs(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the paragraphs of the lines; a run of bullets is one paragraph."""
    found: list[list[str]] = []
    parted = True
    for line in map(inline, lines):
        if not line:
            parted = True
            continue
        bullets = bool(found) and line.startswith("- ") and found[-1][-1].startswith("- ")
        if found and (bullets or (not parted and not _turns(found[-1], line))):
            found[-1].append(line)
        else:
            found.append([line])
        parted = False
    return tuple("\n".join(paragraph) for paragraph in found)


def inline(line: str) -> str:
    """Return one line with its marks reduced."""
    stood = links.MARKDOWN_IMAGE.sub("", _QUOTE.sub("", line, count=1))
    line = stood.strip()
    if not line or _RULE.match(line):
        return ""
    if line.startswith("#") and (found := heading(stood)):
        line = f"**{found.text.strip('* ')}**"
    line = _BULLET.sub("- ", line, count=1) if _BULLET.match(line) else line
    if "](" in line:
        # An address that was its own label may stand before a particle now.
        line = repair.links(links.MARKDOWN_LINK.sub(_label, line))
    if "***" in line:
        line = paired_marks.replaced(line, "***", lambda inside: f"**{inside}**")
    return _ENTITY.sub(_unescaped, line) if "&" in line else line


def links_in(lines: Iterable[str]) -> Iterator[Link]:
    """Yield the written links of the lines, in order; pictures and bare addresses are none."""
    for line in lines:
        if "](" in line:
            for found in links.MARKDOWN_LINK.finditer(line):
                if made := links.link(found[2], found[1]):
                    yield made


def pictures(lines: Iterable[Line]) -> list[str]:
    """Return a line of text for each picture: what it shows, and where it lies."""
    found = (picture for line in lines for picture in links.MARKDOWN_IMAGE.finditer(line.text))
    return [f"{picture[1].strip() or _PICTURE}: {picture[2]}" for picture in found]


def only_pictures(text: str) -> bool:
    """Return whether a text does nothing but name pictures, as :func:`pictures` does."""
    named = (_NAMED_ADDRESS.fullmatch(line) for line in text.split("\n"))
    return all(found and _PICTURE_ENDS.search(found[1]) for found in named)


def python_value(text: str) -> str:
    """Return a Python list or dict, written as text by a careless program, as bullets.

    Read as a literal and never evaluated; what is no literal stays as it is.
    """
    if len(text) > _LONGEST_LITERAL or not _PYTHON_VALUE.match(text):
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\m" in somebody's string is not our fault
            value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return "\n".join(_bullets(value))


def names(text: str) -> tuple[str, ...]:
    """Return the authors of a line, written with commas or as a Python list."""
    listed = python_value(text)
    parts = (
        [line.removeprefix("- ") for line in listed.split("\n")]
        if listed != text
        else re.split(r"[,;](?:\s*and\s)?", text.strip(" []"))
    )
    named = (_AND_OTHERS.sub("", title(part.strip(" '\""))) for part in parts)
    return tuple(name for name in named if _LETTER.search(name) and not _UNNAMED.fullmatch(name))


def _bullets(value: object, label: str = "") -> Iterator[str]:
    mark = f"**{label}**: " if label else ""
    if isinstance(value, dict):
        for key, inner in value.items():
            named = f"{label} · {key}" if label else str(key)
            yield from _bullets(inner, named[:_LONGEST_LABEL])
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _bullets(inner, label)
    else:
        yield f"- {mark}{' '.join(str(value).split())}"


def _units(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text, and each bullet of a list on its own."""
    for paragraph in text.split("\n\n"):
        yield from re.split(r"\n(?=- )", paragraph) if paragraph.startswith("- ") else [paragraph]


def _turns(paragraph: Sequence[str], line: str) -> bool:
    """Return whether a line begins a list, which needs a paragraph of its own."""
    return line.startswith("- ") and not paragraph[-1].startswith("- ")


def _label(found: re.Match[str]) -> str:
    """Return the label of a link; ``[EOS](end)`` in prose is no link and stays."""
    if not found[2].startswith(("http://", "https://", "/", "./", "#")):
        return found[0]
    return found[1] or found[2]


def _unescaped(found: re.Match[str]) -> str:
    return repair.characters(unescape(found[0]))
