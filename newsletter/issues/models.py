"""Issues, their items, and the frozen content that a send carries."""

from django.db import models
from django.utils import timezone

from newsletter.common.cadence import Cadence
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper


class Issue(models.Model):
    """One daily or weekly issue. The pair (cadence, window) makes it unique."""

    cadence = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Cadence])
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    style = models.CharField(max_length=32)
    intro = models.JSONField(default=list)
    # Whether an editor has corrected it; then no digest that comes later replaces it.
    intro_by_editor = models.BooleanField(default=False)
    state = models.CharField(
        max_length=16, default=IssueState.DRAFT, choices=[(s.value, s.value) for s in IssueState]
    )
    created_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    # The warnings that were read, and the errors that were lifted for a reason.
    approved_despite = models.JSONField(default=dict, blank=True)
    # When it is to leave by itself, who said so, and why it has not: see delivery.scheduling.
    send_at = models.DateTimeField(null=True)
    send_by = models.CharField(max_length=150, blank=True)
    send_held = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # How many letters had been refused when a person last let the send go on.
    forgiven = models.PositiveIntegerField(default=0)
    pause_reason = models.CharField(max_length=300, blank=True)
    revision = models.ForeignKey("Revision", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-window_end", "cadence"]
        constraints = [
            models.UniqueConstraint(fields=["cadence", "window_start"], name="one_issue_per_window")
        ]

    def __str__(self) -> str:
        return self.slug


class IssueItem(models.Model):
    """A paper in an issue: its place, and why it has it."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="items")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField(null=True)
    source_count = models.PositiveSmallIntegerField(default=0)
    reason = models.JSONField(default=dict)
    pinned = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    # The source whose text the editor chose; empty leaves it to the stated rule.
    speaker = models.CharField(max_length=50, blank=True)
    # Whether an editor gave it its place; then votes no longer do.
    moved = models.BooleanField(default=False)
    # Whether an editor took it in although the rule left it out.
    taken_in = models.BooleanField(default=False)
    # The Korean title as an editor corrected it.
    title_ko = models.CharField(max_length=500, blank=True)
    # The slug of the issue that told readers of its withdrawal.
    taken_back_in = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "paper"], name="a_paper_once_per_issue")
        ]

    def __str__(self) -> str:
        return f"{self.issue} {self.position}: {self.paper}"

    @property
    def is_decided(self) -> bool:
        """Whether an editor has decided something of it; then it never drops out by itself."""
        deeds = (self.pinned, self.hidden, self.moved, self.taken_in, self.speaker, self.title_ko)
        return any(deeds)


class Revision(models.Model):
    """The content of an issue, frozen. A send carries one revision and no other."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="revisions")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "content_hash"], name="one_revision_per_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue}@{self.content_hash[:12]}"
