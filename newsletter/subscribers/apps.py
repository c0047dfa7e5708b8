"""Tells Django of this room."""

from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    """The room ``subscribers`` as Django knows it."""

    name = "newsletter.subscribers"
    label = "subscribers"
    default_auto_field = "django.db.models.BigAutoField"
