"""Tells Django of this room."""

from typing import Any

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room ``web`` as Django knows it."""

    name = "newsletter.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the search table in step with the issues that are frozen.

        By a signal, because the rooms above freeze issues and know nothing of pages.
        """
        from newsletter.issues.signals import frozen

        frozen.connect(_remember, dispatch_uid="web.search")


def _remember(**what: Any) -> None:
    from newsletter.web import search_index

    search_index.remember(**what)
