"""What the tasks have to remember beyond the broker."""

from django.db import models
from django.utils import timezone


class Restart(models.Model):
    """How often one message was handed out again because the process that had it died."""

    task_id = models.CharField(max_length=64, primary_key=True)
    task = models.CharField(max_length=100)
    # Of what: an issue, a batch, a source. Never the other arguments, among which are addresses.
    number = models.BigIntegerField(null=True)
    times = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.task}({'' if self.number is None else self.number})"
