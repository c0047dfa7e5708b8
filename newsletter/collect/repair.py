"""Repair of text that reached us damaged, in the order in which the damage happened.

Every repair works within one line and never joins or splits lines, so that a
finding can still name the line it came from. Repaired is only what is known to
be broken; where it is not certain, the text stays as it was written.
"""

import re
from collections import deque
from functools import cache

import emoji

from newsletter.collect.formulas import accents, formula
from newsletter.collect.placeholders import without
from newsletter.common.normal_form import normalized

# Zero-width and direction marks have no place in a digest and break search, links
# and subjects. U+200D stays between the parts of an emoji.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd]"
    "|(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile("[\u00a0\u2007\u202f\u2028\u2029\u3000]")
# "\textit" and "\frac" written by a program that took "\t" and "\f" for escapes.
_EATEN_BACKSLASH = re.compile(
    "\t(?=ext(?:it|bf|rm|tt|sc)?\\{|imes|heta)|\x0c(?=rac\\{)|\x08(?=eta)"
)
_EATEN_LETTER = {"\t": "\\t", "\x0c": "\\f", "\x08": "\\b"}
# One field of an otherwise clean text, read as Latin-1: "WÃ¼bben".
_TWO_BYTE_MOJIBAKE = re.compile("[ÂÃ][\u0080-\u00bf]")

_SPLIT_SCHEME = re.compile(r"\b(https?)\s?:\s*/\s?/(?=\S)|\b(https?)://\s+(?=[\w-]+(?:\.[\w-]+)+/)")
_SPLIT_PAPER_PATH = re.compile(r"(/(?:abs|pdf|papers)/)\s+(?=\d{4}\.\d{4,5})")
_PARTICLES = (
    "에서는|에서도|에서의|에서|에는|에도|에|으로|로|을|를|은|는|이며|이고|이다|입니다|이|가|와|과|의|도|및"
    "|인|참고|참조|라는|라고|부터|까지"
)
_ADDRESS = re.compile(r"https?://[!-~]++")
_ENDS_ADDRESS = re.compile(r"[A-Za-z0-9/=_]")
_PARTICLE = re.compile(rf"(?:{_PARTICLES})(?![가-힣])")

_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")

_MATH = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]{1,300}?)(?<![\s\\])\$(?![\d$])")
# "$\sim$$4\times$" is two formulas, and no display of one.
_TWO_FORMULAS = re.compile(
    r"(?<![\\$])\$(?![\s$])([^$\n]{1,100}?)(?<![\s\\])\$\$(?!\s)([^$\n]{1,100}?)(?<![\s\\])\$(?![\d$])"
)
# One command before a number, as "$\\leq$0.76": the digit behind shows that it is no price.
_MATH_COMMAND = re.compile(r"(?<![\\$])\$(\\[a-zA-Z]{2,20})\$(?=\d)")
_MATH_PARENTHESIS = re.compile(r"\\{1,2}([()])")
_LONGEST_FORMULA, _FURTHEST_PARENTHESIS = 200, 400
_TEXT_COMMAND = re.compile(r"\\(?:text(?:bf|it|sc|tt|rm|sf)?|emph|mathrm|mathbf)\{([^{}]*)\}")
# "{\sc Name}": a font, and not a set.
_NAMED_FONT = re.compile(
    r"\{\s?\\(?:sc|it|bf|em|tt|sl|sf|rm|scshape|itshape|bfseries)\s([^{}\\]{1,200})\}"
)
# "$λ$" is a formula; a price stands beside words, or Hangul.
_GREEK = re.compile(r"[!-~Ͱ-Ͽ←-⋿]++")
_MATH_SIGN = re.compile(r"[\\^_{}=<>|]")
_TIMES = re.compile(r"(?<=\d)\s?\\times\b")
_ESCAPED_SIGN = re.compile(r"\\([_\[\]#&%$~<>])")


def line(text: str) -> str:
    """Return one line with its characters, links and formulas repaired."""
    return latex(links(without(characters(text))))


def characters(text: str) -> str:
    """Compose Hangul, drop what cannot be seen, and undo a field read as Latin-1."""
    text = _EATEN_BACKSLASH.sub(lambda found: _EATEN_LETTER[found[0]], text)
    if not text.isascii():
        text = _TWO_BYTE_MOJIBAKE.sub(_as_utf8, normalized("NFC", text))
        text = _INVISIBLE.sub("", _BLANKS.sub(" ", text))
    return _CONTROL.sub("", text)


