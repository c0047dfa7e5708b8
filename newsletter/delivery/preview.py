"""An issue as a mail to whoever should look at it first.

A preview touches no row: no reader, no count, no suppression. Its links name
nobody, so clicking them changes nothing.
"""

from collections.abc import Sequence

from newsletter.common import clock
from newsletter.common.cadence import Language
from newsletter.delivery import message_ids
from newsletter.delivery.backends import choose
from newsletter.delivery.backends.base import Letter, MailBackend, Outcome, OutgoingMessage
from newsletter.delivery.letters import bulk_letter, site
from newsletter.delivery.message import compile_letter
from newsletter.issues import editing
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue
from newsletter.render.compile import compile_issue
from newsletter.render.mail import PersonalValues

PREFIX = "[미리보기] "
NOBODY = PersonalValues(name="", unsubscribe="preview", preferences="preview")


def send_preview(
    issue: Issue, addresses: Sequence[str], language: Language, backend: MailBackend | None = None
) -> list[Outcome]:
    """Send the issue as it stands now; return one outcome for each address, in their order."""
    letter = _letter(editing.content_of(issue), language)
    messages = [_message(number, address) for number, address in enumerate(addresses)]
    outcomes = (backend or choose.backend()).send(letter, messages)
    return sorted(outcomes, key=lambda outcome: outcome.delivery_id)


def message_bytes(content: IssueContent, language: Language) -> bytes:
    """Return the whole message as it would go over the wire, to nobody."""
    letter = _letter(content, language)
    parts = compile_letter(letter).parts(_message(0, letter.mail_from), clock.now())
    return b"".join(parts)


def _letter(content: IssueContent, language: Language) -> Letter:
    return bulk_letter(compile_issue(content.in_full(), language, site()), PREFIX)


def _message(number: int, address: str) -> OutgoingMessage:
    return OutgoingMessage(
        delivery_id=number,
        attempt="preview",
        address=address,
        values=NOBODY,
        message_id=message_ids.of_preview(),
    )
