"""What the doctor says of the reconciler in the seconds after a start."""

import threading

import pytest
from django.db import connection

from newsletter.commands.checkup import services
from newsletter.commands.checkup.diagnosis import Level
from newsletter.delivery import turns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def end_a_round():
    turns.take().end([])
    connection.close()


def test_workers_that_answer_have_a_moment_for_their_first_round():
    first = threading.Timer(1.0, end_a_round)
    first.start()
    level = services.reconciler(workers_answer=True).level
    first.join()
    assert level is Level.OK


def test_nothing_is_waited_for_where_no_worker_answers():
    too_late = threading.Timer(4.0, end_a_round)
    too_late.start()
    level = services.reconciler(workers_answer=False).level
    too_late.cancel()
    too_late.join()
    assert level is Level.FAIL
