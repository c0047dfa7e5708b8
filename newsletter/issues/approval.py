"""What an approval needs, and what it records: who read what, and why it leaves nevertheless. Pure.

A warning needs somebody who has read it. An error needs a reason in words as
well, and some errors no reason can lift: a mail that is empty, that is cut off
before its end, or that nobody can leave, is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from newsletter.common.errors import BadInput, Declined
from newsletter.common.findings import Finding, Severity

BINDING = frozenset({"issue.empty", "issue.too_large", "template.no_unsubscribe"})
_LONGEST_REASON = 300


def errors_of(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep an issue from leaving."""
    return [finding for finding in found if finding.severity is Severity.ERROR]


def can_be_lifted(found: Iterable[Finding]) -> bool:
    """Tell whether an editor with a reason may let an issue leave despite its errors."""
    return all(error.code not in BINDING for error in errors_of(found))


def decide(
    found: Sequence[Finding], actor: str, place: str, *, read: bool = False, reason: str = ""
) -> dict[str, Any]:
    """Return what the approval records; raise if it may not be given.

    Raises :class:`Declined` (``gate.closed``) for errors without a reason, or that no reason
    lifts, and :class:`BadInput` (``approve.unread``) for warnings that nobody has read.
    """
    reason = " ".join(reason.split())
    errors = errors_of(found)
    if errors and not (reason and can_be_lifted(found)):
        _refuse(errors, place)
    if len(reason) > _LONGEST_REASON:
        raise BadInput(
            "approve.reason",
            f"사유는 {_LONGEST_REASON}자까지 적을 수 있습니다.",
            f"A reason may have at most {_LONGEST_REASON} characters.",
            place="reason",
        )
    warnings = sorted({f.code for f in found if f.severity is Severity.WARNING})
    if warnings and not read:
        raise BadInput(
            "approve.unread",
            "주의할 점을 읽고, 읽었다고 표시해 주세요.",
            "Please read the warnings, and say that you have.",
            place="read",
        )
    if not errors and not warnings:
        return {}
    lifted = [{"code": error.code, "place": error.place} for error in errors]
    reason = reason if errors else ""
    return {"by": actor, "warnings": warnings, "errors": lifted, "reason": reason}


def lifted(found: Iterable[Finding], despite: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings with those errors as warnings that were lifted at the approval."""
    known = {(error["code"], error["place"]) for error in despite.get("errors", ())}
    return tuple(
        replace(finding, severity=Severity.WARNING)
        if (finding.code, finding.place) in known
        else finding
        for finding in found
    )


def _refuse(errors: Sequence[Finding], place: str) -> None:
    first = errors[0]
    raise Declined(
        "gate.closed",
        f"오류 {len(errors)}건 때문에 내보낼 수 없습니다: {first.ko}",
        f"{len(errors)} error(s) keep this issue from leaving: {first.en}",
        place=first.place or place,
    )
