"""Tells Django of this room."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    """The room ``issues`` as Django knows it."""

    name = "newsletter.issues"
    label = "issues"
    default_auto_field = "django.db.models.BigAutoField"
