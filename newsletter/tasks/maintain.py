"""The task that keeps the house clean: what we promised to forget is forgotten."""

from newsletter.delivery import notices
from newsletter.subscribers import subscriptions
from newsletter.tasks.publishing import task


@task
def forget_unconfirmed() -> None:
    """Erase who never confirmed, a week after they were asked, and to whom previews went."""
    subscriptions.forget_unconfirmed()
    notices.forget_previews()