def links(text: str) -> str:
    """Join a web address that a blank has split, and part it from a Korean particle."""
    if "http" not in text:
        return text
    text = _SPLIT_SCHEME.sub(lambda found: f"{found[1] or found[2]}://", text)
    text = _SPLIT_PAPER_PATH.sub(r"\1", text)
    return text if text.isascii() else _ADDRESS.sub(_parted, text)


def shortcodes(text: str) -> str:
    """Turn the emoji shortcodes of forums into emoji; unknown ones stay.

    Only for text that comes from a forum: elsewhere ``:key:`` may be meant.
    """
    if ":" not in text:
        return text
    return _SHORTCODE.sub(_emoji, text)


def latex(text: str) -> str:
    r"""Turn LaTeX into Unicode where it certainly is LaTeX.

    ``$…$`` with no blank inside its dollars and no digit behind, ``\(…\)``, and
    the text commands. Prices, paths and what cannot be read stay as they are.
    """
    if "$" in text:
        text = _TWO_FORMULAS.sub(_formulas, text)
        text = _MATH_COMMAND.sub(lambda found: formula(found[1]) or found[0], text)
        text = _MATH.sub(_dollars, text)
    if "\\" in text:
        text = _parenthesised(text)
        text = _TEXT_COMMAND.sub(r"\1", _TEXT_COMMAND.sub(r"\1", text))
        text = accents(_NAMED_FONT.sub(r"\1", text))
        text = _TIMES.sub("×", text)
        text = _ESCAPED_SIGN.sub(r"\1", text)
    return text


def _parted(found: re.Match[str]) -> str:
    """Return an address with a blank behind it, where a particle is glued to it."""
    glued = _ENDS_ADDRESS.match(found[0][-1]) and _PARTICLE.match(found.string, found.end())
    return f"{found[0]} " if glued else found[0]


def _parenthesised(text: str) -> str:
    r"""Read ``\(…\)``, from the first parenthesis that is near enough to the one that closes."""
    parts: list[str] = []
    opened: deque[re.Match[str]] = deque()
    done = 0
    for mark in _MATH_PARENTHESIS.finditer(text):
        if mark[1] == "(":
            opened.append(mark)
            continue
        while opened and _too_long(text, opened[0].end(), mark.start()):
            opened.popleft()
        if not opened or opened[0].end() == mark.start():
            continue
        first = opened[0]
        opened.clear()
        if read := formula(text[first.end() : mark.start()].strip() or " "):
            parts += (text[done : first.start()], read)
            done = mark.end()
    return "".join((*parts, text[done:])) if parts else text


def _too_long(text: str, start: int, end: int) -> bool:
    """Return whether this is more than a formula, the blanks around it not counted."""
    far = end - start > _FURTHEST_PARENTHESIS
    return far or len(text[start:end].strip()) > _LONGEST_FORMULA


def _emoji(found: re.Match[str]) -> str:
    """Return the emoji of a code; forums write flags in small letters, Unicode does not."""
    name = found[0]
    english, alias = _emoji_names()
    return alias.get(name) or english.get(name) or english.get(name.title()) or name


@cache
def _emoji_names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the emoji by their names; the library would go through all of them for each code."""
    english: dict[str, str] = {}
    alias: dict[str, str] = {}
    for sign, known in emoji.EMOJI_DATA.items():
        if known["status"] <= emoji.STATUS["fully_qualified"]:
            english.setdefault(known["en"], sign)
            for name in known.get("alias", ()):
                alias.setdefault(name, sign)
    return english, alias


def _dollars(found: re.Match[str]) -> str:
    inside = found[1]
    if not _MATH_SIGN.search(inside) and not _GREEK.fullmatch(inside):
        return found[0]  # two prices in a sentence, not a formula
    return formula(inside) or found[0]


def _formulas(found: re.Match[str]) -> str:
    read = [formula(source) for source in found.groups()]
    return "".join(read) if "\\" in found[0] and all(read) else found[0]


def _as_utf8(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("utf-8", "replace").replace("\ufffd", "") or found[0]
