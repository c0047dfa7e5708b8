"""Message-IDs that stay the same for every attempt of one letter.

They name the row, the revision it carries and the moment the sending began, so
the receiving side can tell a repetition, and which content arrived.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from newsletter.delivery.models import Notice
from newsletter.issues.models import Issue


def maker(issue: Issue) -> Callable[[int], str]:
    """Return what makes the Message-IDs of the letters of an issue that has begun to leave."""
    revision = issue.revision.content_hash[:12] if issue.revision else ""
    rest = _joined("", revision, _moment(issue.started_at))
    return lambda delivery_id: f"d{delivery_id}.{rest}"


def of_delivery(delivery_id: int, issue: Issue) -> str:
    """Return the Message-ID of one reader's letter of an issue that has begun to leave."""
    return maker(issue)(delivery_id)


def of_notice(notice: Notice) -> str:
    """Return the Message-ID of a notice."""
    return _joined(f"n{notice.pk}", _moment(notice.created_at))


def of_preview() -> str:
    """Return a Message-ID that no other mail has."""
    return _joined("p" + secrets.token_hex(8))


def _joined(*words: str) -> str:
    return ".".join(word for word in words if word) + "@" + settings.PUBLICATION_DOMAIN


def _moment(moment: datetime | None) -> str:
    return f"{int(moment.timestamp() * 1000):x}" if moment else ""
