"""Whom an issue names beside a paper: names with links, and terms beside words that are shown.

A source that only introduced a paper lends it no words, so nothing is said of its
licence or of a machine. Whoever tells another one's list again stands behind that one.
"""

from collections.abc import Iterable, Mapping, Sequence

from newsletter.collect.digests.digest import Format, Listing
from newsletter.common.web_address import is_public
from newsletter.issues.content import Credit
from newsletter.papers.models import Summary


def licence_of(summary: Summary) -> str:
    """Return the licence that counts: the source's, as it is known today, else that of its day.

    Of a confirmed source none is an answer too: leave was given without one.
    """
    source = summary.source
    return source.licence if source.is_confirmed else source.licence or summary.licence


def credits_of(summaries: Sequence[Summary], shown: Mapping[str, str]) -> tuple[Credit, ...]:
    """Return each source once, in the order in which it spoke.

    ``shown`` tells of those whose words are shown in which language, ``both`` for two.
    """
    last = {summary.source.slug: summary for summary in summaries}
    named: dict[str, Credit] = {}
    for slug, summary in last.items():
        if origin := origin_of(summary, summaries):
            named.setdefault(f"{origin.name}\0{origin.url}", origin)
        named[slug] = _credit(summary, shown)
    return tuple(named.values())


def _credit(summary: Summary, shown: Mapping[str, str]) -> Credit:
    source = summary.source
    if source.slug not in shown:
        return Credit(source.known_as, _public(summary.page))
    written_by = source.written_by or summary.written_by
    terms = licence_of(summary), written_by, shown[source.slug]
    return Credit(source.known_as, _public(summary.page), *terms)


def origin_of(summary: Summary, summaries: Iterable[Summary]) -> Credit | None:
    """Return whose list a source tells again, unless that one is among ``summaries`` itself."""
    origin, digest = summary.source.derived_from, summary.digest
    if origin is not None:
        among = any(one.source_id == origin.pk for one in summaries)
        return None if among else Credit(origin.known_as, _public(origin.page))
    if digest.format != Listing.PYTORCHKR_DERIVED or not is_public(digest.origin_page):
        return None
    among = any(one.digest.format == Format.PYTORCHKR_WEEKLY for one in summaries)
    return None if among else Credit(digest.origin_name, digest.origin_page)


def _public(page: str) -> str:
    """Return a page if it may be a link: whatever else was written there is none."""
    return page if is_public(page) else ""
