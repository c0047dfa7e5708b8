"""F29 for tasks without a letter: one that ends every process it is begun in is given up."""

import pytest
from django.db import connection

from newsletter.celery import app
from newsletter.delivery.models import Notice
from newsletter.tasks.models import Restart
from tests.faults.engine import CELERY, QUEUES
from tests.servers import running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(engine):
    """A worker with one process that knows the deadly task as well."""
    words = ("worker", "-c", "1", "-Q", QUEUES, "-I", "tests.faults.deadly", "--without-gossip")
    environment = {**engine.environment, "EDITOR_ADDRESSES": "editor@example.com"}
    with running(*CELERY, *words, log=engine.log, env=environment):
        yield


def given_up():
    told = Restart.objects.filter(times__gte=3).exists()
    connection.close()
    return told


def test_f29_a_task_that_kills_every_process_is_given_up_and_other_work_goes_on(worker, tmp_path):
    begun = tmp_path / "begun"
    # By its name: in this process it is not to be one of our tasks.
    app.send_task("tests.faults.deadly.kill_whoever_begins", [7, str(begun)], queue="house")
    wait_until(given_up, "the end of it")
    assert begun.read_text() == "xxx"
    wait_until(lambda: Notice.objects.filter(status="accepted").exists(), "other work")
    assert Notice.objects.get().address == "editor@example.com"
