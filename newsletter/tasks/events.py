"""The tasks that look at what came back. Each may run twice: an event counts once."""

import logging

from django.conf import settings

from newsletter.common.errors import NewsletterError
from newsletter.events import bounce_mailbox, forgetting, refusals, suppression_lists
from newsletter.insights import alarms, reports, rollup
from newsletter.issues.models import Issue
from newsletter.tasks.publishing import publish, task

logger = logging.getLogger(__name__)


@task
def read_bounces() -> None:
    """Read the mailbox that bounces come back to, where there is one."""
    if not settings.BOUNCE_IMAP_URL:
        return
    try:
        told = bounce_mailbox.read()
    except NewsletterError as error:
        logger.warning("bounces were not read: %s", error)
        return
    logger.info("bounces: %s read, %s left to a person", told.read, told.flagged)


@task
def take_refusals() -> None:
    """Treat what servers refused at once as the bounce that it is."""
    if stored := refusals.take():
        logger.info("refused at once: %s", stored)


@task
def pull_suppressions() -> None:
    """Read whom SendGrid does not write to any more, where it is our way out."""
    if settings.MAIL_BACKEND != "sendgrid":
        return
    try:
        told = suppression_lists.pull()
    except NewsletterError as error:
        logger.warning("suppressions were not pulled: %s", error)
        return
    logger.info("suppressions pulled: %s", told)


@task
def roll_up() -> None:
    """Queue the issues whose numbers may have moved."""
    for issue_id in rollup.due():
        publish(roll_up_issue, issue_id)


@task
def roll_up_issue(issue_id: int) -> None:
    """Count one issue anew, and tell the editors if too many readers complained."""
    issue = Issue.objects.get(pk=issue_id)
    rollup.roll_up(issue)
    alarms.sound(issue, reports.issue_report(issue))


@task
def forget_details() -> None:
    """Forget the details of old events."""
    forgetting.forget_details()
