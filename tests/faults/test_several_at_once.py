"""Several processes do the same thing at the same moment, as impatient people and deployments do."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from newsletter.delivery import sending
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch
from newsletter.issues.states import IssueState
from tests.delivery.given import readers
from tests.factories import a_weekly
from tests.faults.engine import test_database_url
from tests.servers import PATIENCE

READY = (
    "import sys, django; django.setup()\n{imports}\nprint('ready', flush=True); sys.stdin.read(1)\n"
)
MIGRATE = (
    READY.format(imports="from newsletter.commands.database import prepare_database")
    + "prepare_database()"
)
SEND = READY.format(imports="from newsletter.commands.line import run") + "run(sys.argv[1:])"


def at_once(code, arguments, environments):
    """Start a process in each environment, let them all go when they are ready; what each answered."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for environment in environments
    ]
    try:
        for program in programs:
            while (line := program.stdout.readline()) != "ready\n":
                assert line, "it ended before it was ready"
        for program in programs:
            program.stdin.write("x")
            program.stdin.flush()
        return [
            (program.communicate(timeout=PATIENCE)[0], program.returncode) for program in programs
        ]
    finally:
        for program in programs:
            program.kill()
            program.wait()


@pytest.fixture
def empty_database(postgres_server: str):
    """The address of a PostgreSQL database in which nothing has been made yet."""
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute("CREATE DATABASE nothing")
        yield postgres_server.replace("@/postgres", "@/nothing")
        server.execute("DROP DATABASE nothing WITH (FORCE)")


def test_machines_with_folders_of_their_own_prepare_one_new_database_together(
    empty_database, tmp_path: Path
):
    environments = [
        {"DATABASE_URL": empty_database, "NEWSLETTER_DATA_DIR": str(tmp_path / name)}
        for name in ("one", "two")
    ]
    answers = at_once(MIGRATE, [], environments)
    assert [code for _, code in answers] == [0, 0], answers
    with psycopg.connect(empty_database) as database:
        told = database.execute(
            "SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations"
        )
        all_of_them, different = told.fetchone()
    assert all_of_them == different > 0


@pytest.mark.django_db(transaction=True)
def test_of_six_processes_that_send_one_draft_one_begins_and_the_others_say_so():
    issue = a_weekly()
    readers(10)
    environment = {"DATABASE_URL": test_database_url(), "DELIVERY_BATCH_SIZE": "4"}
    connection.close()
    answers = at_once(SEND, ["send", issue.slug, "--confirm"], [environment] * 6)
    assert sorted(code for _, code in answers) == [0, 1, 1, 1, 1, 1], answers
    assert sum("issue.begun" in answer for answer, _ in answers) == 5
    issue.refresh_from_db()
    assert (issue.state, counts(issue).queued) == (IssueState.SENDING, 10)
    assert [batch.size for batch in Batch.objects.order_by("number")] == [4, 4, 2]
    readers(2)
    assert sending.start(issue.pk, "지은") is False
