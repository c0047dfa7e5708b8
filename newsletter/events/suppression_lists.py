"""Reads whom SendGrid itself will not write to any more, and suppresses them here too.

A webhook may be down, and an account has a history: the lists are the provider's
own memory. A block speaks of the sender and not of the mailbox, so it suppresses
only where its code says that there is no such mailbox. What was read is asked for
again with an hour of overlap; the rest is asked for once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from django.conf import settings

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.events import effects
from newsletter.events.kinds import EventKind, Meaning, bounce_kind
from newsletter.events.models import ReadThrough
from newsletter.subscribers import suppression
from newsletter.subscribers.models import Subscriber, Suppression

_PAGE = 500
_SECONDS = 30
_OVERLAP = timedelta(hours=1)
_BEGINNING = datetime(2009, 1, 1, tzinfo=UTC)  # before SendGrid wrote its first list
_MOST_PAGES = 10_000

_LISTS = {
    "bounces": Meaning.BOUNCED,
    "invalid_emails": Meaning.BOUNCED,
    "spam_reports": Meaning.COMPLAINED,
    "unsubscribes": Meaning.LEFT,
    "blocks": Meaning.NOTHING,
}
_REASONS = {
    Meaning.BOUNCED: Suppression.Reason.BOUNCED,
    Meaning.COMPLAINED: Suppression.Reason.COMPLAINED,
}


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    status: str
    at: datetime


def pull() -> dict[str, int]:
    """Read what is new in every list; return how many entries each had.

    Raises :class:`Refused` where SendGrid does not let us; a list that was read
    before that stays read.
    """
    base_url = settings.SENDGRID_BASE_URL or "https://api.sendgrid.com"
    headers = {"Authorization": f"Bearer {settings.SENDGRID_API_KEY}"}
    with httpx.Client(
        base_url=base_url, headers=headers, timeout=_SECONDS, trust_env=False
    ) as client:
        return {name: _pull(client, name, meaning) for name, meaning in _LISTS.items()}


def _pull(client: httpx.Client, name: str, meaning: Meaning) -> int:
    read = ReadThrough.objects.filter(name=name).first()
    since = read.through - _OVERLAP if read else _BEGINNING
    until = clock.now()
    number = 0
    for entries in _pages(client, name, since, until):
        _apply(entries, meaning, name)
        number += len(entries)
    ReadThrough.objects.update_or_create(name=name, defaults={"through": until})
    return number


def _pages(
    client: httpx.Client, name: str, since: datetime, until: datetime
) -> Iterator[list[_Entry]]:
    for page in range(_MOST_PAGES):
        told = _get(
            client,
            f"/v3/suppression/{name}",
            start_time=int(since.timestamp()),
            end_time=int(until.timestamp()),
            limit=_PAGE,
            offset=page * _PAGE,
        )
        yield [entry for one in told if (entry := _entry(one))]
        if len(told) < _PAGE:
            return


def _get(client: httpx.Client, path: str, **query: int) -> list[Any]:
    try:
        answer = client.get(path, params=query)
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _refused(path, error) from error
    return told if isinstance(told, list) else []


def _entry(told: object) -> _Entry | None:
    if not isinstance(told, dict) or not isinstance(told.get("email"), str):
        return None
    created = told.get("created")
    at = datetime.fromtimestamp(created, UTC) if type(created) is int else _BEGINNING
    return _Entry(told["email"].strip().lower(), str(told.get("status", "")), at)


def _apply(entries: Sequence[_Entry], meaning: Meaning, name: str) -> None:
    if meaning is Meaning.LEFT:
        _leave(entries)
        return
    if meaning is Meaning.NOTHING:
        hard = EventKind.HARD_BOUNCED
        entries = [entry for entry in entries if bounce_kind(entry.status) is hard]
        meaning = Meaning.BOUNCED
    keys = {entry.key for entry in entries}
    if keys:
        suppression.suppress_keys(keys, _REASONS[meaning], note=f"sendgrid {name}")


def _leave(entries: Sequence[_Entry]) -> None:
    left_at = {entry.key: entry.at for entry in entries}
    for reader in Subscriber.objects.filter(email_key__in=left_at):
        effects.leave(reader, left_at[reader.email_key])


def _refused(path: str, error: Exception) -> Refused:
    told = type(error).__name__
    if isinstance(error, httpx.HTTPStatusError):
        told = f"HTTP {error.response.status_code}"
    return Refused(
        "suppressions.unreadable",
        f"SendGrid의 발송 금지 목록을 읽지 못했습니다: {told}",
        f"SendGrid's suppression list could not be read: {told}",
        place=path,
    )
