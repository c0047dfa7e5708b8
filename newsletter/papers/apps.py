"""Tells Django of this room."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The room ``papers`` as Django knows it."""

    name = "newsletter.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
