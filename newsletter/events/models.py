"""What providers told, each event once and for ever, and what it makes of each letter."""

from django.db import models
from django.utils import timezone

from newsletter.delivery.models import Delivery


class MessageEvent(models.Model):
    """One event that a provider told of one of our letters.

    The row stays for ever, so that the same event counts once however late it is
    told again; ``raw`` and ``address_hash`` are forgotten after a while.
    """

    provider = models.CharField(max_length=16)
    provider_event_id = models.CharField(max_length=128)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    attempt = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    address_hash = models.CharField(max_length=64, blank=True)
    raw = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_event_id"], name="one_event_per_provider_id"
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="event_with_raw",
                condition=models.Q(raw__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} of delivery {self.delivery_id}"


class DeliveryFate(models.Model):
    """All that was ever told of one letter, as a set of kinds (see :mod:`.kinds`).

    Apart from the ledger on purpose: the ledger says what *we* did, and balances;
    this says what became of it out there, which nobody can promise to know.
    """

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    facts = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery"], name="one_fate_per_delivery")]

    def __str__(self) -> str:
        return f"delivery {self.delivery_id}: {self.facts:b}"


class ReadThrough(models.Model):
    """Up to when a list that grows has been read: a provider's, or the refusals in our ledger."""

    name = models.CharField(max_length=32, unique=True)
    through = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} through {self.through:%F %T}"
