"""Given: the letters that a released version has sent, and the rows that they need."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue, Revision
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import AddressChange, Consent, Subscriber, Subscription
from tests.store_letters import SECRET_KEY

SITE = "https://news.example.org"
RELEASES = sorted((Path(__file__).resolve().parent / "samples").glob("letters-*"))
_OURS = re.compile(rf"{re.escape(SITE)}[^\s\"'<>)]*")


@dataclass(frozen=True)
class Release:
    """What one version has left behind."""

    folder: Path

    @cached_property
    def rows(self) -> dict[str, Any]:
        return json.loads((self.folder / "rows.json").read_text(encoding="utf-8"))

    @property
    def written_at(self) -> datetime:
        return datetime.fromisoformat(self.rows["written_at"])

    @property
    def kinds(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.eml"))

    def letter(self, kind: str) -> EmailMessage:
        octets = (self.folder / f"{kind}.eml").read_bytes()
        return message_from_bytes(octets, policy=policy.default)  # type: ignore[return-value]  # by its policy

    def reader(self, kind: str) -> Subscriber:
        """Whose letter it is."""
        return Subscriber.objects.get(pk=self.rows["letters"][kind])

    def paths(self, kind: str) -> list[str]:
        """Every link to our own site in a letter, its headers included, without the host."""
        letter = self.letter(kind)
        texts = [
            part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"
        ]
        found = {url for text in texts for url in _OURS.findall(text)}
        found |= set(_OURS.findall(str(letter["List-Unsubscribe"] or "")))
        return sorted(urlsplit(url).path for url in found)

    def path(self, kind: str, beginning: str) -> str:
        """The one link of a letter that begins like this."""
        (path,) = [path for path in self.paths(kind) if path.startswith(beginning)]
        return path

    def recreate(self, settings: Any) -> None:
        """Make the rows anew, as they were when the last of the letters had left."""
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECRET_KEY, []
        settings.BASE_URL, settings.BOUNCE_ADDRESS = SITE, "bounce@news.example.org"
        settings.PUBLICATION_DOMAIN = "news.example.org"
        for row in self.rows["readers"]:
            self._reader(dict(row))
        for row in self.rows["address_changes"]:
            self._address_change(dict(row))
        self._deliveries(self._issue())

    def _reader(self, row: dict[str, Any]) -> None:
        cadences, consents = row.pop("cadences"), row.pop("consents")
        confirmed = self.written_at if row["status"] == "active" else None
        reader = Subscriber.objects.create(
            **row, created_at=self.written_at, confirmed_at=confirmed
        )
        for cadence in cadences:
            Subscription.objects.create(subscriber=reader, cadence=cadence, since=self.written_at)
        for consent in consents:
            Consent.objects.create(
                subscriber=reader, at=self.written_at, text_version="2026-01", **consent
            )

    def _address_change(self, row: dict[str, Any]) -> None:
        changed_at = self.written_at if row.pop("changed") else None
        AddressChange.objects.create(
            **row, email_key=row["email"], asked_at=self.written_at, changed_at=changed_at
        )

    def _issue(self) -> Issue:
        issue = Issue.objects.create(
            **self.rows["issue"],
            state=IssueState.SENT,
            approved_at=self.written_at,
            finished_at=self.written_at,
        )
        issue.revision = Revision.objects.create(
            issue=issue, content=self.rows["content"], content_hash=self.rows["content_hash"]
        )
        issue.save()
        issue.refresh_from_db()
        return issue

    def _deliveries(self, issue: Issue) -> None:
        rows = self.rows["deliveries"]
        for row in rows:
            Delivery.objects.create(
                **row,
                issue=issue,
                status=DeliveryStatus.ACCEPTED,
                attempts=1,
                attempt="a1",
                changed_at=self.written_at,
            )
        span = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]}
        Batch.objects.create(issue=issue, number=1, size=len(rows), done=True, **span)
