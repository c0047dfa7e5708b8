"""Tells Django of this room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The room ``events`` as Django knows it."""

    name = "newsletter.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
