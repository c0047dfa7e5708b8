"""The tasks that collect. Sources are read side by side, so that none waits for another."""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from newsletter.collect import collecting, liveness
from newsletter.collect.health import Outcome
from newsletter.collect.models import Source
from newsletter.collect.visiting import Visitor
from newsletter.common import clock
from newsletter.common.errors import NewsletterError
from newsletter.issues import addresses
from newsletter.papers import arxiv_facts
from newsletter.papers.keeping import keep
from newsletter.tasks.publishing import publish, task
from newsletter.tasks.telling import tell_editors

logger = logging.getLogger(__name__)

# A source does little but wait for its server: so many wait side by side in one process.
AT_ONCE = 16


@task
def collect_due() -> None:
    """Collect the sources whose time has come, side by side; more than fit are for another worker.

    The editors get one letter about all of them.
    """
    due = collecting.claim_due(clock.now(), most=AT_ONCE)
    if len(due) == AT_ONCE:
        publish(collect_due)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_in_a_thread, due))
    tell_editors()


@task
def collect_source(source_id: int) -> None:
    """Collect one source; a second time only asks whether anything has changed."""
    _collect(source_id)
    tell_editors()


@task
def recount_votes() -> None:
    """Count the votes of the week so far, shortly before the cut-off of the issues."""
    for source in collecting.whose_votes_count():
        try:
            counted = collecting.recount(source, keep)
        except NewsletterError as error:
            logger.warning("votes of %s were not counted again: %s", source.slug, error.code)
        else:
            logger.info("votes of %s papers of %s counted again", counted, source.slug)


@task
def fill_facts() -> None:
    """Ask arXiv for what digests lack; what it does not know today is asked for tomorrow."""
    try:
        filled = arxiv_facts.fill(Visitor(None), clock.now())
    except NewsletterError as error:
        logger.warning("arXiv told nothing: %s", error.code)
        return
    logger.info("arXiv told of %s papers, %s missing", filled.filled, len(filled.missing))


@task
def check_addresses() -> None:
    """Ask whether the links and pictures of the drafts live; what is dead is left out of them."""
    shown = addresses.of_drafts()
    asked = liveness.check(shown.links, shown.pictures, clock.now())
    logger.info("asked %s addresses of drafts whether they live", asked)


def _in_a_thread(source_id: int) -> None:
    """Collect one source, whatever becomes of it, and give the thread's connection back."""
    try:
        _collect(source_id)
    except Exception:  # the others of this task must not pay for it
        logger.exception("source %s was not collected", source_id)
    finally:
        connection.close()


def _collect(source_id: int) -> None:
    source = Source.objects.filter(pk=source_id, enabled=True).first()
    if source is None:
        return
    told = collecting.collect(source, keep)
    level = logging.WARNING if told.outcome is Outcome.FAILED else logging.INFO
    logger.log(level, "collected %s: %s, %s new", told.slug, told.outcome, told.papers_new)
