"""Given: mails as they go over the wire, to a reader with a Korean name."""

from datetime import UTC, datetime
from functools import cache

from newsletter.delivery.backends.base import Letter, OutgoingMessage
from newsletter.delivery.message import compile_letter
from newsletter.render.mail import PersonalValues
from tests.sample_mails import MAILS, NOTICES, SITE, a_mail, named

MOMENT = datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
READER = PersonalValues("김하늘", "3k.mVd0Qd7x9wE2rT5yU8iO1p", "3k-f1x9.Qd7x9wE2rT5yU8iO1pmVd0")
ADDRESS = "haneul@example.com"
MESSAGE_ID = "d1.0123456789ab.19b0@news.example.org"
WAY_OUT = f"{SITE.base_url}/u/{READER.unsubscribe}"


@cache
def on_the_wire(name: str, language: str) -> bytes:
    """Return the octets of a mail."""
    message = OutgoingMessage(
        delivery_id=1, attempt="a1", address=ADDRESS, values=READER, message_id=MESSAGE_ID
    )
    return b"".join(compile_letter(_letter(name, language)).parts(message, MOMENT))


def all_on_the_wire() -> dict[str, bytes]:
    """Return every mail that the system sends."""
    return {named(*one): on_the_wire(*one) for one in MAILS}


def _letter(name: str, language: str) -> Letter:
    bulk = name not in NOTICES
    return Letter(
        mail=a_mail(name, language),
        mail_from=SITE.mail_from,
        from_name=SITE.name,
        reply_to="editors@news.example.org",
        base_url=SITE.base_url,
        list_id="newsletter.news.example.org" if bulk else "",
        bulk=bulk,
    )
