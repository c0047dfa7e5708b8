"""Digests that lie in files: which files there are, and whose they are.

A ``source.toml`` in a folder names the source of everything below it: ``slug``,
``name``, ``credit``, ``licence``, ``may_be_mailed`` (as the licence says, if it is left out),
``written_by`` (person, machine or mixed). Without one, the format
tells the publication it is known from.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from newsletter.collect import licences
from newsletter.collect.digests.digest import Format, Listing
from newsletter.collect.licences import Writer
from newsletter.collect.models import Source
from newsletter.common.errors import BadInput

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".json"})


@dataclass(frozen=True, slots=True)
class Publication:
    """What is known of a source before it is a row."""

    slug: str
    name: str
    credit: str = ""
    licence: str = ""
    may_be_mailed: bool | None = None
    """``None`` lets the licence decide."""
    address: str = ""
    kind: str = "files"
    written_by: Writer = Writer.UNKNOWN


# Where a format comes from when nobody says otherwise. No licence is stated for
# most of these posts; the one that forbids commercial use is linked, not mailed.
KNOWN: dict[Format | Listing, Publication] = {
    Format.TOP5: Publication("top5", "Daily Papers (Top 5)"),
    Format.HF_RANKING: Publication("hf-ranking", "Hugging Face Daily Papers 순위"),
    Format.WTP: Publication(
        "wtp", "daily_papers_ko", licence="CC BY-NC 4.0", written_by=Writer.MACHINE
    ),
    Format.IMRLC: Publication("imrlc", "Daily Papers (IMRLC)", written_by=Writer.MACHINE),
    Format.PYTORCHKR_WEEKLY: Publication(
        "pytorchkr-weekly",
        "파이토치 한국 사용자 모임",
        credit="파이토치 한국 사용자 모임 (PyTorchKR)",
        written_by=Writer.MIXED,
    ),
    Listing.HF_WEEKLY_TXT: Publication(
        "hf-weekly-txt", "HuggingFace Daily Papers 주간", licence="Apache-2.0"
    ),
    Listing.KO_FENCED: Publication("ko-fenced", "ro-ko/daily_papers", licence="MIT"),
    Listing.PDA_DAILY: Publication("pda-daily", "paper-digest-agent", licence="CC BY-NC 4.0"),
    Listing.TRACK_BRIEF: Publication("track-brief", "AI/LLM 논문 데일리 브리핑"),
    Listing.HF_RANKING_JSON: Publication("hf-ranking", "Hugging Face Daily Papers 순위"),
    Listing.KO_JSON: Publication(
        "ko-json",
        "hf-daily-paper-korean-autoflow",
        licence="Apache-2.0",
        written_by=Writer.MACHINE,
    ),
    Listing.HF_API: Publication("hf-api", "Hugging Face Daily Papers", written_by=Writer.MIXED),
}


def digest_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those below the folders named, in a stable order."""
    for path in paths:
        if path.is_dir():
            below = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
            yield from sorted(file for file in below if file.is_file())
        else:
            yield path


def source_of(file: Path, digest_format: Format | Listing, *, slug: str = "") -> Source:
    """Return whose digest ``file`` is: the source named, its ``source.toml``, or its format's.

    Raises :class:`BadInput` (``source.unreadable``) for a broken ``source.toml``
    and (``source.unknown``) for a slug that nobody registered.
    """
    if slug:
        return _registered(slug)
    told = _told(file)
    publication = told or KNOWN.get(digest_format) or Publication(digest_format, digest_format)
    told_of = asdict(publication)
    if publication.may_be_mailed is None:
        told_of["may_be_mailed"] = licences.allows_mailing(publication.licence)
    source, _ = Source.objects.get_or_create(slug=told_of.pop("slug"), defaults=told_of)
    return source


def _registered(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        raise BadInput(
            "source.unknown",
            "등록되지 않은 소스입니다.",
            "No such source is registered.",
            place=slug,
        )
    return source


def _told(file: Path) -> Publication | None:
    for folder in file.absolute().parents:
        card = folder / "source.toml"
        if card.is_file():
            return _read_card(card)
    return None


def _read_card(card: Path) -> Publication:
    try:
        told = Publication(**tomllib.loads(card.read_text("utf-8")))
        return replace(told, written_by=Writer(told.written_by))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise BadInput(
            "source.unreadable",
            "source.toml 파일을 읽을 수 없습니다. slug와 name을 확인해 주세요.",
            f"This source.toml cannot be read: {error}",
            place=str(card),
        ) from error
