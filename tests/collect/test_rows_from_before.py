"""Sources from before terms were recorded: what was said stays, what was only silence is linked."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from newsletter.collect.models import Source

BEFORE = [("collect", "0005_who_writes"), ("papers", "0003_who_says_withdrawn")]


@pytest.fixture
def as_before(transactional_db):
    """The table as an older version left it; the newest again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps.get_model("collect", "Source")
    call_command("migrate", verbosity=0)


def test_what_was_said_stays_and_what_nobody_said_is_linked(as_before):
    rows = {
        "free": {"licence": "CC BY 4.0"},
        "leave": {"licence": "CC BY-NC 4.0"},
        "silent": {},
        "odd": {"licence": "ask us"},
        "closed": {"may_be_mailed": False},
        # Made by the format alone: nobody has ever said it.
        "ko-fenced": {"name": "ro-ko/daily_papers", "licence": "MIT"},
        "arxiv": {"kind": "arxiv-announce", "address": "cs.CL+cs.LG"},
    }
    for slug, row in rows.items():
        as_before.objects.create(slug=slug, **{"name": slug, **row})
    call_command("migrate", verbosity=0)
    told = {one.slug: (one.may_be_mailed, one.confirmed_by) for one in Source.objects.all()}
    before = "before this was recorded"
    assert told == {
        "free": (True, before), "leave": (True, before), "silent": (False, ""), "odd": (False, ""),
        "closed": (False, before), "ko-fenced": (False, ""), "arxiv": (True, before),
    }  # fmt: skip
    assert Source.objects.get(slug="arxiv").licence == "CC0 1.0"


@pytest.mark.django_db
def test_nothing_is_mailed_of_whom_nobody_has_confirmed():
    with pytest.raises(IntegrityError):
        Source.objects.create(slug="s", name="남", may_be_mailed=True)
