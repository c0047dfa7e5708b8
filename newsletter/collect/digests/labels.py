"""Labels: ``**Label**: text``, ``- **Label:** text``, ``Authors: …``, and a bold line of its own. Pure."""

import re
from dataclasses import dataclass

from newsletter.collect.digests import naming, prose
from newsletter.collect.digests.naming import Kind

_BEFORE = r"\s{0,20}(?:>\s?){0,3}(?:(?P<bullet>[-*•+])\s{1,4})?"
_BOLD = re.compile(
    _BEFORE + r"[^\w\s*<>\[\]()#|]{0,4}\s?(?:\*{2,3}|__)(?P<label>[^*:：\n]{1,60})(?:[:：]\s?(?:\*{2,3}|__)|(?:\*{2,3}|__)\s?[:：])\s?(?P<text>.*)$"
)  # fmt: skip
_PLAIN = re.compile(
    _BEFORE + r"(?P<label>[^\s:：|\[\]()*<>#\d][^:：|\[\]()*<>]{0,30})[:：](?!//)\s?(?P<text>.*)$"
)
_SIGNED = re.compile(_BEFORE + r"(?P<label>👥|✍|👤|🏛|🏢|⬆|👍|▲)\ufe0f?\s{0,3}(?P<text>[^\s:：].*)$")
_ALONE = re.compile(_BEFORE + r"(?:\*{2,3}|__)(?P<label>[^*\n]{1,60})(?:\*{2,3}|__)\s?[:：]?\s*$")
# What begins in bold letters, behind a number where it has one.
BOLD_FIRST = re.compile(
    r"[^\w*]{0,8}(?:\d{1,3}[.)]\s{0,3})?\*\*(?P<title>[^*\n]{2,300})\*\*(?P<rest>.*)$"
)
_ET_AL = re.compile(r"\bet\.? ?al\b\.?")
_ENDS = (".", "!", "。", "다")
_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Label:
    """A label and what stands behind it; of a bold line of its own, nothing does."""

    name: str
    kind: Kind
    text: str
    in_list: bool = False


def labels(line: str) -> list[Label]:
    """Return the label of a line, or the several that stand in it side by side; none where it has none."""
    if ":" not in line and "：" not in line:
        return [found] if (found := _signed(line)) else []
    parts = line.split(_BETWEEN)
    if len(parts) > 1 and not line.lstrip().startswith("|"):
        several = [found for part in parts if (found := _bold(part))]
        if len(several) == len(parts):
            return several
    found = _bold(line) or _plain(line) or _signed(line)
    return [found] if found else []


def names(text: str) -> tuple[str, ...]:
    """Return the authors that a label tells."""
    return prose.names(_ET_AL.sub("et al.", text))


def alone(line: str) -> str:
    """Return the words of a bold line that stands for a heading, else nothing."""
    found = _ALONE.match(line) if "**" in line or "__" in line else None
    if found is None or found["bullet"] or found["label"].rstrip().endswith(_ENDS):
        return ""
    return found["label"].strip(" :：")


def _bold(line: str) -> Label | None:
    found = _BOLD.match(line) if "**" in line or "__" in line else None
    return _label(found) if found else None


def _plain(line: str) -> Label | None:
    """Return a label without marks: only one that is known, for prose has colons too."""
    found = _PLAIN.match(line)
    if found is None:
        return None
    told = _label(found)
    return told if told.kind is not Kind.SECTION or naming.is_part(told.name) else None


def _signed(line: str) -> Label | None:
    found = None if line.isascii() else _SIGNED.match(line)
    return _label(found) if found else None


def _label(found: re.Match[str]) -> Label:
    name = found["label"].strip(" \ufe0f_")
    return Label(name, naming.kind_of(name), found["text"].strip(), bool(found["bullet"]))
