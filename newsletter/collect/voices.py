"""Who speaks with whose voice: a digest made from another one is no second opinion. Pure."""

from collections.abc import Hashable

from newsletter.collect.digests.digest import Format, Listing

# The one is made from the other, also where nobody said so of their sources.
_OF_THE_FORUM = frozenset[str]((Format.PYTORCHKR_WEEKLY, Listing.PYTORCHKR_DERIVED))


def voice_of(source_id: int, derived_from_id: int | None, digest_format: str) -> Hashable:
    """Return what is equal for digests that count as one voice."""
    if digest_format in _OF_THE_FORUM:
        return Format.PYTORCHKR_WEEKLY
    return derived_from_id or source_id
