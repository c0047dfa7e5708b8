"""What a digest says, once it is read: the values that every parser returns.

All text in here is repaired and plain; markup that carried meaning (headings,
lists, links) has become structure. What could not be understood is a finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from newsletter.common.findings import Finding

# What issues are written in. A text in another language is kept, and shown to nobody as one of these.
SPOKEN = frozenset({"ko", "en"})


class Format(StrEnum):
    """The published formats; the same five names are the styles an issue can be rendered in."""

    TOP5 = "top5"
    HF_RANKING = "hf-ranking"
    WTP = "wtp"
    IMRLC = "imrlc"
    PYTORCHKR_WEEKLY = "pytorchkr-weekly"


class Listing(StrEnum):
    """What is read like a digest without being in one of the formats; never a style."""

    HF_WEEKLY_TXT = "hf-weekly-txt"
    KO_FENCED = "ko-fenced"
    PDA_DAILY = "pda-daily"
    TRACK_BRIEF = "track-brief"
    PYTORCHKR_DERIVED = "pytorchkr-derived"
    HF_RANKING_JSON = "hf-ranking-json"
    KO_JSON = "ko-json"
    HF_API = "hf-api"
    ARXIV = "arxiv"
    POST = "post"
    GENERIC = "generic"
    """A post in a format that nobody described, read by guess."""


@dataclass(frozen=True, slots=True)
class Section:
    """One titled stretch of text in one language: ``ko`` or ``en``, or one that no issue is in.

    ``text`` is Markdown reduced to paragraphs, ``- `` bullets and ``**strong**``.
    """

    heading: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to read on. ``url`` is absolute http or https."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """What one digest wrote of one paper."""

    title: str
    arxiv_id: str | None
    """Without its version; ``None`` where the digest has no link that tells it."""
    title_ko: str = ""
    votes: int | None = None
    """``None`` where the digest says nothing, which is not the same as 0."""
    authors: tuple[str, ...] = ()
    institution: str = ""
    image: str | None = None
    """As written; it may be relative, and then no mail can show it."""
    figures: tuple[str, ...] = ()
    """The further pictures, as written."""
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    line: int = 0
    raw: str = ""
    """The entry as it stood, before any repair."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One issue of somebody's digest. A file may hold two of them."""

    format: Format | Listing
    title: str
    entries: tuple[DigestEntry, ...]
    listed_on: date | None = None
    """The day in Korea that it speaks of; for a week, its last day."""
    period_start: date | None = None
    """The first day of the week, where it speaks of a week."""
    observed_at: datetime | None = None
    """When its votes were counted, where it says so (aware)."""
    intro: tuple[Section, ...] = ()
    credit: str = ""
    """Who wrote it, and what it was made from, in the words of the post."""
    origin: Link | None = None
    """Whose list it tells again, and where that stands, if the post says both."""


@dataclass(frozen=True, slots=True)
class DigestFile:
    """One file, read whole: its digests in order, and what is to be said of it."""

    name: str
    digests: tuple[Digest, ...]
    findings: tuple[Finding, ...]
    text: str
    """The repaired text that was parsed."""
    raw: bytes
    page: str = ""
    """Where a person reads it on the web, if that is known."""

    @property
    def format(self) -> Format | Listing | None:
        """The format of the file, ``None`` where it is no digest at all."""
        return self.digests[0].format if self.digests else None

    @property
    def entries(self) -> Iterable[DigestEntry]:
        """Every entry of every digest in the file, in order."""
        return (entry for digest in self.digests for entry in digest.entries)
