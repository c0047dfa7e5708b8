"""What readers can find in past issues: one row for each paper of each issue, as it left."""

from django.db import models

from newsletter.issues.models import Issue


class SearchEntry(models.Model):
    """A paper of an issue, with its words folded (:mod:`newsletter.web.searching`)."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=500, db_index=True)
    arxiv_id = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=500)
    title_ko = models.CharField(max_length=500, blank=True)
    authors = models.TextField(blank=True)
    head = models.TextField()
    folded = models.TextField()
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="one_entry_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.issue} {self.position}: {self.title}"
