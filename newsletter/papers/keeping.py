"""Stores what a source said: its digests as papers, and what it says is withdrawn."""

from django.db import transaction

from newsletter.collect.models import Source
from newsletter.collect.sources.adapter import Reading
from newsletter.collect.sources.kinds import Kind
from newsletter.common import clock
from newsletter.papers.ingest import store
from newsletter.papers.models import ARXIV, Paper


@transaction.atomic
def keep(reading: Reading, source: Source) -> None:
    """Write everything of one reading, or nothing of it."""
    for file in reading.files:
        store(file, source)
    withdrawn = Paper.objects.filter(arxiv_id__in=reading.withdrawn, withdrawn_at=None)
    withdrawn.update(withdrawn_at=clock.now(), withdrawn_by=_who(source))


def _who(source: Source) -> str:
    return ARXIV if source.kind == Kind.ARXIV else source.slug
