"""Registers a source, with all that is checked before anybody relies on it."""

import re
from dataclasses import dataclass

from django.conf import settings

from newsletter.collect import licences
from newsletter.collect.licences import Writer
from newsletter.collect.models import Source
from newsletter.collect.schedule import Interval
from newsletter.collect.sources.kinds import check_address, kind_of
from newsletter.common.errors import BadInput

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody says of a source; what is empty keeps its value or its default."""

    kind: str
    address: str
    slug: str
    interval: str = Interval.DAILY
    name: str = ""
    credit: str = ""
    licence: str = ""
    may_be_mailed: bool | None = None
    """``None`` lets the licence decide."""
    written_by: str | None = None
    adopt: bool = False
    """The slug is that of a source fed by files until now, and this is the same source."""


def register(asked: Registration) -> Source:
    """Add a source, or give an address to one that was fed by files; refuse what is not right."""
    kind = kind_of(asked.kind)
    check_address(kind, asked.address, allow_loopback=settings.FETCH_ALLOW_LOOPBACK)
    source = _free(asked)
    source.kind, source.address, source.interval = kind, asked.address, asked.interval
    source.name = asked.name[:200] or source.name or asked.slug
    source.credit = asked.credit[:300] or source.credit
    source.licence = asked.licence[:100] or source.licence
    source.written_by = Writer(asked.written_by or "") or source.written_by
    source.may_be_mailed = _may_be_mailed(asked, source)
    source.save()
    return source


def _may_be_mailed(asked: Registration, source: Source) -> bool:
    if asked.may_be_mailed is not None:
        return asked.may_be_mailed
    return source.may_be_mailed and licences.allows_mailing(source.licence)


def _free(asked: Registration) -> Source:
    """Return the row to fill: a new one, or that of the files that are to be adopted."""
    if not _SLUG.fullmatch(asked.slug):
        raise BadInput(
            "source.slug",
            "짧은 이름은 영문 소문자, 숫자, 붙임표로 50자까지 쓸 수 있습니다.",
            "A slug holds up to 50 small letters, digits and hyphens.",
            place=asked.slug[:60],
        )
    source = Source.objects.filter(slug=asked.slug).first()
    if source is None:
        return Source(slug=asked.slug)
    if source.address:
        raise BadInput(
            "source.exists",
            "이미 등록된 소스입니다. 다른 이름을 써 주세요.",
            "This source is registered already; choose another slug.",
            place=asked.slug,
        )
    if not asked.adopt and source.kind != asked.kind:
        raise BadInput(
            "source.other_kind",
            f"파일로 가져온 소스({source.name})가 이 이름을 씁니다. 같은 소스라면 그렇다고 "
            "표시하고(--adopt), 아니면 다른 이름을 써 주세요.",
            f"A source fed by files has this slug ({source.name}). If it is the same source, "
            "say so (--adopt); if not, choose another slug.",
            place=asked.slug,
        )
    return source
