"""Digests that lie in files: which files there are, and whose they are.

A ``source.toml`` in a folder names the source of everything below it: ``slug``,
``name``, ``credit``, ``licence``, ``may_be_mailed`` (as the licence says, if it is left out),
``written_by`` (person, machine or mixed), ``derived_from`` (the slug of the source whose list
it tells again, once that is known). What a person confirms later stands above it.

Without one, nobody knows who wrote the files. Their format tells how they are read and not
whose they are: those of one format in one folder are a source of their own, until it is told.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from newsletter.collect import terms
from newsletter.collect.digests.digest import Format, Listing
from newsletter.collect.licences import Writer
from newsletter.collect.models import Source, StoredDigest
from newsletter.collect.terms import Terms
from newsletter.common import clock
from newsletter.common.errors import BadInput
from newsletter.common.web_address import is_public

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".json"})
CARD = "source.toml"
_LONGEST_SLUG = 50
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a ``source.toml`` says of a source."""

    slug: str
    name: str
    credit: str = ""
    licence: str = ""
    may_be_mailed: bool | None = None
    """``None`` lets the licence decide."""
    address: str = ""
    kind: str = "files"
    written_by: Writer = Writer.UNKNOWN
    derived_from: str = ""


def digest_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those below the folders named, in a stable order."""
    for path in paths:
        if path.is_dir():
            below = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
            yield from sorted(file for file in below if file.is_file())
        else:
            yield path


def source_of(
    file: Path, digest_format: Format | Listing, *, slug: str = "", raw: bytes = b""
) -> Source:
    """Return whose digest ``file`` is: the source named, its ``source.toml``'s, or nobody known's.

    Raises :class:`BadInput` (``source.unreadable``) for a broken ``source.toml``
    and (``source.unknown``) for a slug that nobody registered.
    """
    if slug:
        return terms.registered(slug)
    folder = file.absolute().parent
    key = _origin_key(folder, digest_format)
    card = _card_of(file)
    if card is None:
        return _of_unknown_maker(folder, digest_format, key, raw)
    return _read_before(digest_format, raw) or _held(card, key, raw) or _of_card(card, key)


def _origin_key(folder: Path, digest_format: Format | Listing) -> str:
    # A hash, because where files lie on somebody's machine is nobody else's business.
    return sha256(f"{digest_format}\0{folder.resolve()}".encode(errors="replace")).hexdigest()


def _of_unknown_maker(
    folder: Path, digest_format: Format | Listing, key: str, raw: bytes
) -> Source:
    known = _read_before(digest_format, raw) or Source.objects.filter(origin_key=key).first()
    if known:
        return known
    name = folder.name or "files"
    source, _ = Source.objects.get_or_create(
        origin_key=key,
        defaults={
            "slug": _free_slug(name, digest_format, key),
            "name": f"{name} ({digest_format} 형식)"[:200],
        },
    )
    return source


def _read_before(digest_format: Format | Listing, raw: bytes) -> Source | None:
    """Return the source that had this very file when sources still went by their format alone.

    Reading a file again changes nothing, also across that change.
    """
    stored = StoredDigest.objects.filter(
        content_hash=sha256(raw).hexdigest(),
        source__slug__in={str(digest_format), str(digest_format).removesuffix("-json")},
        source__kind="files",
        source__address="",
        source__origin_key="",
    )
    found = stored.select_related("source").only("source").first()
    return found.source if found else None


def _free_slug(folder: str, digest_format: Format | Listing, key: str) -> str:
    tail = f"-{digest_format}"
    head = _UNSAFE.sub("-", folder.casefold()).strip("-") or "files"
    # A folder that has the name of the format need not say it twice.
    slug = head if tail == f"-{head}" else head[: _LONGEST_SLUG - len(tail)].rstrip("-") + tail
    if not Source.objects.filter(slug=slug).exists():
        return slug
    tail = f"{tail}-{key[:6]}"
    return head[: _LONGEST_SLUG - len(tail)].rstrip("-") + tail


def _held(card: Publication, key: str, raw: bytes) -> Source | None:
    """Return the row of an unknown maker that holds this file, if its card names another row.

    Its files stay where they are, on the card's terms and in the voice of the card's row:
    moved or read again they would be a second one.
    """
    unknown = Source.objects.filter(origin_key=key).exclude(slug=card.slug).first()
    named = Source.objects.filter(slug=card.slug).first()
    if unknown is None or named is None:
        return None
    if not unknown.is_confirmed or unknown.confirmed_by == CARD:
        unknown = _follow(unknown, replace(card, slug=unknown.slug))
        if unknown.derived_from_id is None and named.derived_from_id != unknown.pk:
            _derive(unknown, named.slug)
    held = StoredDigest.objects.filter(source=unknown, content_hash=sha256(raw).hexdigest())
    return unknown if held.exists() else None


def _of_card(card: Publication, key: str) -> Source:
    """Return the source that a ``source.toml`` names; its maker may have been unknown until now."""
    by_slug = Source.objects.filter(slug=card.slug).first()
    source = by_slug or Source.objects.filter(origin_key=key).first()
    if source is None:
        source = Source(kind=card.kind, address=card.address)
    source = _follow(source, card)
    if card.derived_from and source.derived_from_id is None:
        _derive(source, card.derived_from)
    return source


@transaction.atomic
def _follow(source: Source, card: Publication) -> Source:
    """Bring the source in step with its card; where nothing has changed, nothing is written.

    The row is locked before it is judged: what a person confirms in between stands.
    """
    if source.pk:
        source = Source.objects.select_for_update().get(pk=source.pk)
    before = _said_of(source)
    source.slug = card.slug
    if not source.is_confirmed or source.confirmed_by == CARD:
        terms.apply(source, _terms_of(card), CARD, clock.now())
    if source.pk is None:
        source.save()
    elif _said_of(source) != before:
        source.save(update_fields=["slug", *terms.FIELDS])
    return source


def _terms_of(card: Publication) -> Terms:
    return Terms(
        name=card.name,
        credit=card.credit,
        licence=card.licence,
        may_be_mailed=card.may_be_mailed,
        by_licence=card.may_be_mailed is None,
        written_by=card.written_by,
    )


def _said_of(source: Source) -> tuple[object, ...]:
    return (
        source.pk, source.slug, source.name, source.credit, source.licence, source.written_by,
        source.may_be_mailed, source.confirmed_by,
    )  # fmt: skip


def _derive(source: Source, slug: str) -> None:
    """Link the source to its origin; one whose files were not read yet is linked by a later file."""
    if Source.objects.filter(slug=slug).exists():
        terms.apply_origin(source, slug)
        source.save(update_fields=["derived_from"])


def _card_of(file: Path) -> Publication | None:
    for folder in file.absolute().parents:
        card = folder / CARD
        if card.is_file():
            return _read_card(card)
    return None


def _read_card(card: Path) -> Publication:
    try:
        told = Publication(**tomllib.loads(card.read_text("utf-8")))
        _check_kinds(told)
        return replace(told, written_by=Writer(told.written_by))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise BadInput(
            "source.unreadable",
            "source.toml 파일을 읽을 수 없습니다. slug와 name을 확인해 주세요.",
            f"This source.toml cannot be read: {error}",
            place=str(card),
        ) from error


def _check_kinds(told: Publication) -> None:
    """Refuse ``may_be_mailed = "no"``, which would be true, and its like."""
    if not isinstance(told.may_be_mailed, bool | None):
        raise TypeError("may_be_mailed is true or false")
    words = (told.slug, told.name, told.credit, told.licence, told.derived_from, told.address)
    if not all(isinstance(word, str) for word in words):
        raise TypeError("slug, name, credit, licence, derived_from and address are texts")
    if told.address and not is_public(told.address):
        raise ValueError("address is a public web address, with http:// or https://")
