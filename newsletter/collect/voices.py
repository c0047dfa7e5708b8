"""Who speaks: a digest that tells another one's list again is no second voice. Pure.

"Introduced by N" counts voices. A list that was copied ten times was made once.
"""

from collections.abc import Hashable, Iterable

from newsletter.collect.digests.digest import Format, Listing

# The forum's weekly post, and the digest that is made from it, whatever rows they are.
_FORUMS_WEEKLY = frozenset({Format.PYTORCHKR_WEEKLY, Listing.PYTORCHKR_DERIVED})


def voice_of(source_id: int, derived_from_id: int | None, digest_format: str) -> Hashable:
    """Return whose voice a digest is: equal for a derived digest and its origin."""
    if digest_format in _FORUMS_WEEKLY:
        return Format.PYTORCHKR_WEEKLY.value
    return source_id if derived_from_id is None else derived_from_id


def voices(told: Iterable[tuple[int, int | None, str]]) -> frozenset[Hashable]:
    """Return the different voices among (source, its origin, format) of those who told of one paper.

    More exact than to ask for each alone: an origin among them may itself be derived, or
    be the forum's weekly.
    """
    own: dict[Hashable, Hashable] = {}
    for source_id, derived_from_id, digest_format in told:
        voice = voice_of(source_id, derived_from_id, digest_format)
        if own.get(source_id) != Format.PYTORCHKR_WEEKLY.value:
            own[source_id] = voice
    return frozenset(_first(own, source) for source in own)


def _first(own: dict[Hashable, Hashable], source: Hashable) -> Hashable:
    """Follow a voice to the first who told it; a circle ends where it began."""
    seen = {source}
    while (voice := own.get(source, source)) not in seen:
        seen.add(voice)
        source = voice
    return voice
