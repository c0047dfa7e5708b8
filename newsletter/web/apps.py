"""Tells Django of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class WebConfig(AppConfig):
    """The room ``web`` as Django knows it."""

    name = "newsletter.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the search table in step with the issues that are frozen.

        By a signal, because the rooms above freeze issues and know nothing of pages.
        """
        from newsletter.issues.models import Revision
        from newsletter.web import search_index

        post_save.connect(search_index.remember, sender=Revision, dispatch_uid="web.search")
