"""The kinds of sources, each with its adapter. A further kind is one module and one line here."""

import re
from datetime import date
from enum import StrEnum

from newsletter.collect import addresses, licences
from newsletter.collect.sources import arxiv, arxiv_announce, discourse, feed, files, huggingface
from newsletter.collect.sources.adapter import Adapter
from newsletter.common.errors import BadInput


class Kind(StrEnum):
    """What a source is, and so how it is read."""

    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    ARXIV_ANNOUNCE = "arxiv-announce"
    DISCOURSE = "discourse"
    FEED = "feed"
    FILES = "files"


ADAPTERS: dict[Kind, Adapter] = {
    Kind.HUGGINGFACE: huggingface.collect,
    Kind.ARXIV: arxiv.collect,
    Kind.ARXIV_ANNOUNCE: arxiv_announce.collect,
    Kind.DISCOURSE: discourse.collect,
    Kind.FEED: feed.collect,
    Kind.FILES: files.collect,
}
# What may stand instead of an address: a query, categories.
_WITHOUT_ADDRESS = {Kind.ARXIV, Kind.ARXIV_ANNOUNCE}


def kind_of(name: str) -> Kind:
    """Return the kind of this name; raise ``source.kind`` for another word."""
    try:
        return Kind(name)
    except ValueError as error:
        known = ", ".join(Kind)
        raise BadInput(
            "source.kind",
            f"소스의 종류는 다음 중 하나입니다: {known}",
            f"The kind of a source is one of: {known}",
            place=name[:50],
        ) from error


def own_licence(kind: Kind, address: str) -> str:
    """Return the licence of what is asked of arXiv itself: it gives its metadata away.

    https://info.arxiv.org/help/license/index.html, "Metadata license". Of every other
    address somebody has to say it.
    """
    return licences.ARXIV_METADATA if kind in _WITHOUT_ADDRESS and "/" not in address else ""


def check_address(kind: Kind, address: str, *, allow_loopback: bool = False) -> None:
    """Refuse an address that could never be asked, before anybody relies on it."""
    if kind in _WITHOUT_ADDRESS and "/" not in address and address:
        _check_words(kind, address)
        return
    addresses.checked(address, allow_loopback=allow_loopback)
    bare = files.fill(address, date.min) if kind is Kind.FILES else address
    if "{" in bare or "}" in bare:
        raise BadInput(
            "source.pattern",
            "주소의 중괄호에는 {date}, {year}, {month}, {day}만 쓸 수 있고, files 소스에서만 씁니다.",
            "Braces in an address hold {date}, {year}, {month} or {day}, for the kind files only.",
            place=address[:200],
        )


def _check_words(kind: Kind, words: str) -> None:
    """Refuse categories that arXiv does not have, and a query that names no field."""
    if kind is Kind.ARXIV_ANNOUNCE:
        unknown = [one for one in words.split("+") if not arxiv.is_category(one)]
    else:
        named = re.findall(r"\bcat:([\w.*-]+)", words)
        unknown = [one for one in named if not arxiv.is_category(one.removesuffix(".*"))]
        if not arxiv.FIELD.search(words):
            unknown = [words]
    if unknown:
        raise BadInput(
            "source.category",
            "arXiv에 없는 분류이거나 검색식이 아닙니다. cs.CL+cs.LG 또는 cat:cs.CL처럼 적어 주세요.",
            "This is no category of arXiv and no query; write cs.CL+cs.LG, or cat:cs.CL.",
            place=unknown[0][:100],
        )
