r"""One formula of TeX as Unicode, and accents; what cannot be said without changing it is not said. Pure.

``x_{t+1}`` is xₜ₊₁ and never ``x_t+1``, ``\frac{a+b}{c}`` keeps its parentheses, and a formula
with a command that nobody knows (authors make their own) is left to stand as it came.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

_TEXT_COMMAND = re.compile(
    r"\\(?:text(?:bf|it|sc|tt|rm|sf|normal)?|emph|underline|mathrm|mathbf|mathit|mathsf|mathtt|boldsymbol|bm"
    r"|mbox|operatorname\*?)\s?\{([^{}]*)\}"
)
_SAME = {
    "tfrac": "frac",
    "dfrac": "frac",
    "widetilde": "tilde",
    "widehat": "hat",
    "overline": "bar",
}
_OTHER_NAME = re.compile(rf"\\({'|'.join(_SAME)})\b")
_TIMES = re.compile(r"(?<=\S)\\times\s+(?=\S)")
_COMMAND = re.compile(r"[\\{}~]")
_SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzT",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
        strict=True,
    )
)
_SUBSCRIPT = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_DEGREES = re.compile(r"\^(?:\\circ\b|\{\\circ\})")
_TRANSPOSED = re.compile(r"\^(?:\\top\b|\{\\top\})")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]{1,60})\}|([0-9a-zT]))")
# A command ends at a sign that is no letter; what stands below it is one.
_ENDS_COMMAND = re.compile(r"\\[a-zA-Z]{1,30}\Z")
_OPERATOR = re.compile(r"[-+*/=,<>| ]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ACCENTED = re.compile(
    r"(?<=[A-Za-z])\\(?:[\"'`^=.](?:\{\\?[a-zA-Z]\}|\\?[aceginorsuyzACEGINORSUYZ])|[Hcvukr]\{\\?[A-Za-z]\})"
    r"|(?<![\w\\])\\[\"'`^](?:\{[AEIOUaeiouSCZsczn]\}|[AEIOU])(?=[a-z])"
)
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}
_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ff]")
# What the library does not know, or would say with a space too many.
_SIGNS = {
    "|": "‖", "ne": "≠", "neq": "≠", "arg": "arg ", "max": "max", "min": "min", "left": "", "right": "",
    "big": "", "Big": "", "bigl": "", "bigr": "", "bigg": "", "Bigl": "", "Bigr": "", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "mid": "|", "lvert": "|", "rvert": "|", "displaystyle": "", "xspace": "",
    "rm": "", "bf": "", "it": "", "cal": "", "limits": "", "argmax": "argmax", "argmin": "argmin",
}  # fmt: skip


@lru_cache(maxsize=4096)
def formula(source: str) -> str:
    """Return the Unicode of one formula, empty where it cannot be read."""
    source = _TEXT_COMMAND.sub(r"\1", _TEXT_COMMAND.sub(r"\1", source))
    source = _OTHER_NAME.sub(lambda found: f"\\{_SAME[found[1]]}", source)
    source = _TRANSPOSED.sub("{}ᵀ", _DEGREES.sub("°", _TIMES.sub("×", source)))
    source = _SCRIPT.sub(_script, source)
    if not _COMMAND.search(source):
        return source
    try:
        read = " ".join(_to_text.latex_to_text(f"${source}$").split())
    except Exception:  # noqa: BLE001 - pylatexenc raises IndexError and more on odd macros
        return ""
    # Letters for mathematics alone, which few fonts of mail programs have.
    return _MATHEMATICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), read)


def accents(text: str) -> str:
    r"""Return text with the letters that TeX makes of ``\"o``; only within a word, or at its capital."""
    return _ACCENTED.sub(lambda found: letter(found[0]), text)


@lru_cache(maxsize=1024)
def letter(source: str) -> str:
    """Return the letter that TeX makes of one command, or the command where it makes none."""
    try:
        return str(_to_text.latex_to_text(source)) or source
    except Exception:  # noqa: BLE001 - as above
        return source


def _script(found: re.Match[str]) -> str:
    """Return what stands below or above, in letters that stand there, else so that it stays one."""
    sign, body = found[1], found[2] or found[3]
    letters = _SUBSCRIPT if sign == "_" else _SUPERSCRIPT
    if not _WORD.search(body) and all(letter in letters for letter in body):
        ends = _ENDS_COMMAND.search(found.string, max(0, found.start() - 31), found.start())
        return ("{}" if ends else "") + "".join(letters[letter] for letter in body)
    if _OPERATOR.search(body.strip()):
        return f"{sign}({body.strip()})"
    return found[0] if "\\" in body else f"{sign}{body}"


def _argument(node: Any, number: int, reader: Any) -> str:
    """Return one argument of a macro as text, empty where it has none."""
    told = node.nodeargd.argnlist[number]
    return str(reader.nodelist_to_text([told])).strip() if told is not None else ""


def _within(text: str) -> str:
    return f"({text})" if _OPERATOR.search(text) else text


def _fraction(node: Any, l2tobj: Any) -> str:
    above, below = (_within(_argument(node, number, l2tobj)) for number in (0, 1))
    return f"{above}/{below}"


def _root(node: Any, l2tobj: Any) -> str:
    index, inside = (_argument(node, number, l2tobj) for number in (0, 1))
    sign = _ROOTS.get(index or "2")
    if sign is None or not inside:
        raise ValueError("a root that has no sign")
    return sign + (inside if len(inside) == 1 else f"({inside})")


def _unknown(*_: Any, **__: Any) -> str:
    raise ValueError("a macro that nobody knows")


def _reader() -> LatexNodes2Text:
    known = get_default_latex_context_db()
    own = [MacroTextSpec(name, simplify_repl=sign) for name, sign in _SIGNS.items()]
    own.append(MacroTextSpec("frac", simplify_repl=_fraction))
    own.append(MacroTextSpec("sqrt", simplify_repl=_root))
    known.add_context_category("ours", prepend=True, macros=own)
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_unknown))
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False, latex_context=known)


_to_text = _reader()
