"""What a check found: how it stands with one part, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """``OK``; ``WARN``: it works, but should not stay so; ``FAIL``: it does not work."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How it stands with one part; the remedies are empty where nothing is to be mended."""

    part: str
    level: Level
    ko: str
    en: str
    remedy_ko: str = ""
    remedy_en: str = ""
