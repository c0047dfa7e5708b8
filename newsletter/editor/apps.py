"""Tells Django of this room."""

from django.apps import AppConfig


class EditorConfig(AppConfig):
    """The room ``editor`` as Django knows it."""

    name = "newsletter.editor"
    label = "editor"
    default_auto_field = "django.db.models.BigAutoField"
