"""A finding: something that came in, or is about to go out, and that a person should know.

An importer reports what it could not read, the gate what must not leave. Both
speak in the same shape, so that the desk and the command line show them alike.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does: ``ERROR`` stops an issue, ``WARNING`` asks for eyes, ``NOTICE`` informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, where, and how to mend it, in Korean and in English."""

    code: str
    ko: str
    en: str
    severity: Severity = Severity.WARNING
    place: str = ""
    line: int | None = None
    remedy_ko: str = ""
    remedy_en: str = ""

    @property
    def message(self) -> str:
        """Both sentences on one line, as the command line and the JSON output show them."""
        return f"{self.ko} / {self.en}"
