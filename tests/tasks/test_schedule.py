"""Nothing is promised that nobody does: every task has somebody who starts it."""

import re
from pathlib import Path

import pytest

import celeryconfig
from newsletter.celery import app

HOUSE = Path(celeryconfig.__file__).parent / "newsletter"
PUBLISHED = re.compile(r"\bpublish\(\s*(\w+)")


@pytest.fixture(scope="module")
def published() -> set[str]:
    """The functions that some room puts into the queue."""
    return {
        name
        for module in HOUSE.rglob("*.py")
        for name in PUBLISHED.findall(module.read_text("utf-8"))
    }


def tasks() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


@pytest.mark.parametrize("name", tasks())
def test_every_task_is_scheduled_or_published(name, published):
    scheduled = {entry["task"] for entry in celeryconfig.beat_schedule.values()}
    assert name in scheduled or name.rpartition(".")[2] in published


def test_drafts_are_refreshed_as_often_as_sources_are_collected():
    every = {entry["task"]: entry["schedule"] for entry in celeryconfig.beat_schedule.values()}
    collected = every["newsletter.tasks.collect.collect_due"]
    assert every["newsletter.tasks.assemble.refresh_drafts"] <= collected
