"""The timers of the Daily and the Weekly: what beat starts makes an issue."""

from datetime import datetime

import pytest
import time_machine

import celeryconfig
from newsletter.celery import app
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.issues.assemble import assemble_latest
from newsletter.issues.models import Issue
from tests.factories import five_papers

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 1, 12, 8, 30, tzinfo=SEOUL)
LATEST = {"daily": "2026-01-09-daily", "weekly": "2026-01-05-weekly"}


def of_beat(cadence):
    """The task that beat starts for a cadence, by the name in its schedule."""
    (name,) = {
        entry["task"]
        for entry in celeryconfig.beat_schedule.values()
        if entry["task"].endswith(f".assemble_{cadence}")
    }
    app.loader.import_default_modules()
    return app.tasks[name]


@pytest.mark.parametrize("cadence", Cadence)
def test_the_timer_of_each_cadence_makes_its_issue_once(cadence):
    five_papers()
    with time_machine.travel(MONDAY):
        for _ in range(2):
            of_beat(cadence)()
    (issue,) = Issue.objects.all()
    assert (issue.slug, issue.cadence, issue.items.count()) == (LATEST[cadence], cadence, 5)


@pytest.mark.parametrize("cadence", Cadence)
def test_a_quiet_time_makes_no_issue_and_breaks_no_timer(cadence):
    with time_machine.travel(MONDAY):
        of_beat(cadence)()
    assert not Issue.objects.exists()


@pytest.mark.parametrize("cadence", Cadence)
def test_who_asks_for_the_latest_issue_gets_it_and_hears_whether_it_is_new(cadence):
    five_papers()
    with time_machine.travel(MONDAY):
        first, second = assemble_latest(cadence), assemble_latest(cadence)
    assert (first.issue.slug, first.created) == (LATEST[cadence], True)
    assert (second.issue, second.created) == (first.issue, False)
