"""Papers, what each source wrote of them, and their votes over time."""

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsletter.collect.licences import Writer
from newsletter.collect.models import Source, StoredDigest

# By which name arXiv itself tells of a withdrawal.
ARXIV = "arxiv"


class Verdict(StrEnum):
    """What an editor says of a paper that was read by guess."""

    RIGHT = "right"
    NO_PAPER = "no-paper"
    """No issue may take it; the row stays, and so does what it was made from."""


class Paper(models.Model):
    """One paper, however it is called. Keyed by its arXiv id; by title until that is known."""

    arxiv_id = models.CharField(max_length=32, null=True, unique=True)
    # The one that is agreed on by now, see titles.py.
    title = models.CharField(max_length=500)
    title_ko = models.CharField(max_length=500, blank=True)
    title_key = models.CharField(max_length=500, db_index=True)
    authors = models.JSONField(default=list)
    abstract = models.TextField(blank=True)
    image = models.CharField(max_length=1000, blank=True)
    # When we learnt that its authors took it back.
    withdrawn_at = models.DateTimeField(null=True)
    # Who said so: the slug of a source, or arxiv, which may take it back again.
    withdrawn_by = models.CharField(max_length=50, blank=True, default="")
    # As arXiv writes it, formulas and all.
    arxiv_title = models.CharField(max_length=500, blank=True)
    version = models.PositiveSmallIntegerField(null=True)
    categories = models.JSONField(default=list)
    comment = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    # When arXiv was asked; null as long as it has not answered.
    facts_at = models.DateTimeField(null=True, db_index=True)
    facts_asked_at = models.DateTimeField(null=True)
    # How sure the id is where it was looked up by title; null where a digest stated it.
    id_confidence = models.FloatField(null=True)
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["title_key"],
                condition=Q(arxiv_id__isnull=True),
                name="one_row_per_title_without_id",
            )
        ]

    def __str__(self) -> str:
        return self.arxiv_id or self.title


class Summary(models.Model):
    """What one digest wrote of one paper, kept apart from all others, with its credit."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="summaries")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    digest = models.ForeignKey(StoredDigest, on_delete=models.CASCADE, related_name="+")
    listed_on = models.DateField(db_index=True)
    rank = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    # By which the paper is found again under this title; empty where it is none.
    title_key = models.CharField(
        max_length=500, blank=True, default="", db_default="", db_index=True
    )
    title_ko = models.CharField(max_length=500, blank=True)
    institution = models.CharField(max_length=300, blank=True)
    image = models.CharField(max_length=1000, blank=True)
    sections = models.JSONField(default=list)
    links = models.JSONField(default=list)
    # What the post itself says of its maker. Readers are told the source's own name and not this.
    credit = models.CharField(max_length=300, blank=True)
    # What was known when this was written; the source's own, as it is known today, counts.
    licence = models.CharField(max_length=100, blank=True)
    # As it was when this was written: a person, a machine, or both; empty where nobody told.
    written_by = models.CharField(
        max_length=7, blank=True, default="", choices=[(one, one) for one in Writer if one]
    )
    raw = models.TextField(blank=True)
    # Empty where nobody has looked, as of nearly all.
    verdict = models.CharField(
        max_length=8, blank=True, default="", choices=[(one, one) for one in Verdict]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "digest"], name="one_summary_per_paper_and_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.title}"

    @property
    def page(self) -> str:
        """Where a person reads it as it was published; empty where nobody told."""
        return self.digest.page or self.source.page


class VoteObservation(models.Model):
    """How many votes one source saw for a paper at one time.

    Never overwritten, but for the zeros of a count that had failed.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="votes")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveIntegerField()
    observed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "source", "observed_at"], name="one_vote_count_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.value}"
