"""Readers, what they asked for, what they agreed to, and whom we must never write to."""

from django.db import models
from django.utils import timezone

from newsletter.common.cadence import Cadence, Language


class SubscriberStatus(models.TextChoices):
    """Whether we may write to a reader. Only ``active`` may get an issue."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"


class Subscriber(models.Model):
    """A reader. ``email_key`` is the folded address that makes one row of one mailbox."""

    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=254, unique=True)
    # Joins with Suppression in SQL; the keyed hash is all that outlives erasure.
    address_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(
        max_length=4, default=Language.KOREAN, choices=[(v.value, v.value) for v in Language]
    )
    status = models.CharField(
        max_length=8, default=SubscriberStatus.PENDING, choices=SubscriberStatus.choices
    )
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "id"], name="subscriber_by_status")]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Subscription(models.Model):
    """One cadence that a reader asked for. The row goes when they no longer want it."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions"
    )
    cadence = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Cadence])
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "cadence"], name="one_subscription_per_cadence"
            )
        ]
        indexes = [models.Index(fields=["cadence", "subscriber"], name="subscription_by_cadence")]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.cadence}"


class Consent(models.Model):
    """What a reader agreed to or took back: an append-only record."""

    class Act(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        CHANGED = "changed"
        MOVED = "moved"
        WITHDRAWN = "withdrawn"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents")
    act = models.CharField(max_length=10, choices=Act.choices)
    cadences = models.JSONField(default=list)
    language = models.CharField(
        max_length=4, default=Language.KOREAN, choices=[(v.value, v.value) for v in Language]
    )
    text_version = models.CharField(max_length=32)
    via = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.act}"


class AddressChange(models.Model):
    """A reader's wish to be written to elsewhere; once it is carried out, the record of it.

    An open wish holds the new address. A closed one holds the hash of the former, so that
    what is told later of a letter that went there is never held against the new one.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="address_changes"
    )
    email = models.EmailField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    former_hash = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=32)
    asked_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber"],
                condition=models.Q(changed_at=None),
                name="one_open_address_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: address change {self.pk}"


class Suppression(models.Model):
    """A mailbox we must not write to, kept as a keyed hash so that it outlives erasure."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        MANUAL = "manual"

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.address_hash[:12]}: {self.reason}"


class LimitHit(models.Model):
    """Something that was counted against a limit, known only by a keyed hash."""

    class Scope(models.TextChoices):
        NETWORK = "network"
        NEIGHBOURHOOD = "neighbourhood"
        MAILBOX = "mailbox"

    scope = models.CharField(max_length=16, choices=Scope.choices)
    key_hash = models.CharField(max_length=64)
    # Only mailboxes number their hits: the unique number decides between two at once.
    number = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key_hash", "number"], name="one_limit_hit_per_number"
            )
        ]
        indexes = [models.Index(fields=["scope", "key_hash", "at"], name="limit_hit_by_time")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key_hash[:12]}"
