"""Forgets what a provider said in detail, once nobody needs it; that it was said stays."""

from datetime import timedelta

from django.conf import settings

from newsletter.common import clock
from newsletter.events.models import MessageEvent


def forget_details() -> int:
    """Drop details and address hashes older than ``EVENT_DETAIL_DAYS``; return of how many events."""
    due = clock.now() - timedelta(days=settings.EVENT_DETAIL_DAYS)
    old = MessageEvent.objects.filter(received_at__lt=due, raw__isnull=False)
    return old.update(raw=None, address_hash="")
