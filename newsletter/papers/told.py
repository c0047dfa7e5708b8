"""What the texts of sources tell of the sources themselves."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from newsletter.collect.models import Source
from newsletter.papers.models import Summary


@dataclass(frozen=True, slots=True)
class Given:
    """What a source has ever given."""

    papers: int
    texts: int
    """Where it wrote more than a list: only then do its terms matter."""


def given() -> dict[int, Given]:
    """Return what each source has given, by its key; who gave nothing is not among them."""
    rows = Summary.objects.values_list("source").annotate(
        papers=Count("paper", distinct=True), texts=Count("pk", filter=~Q(sections=[]))
    )
    return {source: Given(papers, texts) for source, papers, texts in rows}


def words_of_maker() -> Subquery:
    """Return, for a query of sources, what the newest post of each says of its maker.

    A hint for who confirms it. A post may say anything, in a whole sentence: it is never mailed.
    """
    newest = Summary.objects.filter(source=OuterRef("pk")).exclude(credit="").order_by("-pk")
    return Subquery(newest.values("credit")[:1])


def words_of(source: Source) -> str:
    """Return what the newest post of ``source`` says of its maker."""
    asked = Source.objects.filter(pk=source.pk).annotate(words=words_of_maker())
    return asked.values_list("words", flat=True).get() or ""
