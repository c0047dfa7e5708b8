"""A finding: something that came in, or is about to go out, and that a person should know.

An importer reports what it could not read, the gate what must not leave. Both
speak in the same shape, so that the desk and the command line show them alike.
"""

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """Findings of one kind, to be told once: the first, and the places of all."""

    finding: Finding
    all: tuple[Finding, ...]

    @property
    def tells_one_thing(self) -> bool:
        """Whether all of them say the same; else each has something of its own to say."""
        return len({one.ko for one in self.all}) == 1

    @property
    def remedies(self) -> tuple[Finding, ...]:
        """One finding for each way to mend them."""
        return tuple({one.remedy_ko: one for one in self.all if one.remedy_ko}.values())

    @property
    def places(self) -> tuple[str, ...]:
        """Where it was found, each place once."""
        return tuple(dict.fromkeys(one.place for one in self.all if one.place))


def gathered(findings: Iterable[Finding]) -> tuple[Gathered, ...]:
    """Return findings with those of one code together, the gravest first, else as they came."""
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.code), []).append(finding)
    order = list(Severity)
    return tuple(
        Gathered(alike[0], tuple(alike))
        for _, alike in sorted(kinds.items(), key=lambda kind: order.index(kind[0][0]))
    )
