"""What the gate finds, remembered in this process.

Compiling every variant takes longer than an editor should wait for a page, and
gives the same as long as the content is the same. The approval itself asks the
gate anew (:func:`newsletter.delivery.preflight.approve`).
"""

from functools import lru_cache

from newsletter.common.findings import Finding
from newsletter.delivery import preflight
from newsletter.delivery.preflight import Preflight
from newsletter.issues import editing
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue


def look(issue: Issue, content: IssueContent) -> Preflight:
    """Return what the gate finds in this content and in each variant of its mail."""
    # What lies outside the content (earlier issues, sources, withdrawals) is always read.
    return _remembered(issue, content.content_hash(), editing.findings(issue))


@lru_cache(maxsize=64)
def _remembered(issue: Issue, _hash: str, _told: tuple[Finding, ...]) -> Preflight:
    return preflight.look(issue)
