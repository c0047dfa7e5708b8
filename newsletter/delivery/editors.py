"""Word to the editors by mail: what stopped by itself, and what only a person can mend."""

from django.conf import settings

from newsletter.common.cadence import Language
from newsletter.delivery import notices


def tell(title: str, body: str) -> None:
    """Queue a notice for each editor, in both languages at once."""
    for address in settings.EDITOR_ADDRESSES:
        notices.queue(
            "editor",
            address=address,
            language=Language.KOREAN,
            context={"title": title, "body": body},
        )
