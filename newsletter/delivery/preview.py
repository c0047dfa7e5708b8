"""An issue as a mail to whoever should look at it first.

A preview changes no reader, no count and no suppression. Its links name nobody, so
clicking them changes nothing. Who must never be written to gets none either.
"""

from collections.abc import Sequence

from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.delivery import message_ids
from newsletter.delivery.backends.base import (
    Letter,
    MailBackend,
    NeverOffered,
    Outcome,
    OutgoingMessage,
)
from newsletter.delivery.defects import told_as_broken
from newsletter.delivery.letters import bulk_letter, site
from newsletter.delivery.message import compile_letter
from newsletter.delivery.status import SkipReason
from newsletter.issues import editing
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue
from newsletter.render.compile import compile_issue
from newsletter.render.mail import PersonalValues
from newsletter.subscribers.suppression import is_suppressed_text

PREFIX = "[미리보기] "
NOBODY = PersonalValues(name="", unsubscribe="preview", preferences="preview")


def send_preview(
    issue: Issue, addresses: Sequence[str], language: Language, backend: MailBackend
) -> list[Outcome]:
    """Send the issue as it stands now; return one outcome for each address, in their order."""
    letter = letter_of(issue, language)
    never = {number for number, address in enumerate(addresses) if is_suppressed_text(address)}
    messages = [message(n, address) for n, address in enumerate(addresses) if n not in never]
    outcomes = [
        *backend.send(letter, messages),
        *(Outcome(number, NeverOffered(SkipReason.SUPPRESSED)) for number in never),
    ]
    return sorted(outcomes, key=lambda outcome: outcome.delivery_id)


def letter_of(issue: Issue, language: Language) -> Letter:
    """Return the letter that shows an issue as it stands now.

    Raises :class:`Refused` (``letter.broken``) whatever it was that a template did wrong.
    """
    with told_as_broken(issue.pk, language):
        return _letter(editing.content_of(issue), language)


def message_bytes(content: IssueContent, language: Language) -> bytes:
    """Return the whole message as it would go over the wire, to nobody."""
    letter = _letter(content, language)
    parts = compile_letter(letter).parts(message(0, letter.mail_from), clock.now())
    return b"".join(parts)


def _letter(content: IssueContent, language: Language) -> Letter:
    return bulk_letter(compile_issue(content.in_full(), language, site()), PREFIX)


def message(delivery_id: int, address: str, message_id: str = "") -> OutgoingMessage:
    """Return what a preview says to this address alone: nothing but where it goes."""
    return OutgoingMessage(
        delivery_id=delivery_id,
        attempt="preview",
        address=address,
        values=NOBODY,
        message_id=message_id or message_ids.of_preview(),
    )
