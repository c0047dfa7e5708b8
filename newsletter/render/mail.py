"""The values that rendering takes and returns."""

from dataclasses import dataclass
from typing import NamedTuple

from newsletter.common.cadence import Language


@dataclass(frozen=True, slots=True)
class Site:
    """What every mail says of its publication."""

    name: str
    base_url: str
    """Without a trailing slash; from the settings only, never from a request."""
    mail_from: str
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The opaque words that stand for a reader's own values until the letter is personal.

    They carry a nonce, so no title can contain one by accident or on purpose.
    """

    name: str
    unsubscribe: str
    preferences: str

    @classmethod
    def with_nonce(cls, nonce: str) -> "Tokens":
        """Return the three words for one compilation."""
        return cls(f"__NAME_{nonce}__", f"__UNSUBSCRIBE_{nonce}__", f"__PREFERENCES_{nonce}__")


@dataclass(frozen=True, slots=True)
class CompiledMail:
    """One variant of a mail, rendered once; a reader's values go in by plain substitution."""

    subject: str
    html: str
    text: str
    language: Language
    tokens: Tokens


class PersonalValues(NamedTuple):
    """What differs from reader to reader. Tokens are URL-safe ASCII; the name is plain text."""

    name: str
    unsubscribe: str
    preferences: str


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail as one reader gets it."""

    subject: str
    html: str
    text: str
