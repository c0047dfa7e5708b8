"""Tells Django of this room."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The room ``delivery`` as Django knows it."""

    name = "newsletter.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with a backend or a limit that means nothing."""
        from newsletter.delivery import limits
        from newsletter.delivery.backends import choose

        choose.names()
        limits.check()
