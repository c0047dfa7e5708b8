"""The tasks that make issues, a daily one on weekday mornings, a weekly one on Mondays, and keep drafts fresh."""

import logging

from newsletter.common.cadence import Cadence
from newsletter.common.errors import Refused
from newsletter.issues import assemble
from newsletter.tasks.publishing import task

logger = logging.getLogger(__name__)


@task
def assemble_daily() -> None:
    """Assemble the daily issue of the day that has passed; a second time changes nothing."""
    _assemble(Cadence.DAILY)


@task
def assemble_weekly() -> None:
    """Assemble the weekly issue of the week that has passed; a second time changes nothing."""
    _assemble(Cadence.WEEKLY)


@task
def refresh_drafts() -> None:
    """Let the newest drafts take in what was collected or imported since; else it only looks."""
    for issue in assemble.fresh_drafts():
        try:
            done = assemble.refresh(issue)
        except Refused:
            continue  # it was approved at this moment, and says what it said then
        if done.added or done.removed:
            logger.info("%s: %s papers came, %s went", issue.slug, done.added, done.removed)


def _assemble(cadence: Cadence) -> None:
    try:
        assemble.assemble_latest(cadence)
    except Refused as quiet:
        logger.warning("no %s issue: %s", cadence, quiet)
