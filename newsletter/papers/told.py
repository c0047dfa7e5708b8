"""What the texts of sources tell of the sources themselves."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from newsletter.collect.models import Source
from newsletter.papers.models import Summary


def with_texts(sources: Iterable[int]) -> set[int]:
    """Return which of these sources wrote more than a list: whose terms matter, that is."""
    written = Summary.objects.filter(source__in=list(sources)).exclude(sections=[])
    return set(written.values_list("source", flat=True).distinct())


def words_of_makers(sources: Iterable[int]) -> dict[int, str]:
    """Return what the newest post of each source says of its maker: a hint for who confirms it.

    A post may say anything, in a whole sentence, so nothing of it is ever mailed.
    """
    newest = Summary.objects.filter(source=OuterRef("pk")).exclude(credit="").order_by("-pk")
    asked = Source.objects.filter(pk__in=list(sources))
    words = asked.values_list("pk", Subquery(newest.values("credit")[:1]))
    return {source: told for source, told in words if told}
