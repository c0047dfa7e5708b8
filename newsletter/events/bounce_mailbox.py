"""Takes bounces and complaints in, from the mailbox they come back to or from a pipe."""

from django.conf import settings

from newsletter.events import bounces, imap, record
from newsletter.events.imap import MailboxRead


def take(raw: bytes, recipient: str = "") -> bool:
    """Record what one message tells; ``False`` where it tells nothing of a letter of ours."""
    events = bounces.events_in(raw, recipient)
    told = record.record(bounces.PROVIDER, events)
    return bool(told.stored or told.known)


def read() -> MailboxRead:
    """Read every new message of the mailbox that ``BOUNCE_IMAP_URL`` names."""
    return imap.read_mailbox(imap.parse_server(settings.BOUNCE_IMAP_URL), take, bounces.LARGEST)
