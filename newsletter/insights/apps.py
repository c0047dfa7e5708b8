"""Tells Django of this room."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The room ``insights`` as Django knows it."""

    name = "newsletter.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
