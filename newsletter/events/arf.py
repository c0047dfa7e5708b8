"""Complaints in the Abuse Reporting Format (RFC 5965): a reader pressed "spam". Pure."""

from dataclasses import dataclass
from email.message import Message

# "not-spam" is the opposite, "auth-failure" (RFC 6591) is no reader's doing.
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who complained, as far as the provider tells; many strike the address out."""

    addresses: tuple[str, ...]
    return_path: str


def complaint(message: Message) -> Complaint | None:
    """Return the complaint that a message carries, if it carries one."""
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return _complaint(_fields(part))
    return None


def _fields(part: Message) -> Message:
    """Return the report's fields, which the parser takes for the head of a message in it."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else part
    return inner if isinstance(inner, Message) else part


def _complaint(fields: Message) -> Complaint | None:
    if str(fields.get("Feedback-Type", "")).strip().lower() not in _COMPLAINTS:
        return None
    told = [str(value).strip().strip("<>") for value in fields.get_all("Original-Rcpt-To", [])]
    addresses = tuple(address for address in told if "@" in address)
    return Complaint(addresses, str(fields.get("Original-Mail-From", "")))
