"""Tells Django of this room."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    """The room ``collect`` as Django knows it."""

    name = "newsletter.collect"
    label = "collect"
    default_auto_field = "django.db.models.BigAutoField"
