"""What the headings of the published formats mean, so that a mail can name them in the reader's language.

A heading that is not in the list is shown as its author wrote it.
"""

import re
import unicodedata


def mark(message: str) -> str:
    """Mark a message for the catalog; it is translated where it is shown."""
    return message


SUMMARY = mark("Summary")
ABSTRACT = mark("Abstract")
KEY_POINTS = mark("Key points")

_MEANINGS = {
    "요약": SUMMARY,
    "한 줄 요약": SUMMARY,
    "summary": SUMMARY,
    "tl;dr": SUMMARY,
    "논문 소개": mark("About the paper"),
    "소개": mark("About the paper"),
    "초록": ABSTRACT,
    "논문 초록": ABSTRACT,
    "abstract": ABSTRACT,
    "핵심 포인트": KEY_POINTS,
    "key points": KEY_POINTS,
    "what's new": mark("What's new"),
    "technical details": mark("Technical details"),
    "performance highlights": mark("Performance highlights"),
    "introduction": mark("Introduction"),
    "method": mark("Method"),
    "results": mark("Results"),
    "limitations": mark("Limitations"),
    "conclusion": mark("Conclusion"),
    "이번 주의 흐름": mark("Trends of the week"),
}
# What a section of imrlc opens its lines with, in English even where it goes on in Korean.
_LABELS = {
    "goal": "목표",
    "motivation": "동기",
    "contribution": "기여",
    "contributions": "기여",
}
_LABEL = re.compile(
    rf"^([ \t]*(?:[-*][ \t]+)?)\**({'|'.join(_LABELS)})\**[ \t]*[:：]\**",
    re.IGNORECASE | re.MULTILINE,
)
_PARENTHESIS = re.compile(r"\s?\([^()]*\)$")


def meaning(heading: str) -> str:
    """Return the English name of a known heading, which is its key in the catalog, else nothing."""
    return _MEANINGS.get(_key(heading), "")


def labelled(text: str, lang: str) -> str:
    """Return ``text`` with the labels that open its lines in bold, and in its own language."""
    return _LABEL.sub(lambda found: f"{found[1]}**{_named(found[2], lang)}**:", text)


def _named(label: str, lang: str) -> str:
    return _LABELS[label.lower()] if lang == "ko" else label


def plain(heading: str) -> str:
    """Return ``heading`` without the emoji that some formats put before it."""
    letters = [letter for letter in heading if not _is_symbol(letter)]
    return " ".join("".join(letters).split())


def _key(heading: str) -> str:
    return _PARENTHESIS.sub("", plain(heading)).replace("’", "'").strip(" :*").casefold()


def _is_symbol(letter: str) -> bool:
    # Variation selector 16 and the joiner belong to the emoji that they follow.
    return unicodedata.category(letter) in {"So", "Cs"} or letter in "\ufe0f\u200d"
