from dataclasses import replace
from datetime import date

import pytest

from newsletter.collect.digests.digest import Format
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.issues.assemble import assemble
from newsletter.issues.window import window_around
from newsletter.papers.ingest import store
from tests.factories import FRIDAY, a_file, a_source, an_entry, five_papers, the_week

pytestmark = pytest.mark.django_db

OF_TUESDAY = "2601.03252"


@pytest.fixture(autouse=True)
def a_weekly_digest_and_a_daily_one():
    """A digest of the whole week that closes on Sunday, beside the list of its Friday."""
    weekly = a_file(
        an_entry(OF_TUESDAY, "Listed on Tuesday", votes=999),
        digest_format=Format.PYTORCHKR_WEEKLY,
        listed_on=date(2026, 1, 11),
    )
    (digest,) = weekly.digests
    week = replace(digest, period_start=date(2026, 1, 5))
    store(replace(weekly, digests=(week,)), a_source("weekly"))
    five_papers(FRIDAY)


def papers_of(issue):
    return {item.paper.arxiv_id for item in issue.items.select_related("paper")}


def test_the_weekly_takes_papers_from_a_digest_of_its_week():
    assert OF_TUESDAY in papers_of(assemble(the_week()).issue)


def test_the_daily_takes_no_papers_from_a_digest_of_the_whole_week():
    friday = window_around(Cadence.DAILY, FRIDAY, SEOUL)
    assert OF_TUESDAY not in papers_of(assemble(friday).issue)
