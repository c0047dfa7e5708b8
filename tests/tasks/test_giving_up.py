"""A message handed out again and again: begun three times at most, and the editors hear of it once."""

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from celery import Celery

from newsletter.common import clock
from newsletter.delivery.models import Notice
from newsletter.tasks.models import Restart
from newsletter.tasks.poison import CarefulTask

pytestmark = pytest.mark.django_db


# An application of its own, so that this is no task of ours.
app = Celery("a test", set_as_current=False)


@app.task(base=CarefulTask, shared=False)
def write(number: int, log: str) -> None:
    with Path(log).open("a") as begun:
        begun.write(f"{number} ")


@pytest.fixture
def log(tmp_path, settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    return tmp_path / "begun"


@contextlib.contextmanager
def message(task_id, *, redelivered):
    """The request as a worker makes it of a message."""
    write.push_request(id=task_id, delivery_info={"redelivered": redelivered})
    try:
        yield
    finally:
        write.pop_request()


def handed_out(times, log, *, task_id="a", number=7):
    for time in range(times):
        with message(task_id, redelivered=time > 0):
            write(number, str(log))


def test_a_message_is_begun_three_times_and_then_no_more(log):
    handed_out(6, log)
    assert log.read_text() == "7 7 7 "
    (notice,) = Notice.objects.all()
    assert "write(7)" in notice.context["title"]
    assert str(log) not in str(notice.context), "other arguments may be addresses"


def test_a_first_beginning_is_not_counted(log, django_assert_num_queries):
    with django_assert_num_queries(0):
        handed_out(1, log)
    assert log.read_text() == "7 "


def test_messages_are_counted_apart(log):
    for task_id in "abcd":
        handed_out(2, log, task_id=task_id)
    assert log.read_text() == "7 " * 8
    assert not Notice.objects.exists()


def test_the_editors_hear_of_the_same_work_once_a_day_and_of_other_work_at_once(log):
    handed_out(4, log, task_id="a")
    handed_out(4, log, task_id="b")
    assert Notice.objects.count() == 1
    handed_out(4, log, task_id="c", number=8)
    assert Notice.objects.count() == 2
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        handed_out(4, log, task_id="d")
    assert Notice.objects.count() == 3


def test_what_was_counted_is_forgotten_after_a_week(log):
    handed_out(4, log, task_id="a")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        handed_out(2, log, task_id="b")
    assert [one.task_id for one in Restart.objects.all()] == ["b"]
