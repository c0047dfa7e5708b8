"""Tells Django of this room."""

from django.apps import AppConfig
from django.conf import settings


class EventsConfig(AppConfig):
    """The room ``events`` as Django knows it."""

    name = "newsletter.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with an address of the bounce mailbox that is none."""
        if settings.BOUNCE_IMAP_URL:
            from newsletter.events import imap

            imap.parse_server(settings.BOUNCE_IMAP_URL)
