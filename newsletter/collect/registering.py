"""Registers a source, with all that is checked before anybody relies on it."""

import re
from dataclasses import dataclass

from django.conf import settings

from newsletter.collect import terms
from newsletter.collect.models import Source
from newsletter.collect.schedule import Interval
from newsletter.collect.sources.kinds import check_address, kind_of, own_licence
from newsletter.collect.terms import COMMAND_LINE, Terms
from newsletter.common import clock
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


def register(asked: Registration, actor: str = COMMAND_LINE) -> Source:
    """Add a source, or give an address to one that was fed by files; refuse what is not right."""
    kind = kind_of(asked.kind)
    check_address(kind, asked.address, allow_loopback=settings.FETCH_ALLOW_LOOPBACK)
    source = _free(asked)
    source.kind, source.address, source.interval = kind, asked.address, asked.interval
    source.name = source.name or asked.slug
    said = Terms(
        name=asked.name or None,
        credit=asked.credit or None,
        licence=asked.licence or own_licence(kind, asked.address) or None,
        may_be_mailed=asked.may_be_mailed,
        written_by=asked.written_by or None,
    )
    terms.apply(source, said, actor, clock.now())
    source.save()
    return source


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
