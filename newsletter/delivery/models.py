"""The ledger: one row for each issue and subscriber, and the batches that workers claim."""

from django.db import models
from django.utils import timezone

from newsletter.common.cadence import Language, Length
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue
from newsletter.subscribers.models import Subscriber


class Batch(models.Model):
    """A run of ledger rows that one worker works on at a time, under a lease.

    ``fence`` goes up with every claim; a holder whose fence is old may write nothing.
    ``done`` means that every row in it is settled. ``published_at`` is when it was
    last put into the queue, which may have lost it since.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    # How many rows were frozen: counted apart from the rows, so that a lost one shows.
    size = models.PositiveIntegerField()
    done = models.BooleanField(default=False)
    holder = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_batch_per_number")
        ]
        indexes = [
            models.Index(fields=["issue"], name="unfinished_batch", condition=models.Q(done=False))
        ]

    def __str__(self) -> str:
        return f"{self.issue}#{self.number}"


class Pulse(models.Model):
    """When an issue that is being sent was last looked after. A copy of the database stands still."""

    issue = models.OneToOneField(
        Issue, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.issue} at {self.at}"


class LastBoot(models.Model):
    """Under which boot of the machine the system was last started: one row (see delivery.reboots)."""

    boot_id = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.boot_id


class Reconciler(models.Model):
    """Who reconciles, and how it went: one row, held under a lease like a batch."""

    holder = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    # The steps that failed in the round that ended then.
    failed = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"reconciler, last at {self.ended_at}"


class Delivery(models.Model):
    """One reader's letter of one issue: the row that says what became of it, and why."""

    id = models.BigAutoField(primary_key=True)
    # Its own index would only repeat the beginning of the unique one, for every row anew.
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="+", db_index=False)
    # No constraint in the database: it would cost two thirds of the fan-out, and a
    # row has to outlive its reader.
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    language = models.CharField(max_length=4, choices=[(v.value, v.value) for v in Language])
    length = models.CharField(
        max_length=5, default=Length.FULL, choices=[(v.value, v.value) for v in Length]
    )
    status = models.CharField(
        max_length=10,
        default=DeliveryStatus.QUEUED,
        choices=[(s.value, s.value) for s in DeliveryStatus],
    )
    reason = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempt = models.CharField(max_length=32, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "subscriber"], name="one_letter_per_issue_and_subscriber"
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.status}"


class Recall(models.Model):
    """Under which id SendGrid holds the letters of an issue back, and whether it was cancelled."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    batch_id = models.CharField(max_length=100)
    wanted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue"], name="one_batch_id_per_issue")]

    def __str__(self) -> str:
        return f"recall of {self.issue}"


class Notice(models.Model):
    """A letter to one person: a confirmation, a welcome, word to an editor, a preview of an issue.

    Written in the same transaction as its cause, so that a dead broker loses none.
    """

    kind = models.CharField(max_length=32)
    address = models.CharField(max_length=254)
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="+"
    )
    # What a preview shows; no other notice has one.
    issue = models.ForeignKey(Issue, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=4, default=Language.KOREAN)
    context = models.JSONField(default=dict)
    status = models.CharField(max_length=10, default=DeliveryStatus.QUEUED)
    reason = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Pause(models.Model):
    """Until when no worker hands anything to a backend: it is down, or asked us to wait.

    ``failures`` counts how often in a row it was found so; 0 means that all is well.
    """

    backend = models.CharField(max_length=32, primary_key=True)
    until = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.backend} until {self.until}"


class Allowance(models.Model):
    """How much of a limit is used up in the window that was begun last."""

    limit = models.CharField(max_length=64, primary_key=True)
    # The number of the second, hour or day; counted from 1970, days in the publication's zone.
    window = models.BigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.limit}: {self.used}"


class RefusalCount(models.Model):
    """How many letters of an issue were refused or given up, counted apart from its rows.

    Before there are ``look_at`` of them, too many are impossible, and no rows need be read.
    """

    issue = models.OneToOneField(
        Issue, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    refused = models.PositiveIntegerField(default=0)
    look_at = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.refused} refused of {self.issue}"
