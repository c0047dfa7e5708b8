"""Puts one reader's values into a compiled mail, by plain substitution.

No template engine runs here: a paper's title may hold braces. The letter is
cut at its tokens once, and every reader's copy is one join of the pieces.
"""

import re
from functools import lru_cache
from html import escape

from newsletter.render.mail import CompiledMail, PersonalValues, RenderedMail, Tokens


def personalize(mail: CompiledMail, values: PersonalValues) -> RenderedMail:
    """Return ``mail`` as this reader gets it; values are escaped in the HTML part."""
    html, text = _cut(mail.html, mail.tokens), _cut(mail.text, mail.tokens)
    plain = {
        mail.tokens.name: values.name,
        mail.tokens.unsubscribe: values.unsubscribe,
        mail.tokens.preferences: values.preferences,
    }
    escaped = {token: escape(value) for token, value in plain.items()}
    return RenderedMail(mail.subject, _join(html, escaped), _join(text, plain))


@lru_cache(maxsize=256)
def _cut(body: str, tokens: Tokens) -> tuple[str, ...]:
    """Return ``body`` cut at its tokens: text at even places, a token at every odd one."""
    words = (tokens.name, tokens.unsubscribe, tokens.preferences)
    return tuple(re.split("(" + "|".join(map(re.escape, words)) + ")", body))


def _join(pieces: tuple[str, ...], values: dict[str, str]) -> str:
    return "".join([values.get(piece, piece) for piece in pieces])
