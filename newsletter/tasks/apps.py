"""Tells Django of this room, and lets it hear what other rooms want done after commit."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The room ``tasks`` as Django knows it."""

    name = "newsletter.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Listen for notices; Celery itself is imported only when there is one."""
        from newsletter.delivery.signals import queued

        queued.connect(_publish_notice, dispatch_uid="publish-notice")


def _publish_notice(notice_id: int, **_: object) -> None:
    from newsletter.tasks.deliver import send_notice
    from newsletter.tasks.publishing import publish

    publish(send_notice, notice_id)
