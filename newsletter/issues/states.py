"""The states of an issue and the moves between them. Pure."""

from enum import StrEnum


class IssueState(StrEnum):
    """Where an issue stands, from first draft to the last letter."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"

    @property
    def korean(self) -> str:
        """The name of the state in Korean, as the desk has it."""
        return _KOREAN[self]


_KOREAN = {
    IssueState.DRAFT: "초안",
    IssueState.APPROVED: "승인됨",
    IssueState.SENDING: "발송 중",
    IssueState.PAUSED: "일시 중지됨",
    IssueState.SENT: "발송 완료",
    IssueState.CANCELLED: "취소됨",
}

# Letters of these have left, or are leaving.
BEGUN = frozenset({IssueState.SENDING, IssueState.PAUSED, IssueState.SENT})
# What these say, readers know or will know; a draft may never leave.
SETTLED = BEGUN | {IssueState.APPROVED}

# The moves that can be asked for at any time. Two more lead out of a sent issue, and each has
# conditions of its own: to sending, where refused letters are tried once more, and to cancelled,
# where the provider still holds its letters and is told to let none go.
MOVES: dict[IssueState, frozenset[IssueState]] = {
    IssueState.DRAFT: frozenset({IssueState.APPROVED, IssueState.CANCELLED}),
    IssueState.APPROVED: frozenset({IssueState.DRAFT, IssueState.SENDING, IssueState.CANCELLED}),
    IssueState.SENDING: frozenset({IssueState.PAUSED, IssueState.SENT, IssueState.CANCELLED}),
    IssueState.PAUSED: frozenset({IssueState.SENDING, IssueState.CANCELLED}),
    IssueState.SENT: frozenset(),
    IssueState.CANCELLED: frozenset(),
}


def may_move(state: IssueState, target: IssueState) -> bool:
    """Tell whether an issue in ``state`` may become ``target``."""
    return target in MOVES[state]
