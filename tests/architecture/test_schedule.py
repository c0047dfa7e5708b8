"""What Celery is told: that every name in the schedule and the routes is a task, and is served."""

import pytest

import celeryconfig
from newsletter.celery import app


@pytest.fixture(scope="module")
def tasks():
    """The names of the tasks that a worker knows."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_beat_entry_names_a_registered_task(tasks):
    scheduled = {entry["task"] for entry in celeryconfig.beat_schedule.values()}
    assert scheduled
    assert scheduled <= tasks


def test_every_route_names_a_registered_task(tasks):
    assert celeryconfig.task_routes
    assert set(celeryconfig.task_routes) <= tasks


def test_every_task_lives_in_the_tasks_room(tasks):
    assert {name for name in tasks if not name.startswith("newsletter.tasks.")} == set()


def test_no_task_is_scheduled_with_more_than_ids():
    carried = [
        name
        for name, entry in celeryconfig.beat_schedule.items()
        if entry.get("args") or entry.get("kwargs")
    ]
    assert carried == []
