"""How often a reader is written to, in which language, and at which length."""

from dataclasses import dataclass
from enum import StrEnum


class Cadence(StrEnum):
    """How often an issue appears."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Language(StrEnum):
    """The language a reader chose: Korean, English, or both side by side."""

    KOREAN = "ko"
    ENGLISH = "en"
    BOTH = "both"


class Length(StrEnum):
    """Whether papers that a reader already has from the Daily are told again in full."""

    FULL = "full"
    BRIEF = "brief"


@dataclass(frozen=True, slots=True)
class Variant:
    """One rendering of an issue; all its readers get the same mail but for their own links."""

    language: Language
    length: Length = Length.FULL
