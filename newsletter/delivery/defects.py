"""Which of the errors that nobody foresaw are defects, and which only trouble that passes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from newsletter.common.errors import Refused

logger = logging.getLogger(__name__)

# By its name: this room does not know Celery, which raises it wherever a task happens to be.
_TIME_IS_OVER = "SoftTimeLimitExceeded"


def is_defect(error: Exception) -> bool:
    """Tell whether it would be the same the next time.

    A database that is away, and a task whose time is over, are no defects: the task
    fails, and the reconciler tries again.
    """
    away = isinstance(error, (OperationalError, InterfaceError))
    return not away and type(error).__name__ != _TIME_IS_OVER


@contextmanager
def told_as_broken(issue_id: int, place: str) -> Iterator[None]:
    """Raise :class:`Refused` (``letter.broken``) for a defect met while a letter is compiled."""
    try:
        yield
    except Exception as error:
        if not is_defect(error):
            raise
        logger.exception("issue %s: its letter cannot be compiled", issue_id)
        raise Refused(
            "letter.broken",
            f"편지를 만들 수 없습니다: {type(error).__name__}",
            f"The letter cannot be compiled: {type(error).__name__}",
            place=place,
        ) from error
