"""Delivery status notifications (RFC 3464): what a mail server says of a letter it had taken. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from newsletter.events.kinds import EventKind, bounce_kind

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_UNTOLD = re.compile(r"[45]\.0\.0")
_ACTIONS = {
    "delayed": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "relayed": EventKind.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What a notification says of one recipient."""

    kind: EventKind
    addresses: tuple[str, ...]
    """As we wrote it, and as it was finally tried: they differ where mail is forwarded."""
    status: str
    diagnostic: str


def reports(message: Message) -> Iterator[RecipientReport]:
    """Yield a report for each recipient; none where the message is no such notification."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else ():
                if isinstance(block, Message) and (report := _report(block)):
                    yield report


def _report(block: Message) -> RecipientReport | None:
    action = _field(block, "Action").lower()
    addresses = tuple(
        address
        for name in ("Original-Recipient", "Final-Recipient")
        if (address := _address(_field(block, name)))
    )
    diagnostic = _field(block, "Diagnostic-Code")
    status = _status(_field(block, "Status"), diagnostic)
    kind = bounce_kind(status) if action == "failed" else _ACTIONS.get(action)
    return RecipientReport(kind, addresses, status, diagnostic) if kind and addresses else None


def _status(told: str, diagnostic: str) -> str:
    """Return the enhanced status; where it says nothing, the one in the server's own words."""
    status = _STATUS.search(told)
    if status and not _UNTOLD.fullmatch(status[0]):
        return status[0]
    inside = _STATUS.search(diagnostic)
    return inside[0] if inside else status[0] if status else ""


def _address(field: str) -> str:
    """Return the address of ``rfc822; reader@example.com``."""
    return field.rpartition(";")[2].strip().strip("<>").strip()


def _field(block: Message, name: str) -> str:
    # Folded lines, and what is not ASCII, come as they are; neither may break us.
    return " ".join(str(block.get(name, "")).split())
