"""How each issue fared at each mailbox provider, counted now and then, and the alarms it set off."""

from django.db import models
from django.utils import timezone

from newsletter.issues.models import Issue


class Rollup(models.Model):
    """The letters of one issue that one mailbox provider got, counted by what became of them."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    mailbox = models.CharField(max_length=16)
    accepted = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    deferred = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    complained = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "mailbox"], name="one_rollup_per_issue_and_mailbox"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue} at {self.mailbox}"


class RateAlarm(models.Model):
    """That the editors were told of a bar that an issue has crossed: once for each bar."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    bar = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "bar"], name="one_alarm_per_issue_and_bar")
        ]

    def __str__(self) -> str:
        return f"{self.issue}: {self.bar} per thousand"
