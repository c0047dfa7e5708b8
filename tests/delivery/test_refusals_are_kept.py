"""What was counted of refused letters is kept by the step to a table of its own."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsletter.delivery.models import Allowance, RefusalCount
from tests.factories import a_weekly

BEFORE = [("delivery", "0004_pulse")]


@pytest.fixture
def as_before(transactional_db):
    """The tables as an older version left them; the newest again afterwards."""
    issue = a_weekly()
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps.get_model("delivery", "Allowance")
    yield issue, old
    call_command("migrate", verbosity=0)


def test_counts_move_and_limits_stay(as_before):
    issue, old = as_before
    old.objects.create(limit=f"refused/{issue.pk}", used=7, window=21)
    old.objects.create(limit="refused/999999", used=1, window=2)
    old.objects.create(limit="all/d", used=5, window=20_000)
    call_command("migrate", verbosity=0)
    assert list(RefusalCount.objects.values_list("issue_id", "refused", "look_at")) == [
        (issue.pk, 7, 21)
    ]
    assert list(Allowance.objects.values_list("limit", flat=True)) == ["all/d"]
