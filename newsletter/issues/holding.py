"""Holds a draft for one transaction, so that nobody changes it while another approves it.

Each function locks the row of the issue first and looks at it then: whoever waited
sees what the other made of it.
"""

from newsletter.common.errors import NotFound, Refused
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.states import IssueState

# What editors and refreshing write of an item.
_CHANGING = (
    "position", "votes", "source_count", "reason", "pinned", "hidden", "speaker", "moved", "title_ko"
)  # fmt: skip


def lock_draft(issue: Issue) -> None:
    """Keep everybody else from changing or approving a draft until the transaction ends.

    Raises :class:`Refused` (``issue.frozen``) for an issue that is no draft any more.
    """
    if _locked_state(issue) != IssueState.DRAFT:
        raise Refused(
            "issue.frozen",
            "승인되었거나 발송된 호는 고칠 수 없습니다. 먼저 승인을 취소해 주세요.",
            "An issue that is approved or sent cannot be changed; withdraw the approval first.",
            place=issue.slug,
        )


def lock_item(item: IssueItem) -> None:
    """Lock the draft of a paper, and read what is decided of it now: somebody may have been faster.

    Raises :class:`NotFound` (``item.gone``) for a paper that has dropped out.
    """
    lock_draft(item.issue)
    try:
        item.refresh_from_db(fields=_CHANGING)
    except IssueItem.DoesNotExist as error:
        raise NotFound(
            "item.gone",
            "그 사이에 초안에서 빠진 논문입니다.",
            "The paper has dropped out of the draft meanwhile.",
            place=str(item.paper),
        ) from error


def lock_for_approval(issue: Issue) -> None:
    """Lock a draft that is to be looked at and frozen, and read it as it is now."""
    state = _locked_state(issue)
    if state != IssueState.DRAFT:
        raise wrong_state(issue, state)
    issue.refresh_from_db()


def wrong_state(issue: Issue, state: IssueState) -> Refused:
    """Return the refusal of what cannot be done in this state."""
    return Refused(
        "issue.wrong_state",
        f"지금 상태({state.korean})에서는 할 수 없는 일입니다.",
        f"This cannot be done while the issue is {state}.",
        place=issue.slug,
    )


def _locked_state(issue: Issue) -> IssueState:
    return IssueState(Issue.objects.select_for_update().get(pk=issue.pk).state)
