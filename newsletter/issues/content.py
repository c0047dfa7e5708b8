"""What an issue says, as one frozen value: all that rendering needs and all that a revision keeps.

The same content makes the mail, the web version and the Markdown post; only corrections
are for those alone who read the issue itself, as the five formats have no place for them.
Its JSON form is canonical, so equal content has an equal hash.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Self

from newsletter.collect.digests.digest import Link, Section
from newsletter.collect.licences import ARXIV_METADATA
from newsletter.common.cadence import Cadence


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose digest introduced a paper, and on what terms its words are used."""

    name: str
    url: str = ""
    licence: str = ""
    written_by: str = ""
    """``person``, ``machine`` or ``mixed``; empty where nobody told."""
    spoke: str = ""
    """In which language its words are shown: ``ko``, ``en`` or ``both``; empty where none are."""


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One paper as the issue shows it."""

    position: int
    title: str
    arxiv_id: str | None
    title_ko: str = ""
    authors: tuple[str, ...] = ()
    institution: str = ""
    votes: int | None = None
    """At the issue's cut-off; ``None`` where nobody counted."""
    image: str = ""
    """An absolute https address, or nothing."""
    sections: tuple[Section, ...] = ()
    """The chosen text, Korean and English apart, in reading order."""
    links: tuple[Link, ...] = ()
    credits: tuple[Credit, ...] = ()
    """Every digest that introduced it, whose list such a digest tells again, and arXiv where its
    abstract stands in."""
    reason_ko: str = ""
    reason_en: str = ""
    seen_in: str = ""
    """The slug of this week's Daily that carried it in full, where there is one."""
    abstract: str = ""
    """In English, from arXiv, which gives its metadata away (CC0)."""

    @property
    def is_told_by_arxiv_alone(self) -> bool:
        """Whether its abstract stands in, because no digest's text may be shown."""
        return bool(self.abstract) and self.sections == (abstract_section(self.abstract),)


@dataclass(frozen=True, slots=True)
class Correction:
    """A paper that readers were told of, and that its authors have since withdrawn."""

    title: str
    arxiv_id: str
    issue: str
    """The slug of the issue that carried it."""


@dataclass(frozen=True, slots=True)
class IssueContent:
    """A whole issue. ``start`` and ``end`` are its first and last day, both included."""

    cadence: Cadence
    slug: str
    title: str
    subject: str
    style: str
    start: date
    end: date
    items: tuple[ItemContent, ...]
    intro: tuple[Section, ...] = ()
    """The trends of the week, where a source wrote them."""
    corrections: tuple[Correction, ...] = ()

    def in_style(self, style: str) -> Self:
        """Return the same content, to be rendered in another style."""
        return replace(self, style=style)

    def in_full(self) -> Self:
        """Return the same content for readers who have not been told of any paper before."""
        return replace(self, items=tuple(replace(item, seen_in="") for item in self.items))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, dates as ISO 8601.

        What was added since the first revision is left out where it is empty, so that
        a revision from before has the hash it had.
        """
        value = asdict(self)
        value["start"], value["end"] = self.start.isoformat(), self.end.isoformat()
        for item in value["items"]:
            if not item["abstract"]:
                del item["abstract"]
            for credit in item["credits"]:
                for added in ("written_by", "spoke"):
                    if not credit[added]:
                        del credit[added]
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Return the content that :meth:`to_json` wrote."""
        return cls(
            **{
                **value,
                "cadence": Cadence(value["cadence"]),
                "start": date.fromisoformat(value["start"]),
                "end": date.fromisoformat(value["end"]),
                "items": tuple(_item(item) for item in value["items"]),
                "intro": tuple(Section(**section) for section in value["intro"]),
                "corrections": tuple(Correction(**c) for c in value.get("corrections", ())),
            }
        )

    def content_hash(self) -> str:
        """Return the SHA-256 of the canonical JSON form, as 64 hex digits."""
        canonical = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)
        return sha256(canonical.encode()).hexdigest()


def abstract_section(abstract: str) -> Section:
    """Return arXiv's own abstract as a section."""
    return Section("Abstract", "en", abstract)


def arxiv_credit(arxiv_id: str) -> Credit:
    """Return whom an abstract is owed to, on which terms."""
    return Credit("arXiv", f"https://arxiv.org/abs/{arxiv_id}", ARXIV_METADATA)


def _item(value: dict[str, Any]) -> ItemContent:
    return ItemContent(
        **{
            **value,
            "authors": tuple(value["authors"]),
            "sections": tuple(Section(**section) for section in value["sections"]),
            "links": tuple(Link(**link) for link in value["links"]),
            "credits": tuple(Credit(**credit) for credit in value["credits"]),
        }
    )
