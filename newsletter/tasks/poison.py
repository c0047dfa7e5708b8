"""Gives up a task that ends every process it is begun in, before it ends all of them.

The broker hands a message out again when the process that had it has died, and counts
nothing. So each time is counted here, in the database; the first beginning, which is
all that most messages ever see, costs nothing.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from celery import Task
from django.db.models import F

from newsletter.common import clock
from newsletter.delivery import editors
from newsletter.tasks.models import Restart

logger = logging.getLogger(__name__)

MOST_STARTS = 3
# What is begun by the schedule may be given up again and again: the editors hear of it once a day.
_TOLD_FOR = timedelta(days=1)
_KEPT_FOR = timedelta(days=7)


class CarefulTask(Task):  # type: ignore[misc]  # Celery has no types
    """A task that is begun three times at most for one message."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run, unless this message has ended too many processes."""
        handed_out = self.request.delivery_info or {}
        if handed_out.get("redelivered") and _is_poison(self, arguments):
            return None
        return super().__call__(*arguments, **named)


def _is_poison(task: Task, arguments: Sequence[object]) -> bool:
    """Count one more beginning; tell whether there were too many, and let the editors know."""
    restart = _counted(task, arguments)
    if restart.times < MOST_STARTS:
        return False
    logger.error("%s was given up: it ended %s processes", restart, restart.times)
    if not _told_of(restart):
        _tell(restart)
    return True


def _counted(task: Task, arguments: Sequence[object]) -> Restart:
    now = clock.now()
    Restart.objects.filter(at__lt=now - _KEPT_FOR).delete()
    number = arguments[0] if arguments and isinstance(arguments[0], int) else None
    known = {"task": str(task.name)[:100], "number": number}
    Restart.objects.get_or_create(task_id=task.request.id, defaults=known)
    Restart.objects.filter(pk=task.request.id).update(times=F("times") + 1, at=now)
    return Restart.objects.get(pk=task.request.id)


def _told_of(restart: Restart) -> bool:
    """Tell whether the same work was given up shortly before."""
    same = Restart.objects.filter(task=restart.task, number=restart.number)
    lately = same.filter(times__gte=MOST_STARTS, at__gt=clock.now() - _TOLD_FOR)
    return restart.times > MOST_STARTS or lately.exclude(pk=restart.pk).exists()


def _tell(restart: Restart) -> None:
    editors.tell(
        f"작업을 포기했습니다 / A task was given up: {restart}",
        f"`{restart}` 작업을 시작한 프로세스가 {restart.times}번 모두 죽어 더 시도하지 않습니다. "
        "메모리가 부족하지 않았는지, 로그에 무엇이 남았는지 확인해 주세요.\n"
        f"Every process that began `{restart}` died, {restart.times} in all, so it is not tried "
        "again. See whether memory ran out, and what the log says.",
    )
