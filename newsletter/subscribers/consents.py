"""The record of what readers agreed to and took back; nothing in it is ever changed."""

from collections.abc import Iterable

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.subscribers.models import Consent, Subscriber

# Goes up whenever the sentence beside the sign-up button changes.
CONSENT_TEXT_VERSION = "2026-01"


def record(
    reader: Subscriber,
    act: str,
    cadences: Iterable[Cadence],
    via: str,
    language: str = "",
) -> None:
    """Write down one act of a reader, with its time and where it came from."""
    Consent.objects.create(
        subscriber=reader,
        act=act,
        cadences=sorted(cadences),
        language=language or reader.language,
        text_version=CONSENT_TEXT_VERSION,
        via=via,
        at=clock.now(),
    )
