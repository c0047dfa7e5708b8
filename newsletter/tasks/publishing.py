"""Puts a task into the queue within a bounded time, or says that it could not.

A page must answer within two seconds even if Redis is down, full or silent. What
could not be published is found again by the reconciler, so nothing here raises.
"""

import logging
from collections.abc import Callable

from celery import Task
from kombu.exceptions import KombuError
from kombu.pools import producers

from newsletter.celery import app
from newsletter.tasks.poison import CarefulTask

logger = logging.getLogger(__name__)

_SECONDS = 0.8
_IMPATIENT = {
    "socket_timeout": _SECONDS,
    "socket_connect_timeout": _SECONDS,
    "retry_on_timeout": False,
    "max_retries": 0,
}


def task(function: Callable[..., None]) -> Task:
    """Register a function as a task."""
    return app.task(function, base=CarefulTask)


def publish(task: Task, *arguments: int, countdown: float | None = None) -> bool:
    """Queue a task; return whether the broker took it."""
    connection = app.connection_for_write(transport_options=_IMPATIENT)
    try:
        with producers[connection].acquire(block=True, timeout=_SECONDS) as producer:
            task.apply_async(arguments, producer=producer, retry=False, countdown=countdown)
    except (KombuError, OSError) as error:
        logger.warning("%s was not queued: %s", task.name, type(error).__name__)
        return False
    return True


def waiting(queue: str) -> int | None:
    """Return how many messages wait in a queue; ``None`` if the broker does not say."""
    connection = app.connection_for_write(transport_options=_IMPATIENT)
    # Unlike a publication, a count raises what the library beneath says.
    away = (*connection.connection_errors, *connection.channel_errors)
    try:
        with producers[connection].acquire(block=True, timeout=_SECONDS) as producer:
            return int(producer.channel.queue_declare(queue).message_count)
    except (KombuError, OSError, *away) as error:
        logger.warning("%s was not counted: %s", queue, type(error).__name__)
        return None
