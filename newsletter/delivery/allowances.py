"""What is left of a limit, counted by all workers together.

Hours and days are rows of the database: they must survive a restart and a wiped
Redis. Seconds are counted in Redis by one atomic script, on Redis' own clock;
while Redis is away, the database counts them too, which is slower and as exact.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F

from newsletter.common import clock
from newsletter.delivery.models import Allowance

logger = logging.getLogger(__name__)

_SECONDS_AWAY = 10.0
_TIMEOUT = 0.5


class Period(StrEnum):
    """The length of a window, as the settings write it."""

    SECOND = "s"
    HOUR = "h"
    DAY = "d"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many letters in one window."""

    key: str
    amount: int
    period: Period


def take(limit: Limit, wanted: int) -> int:
    """Use up as much of ``limit`` as is left, at most ``wanted``; return how much that was."""
    if limit.period is Period.SECOND:
        taken = _redis_counter().take(limit, wanted)
        if taken is not None:
            return taken
    return _take_in_database(limit, wanted)


def give_back(limit: Limit, unused: int, taken_at: datetime) -> None:
    """Undo part of :func:`take`. Of a window that is over nothing is given back, so never of a second."""
    if unused and limit.period is not Period.SECOND:
        rows = Allowance.objects.filter(
            limit=limit.key, window=_window(limit.period, taken_at), used__gte=unused
        )
        rows.update(used=F("used") - unused)


def seconds_left(period: Period) -> float:
    """Return how long the window lasts that it is now."""
    now = clock.now()
    match period:
        case Period.SECOND:
            return 1.0 - now.microsecond / 1e6
        case Period.HOUR:
            return 3600.0 - now.timestamp() % 3600
        case Period.DAY:
            tomorrow = clock.midnight(clock.today() + timedelta(days=1))
            return (tomorrow - now).total_seconds()


@transaction.atomic
def _take_in_database(limit: Limit, wanted: int) -> int:
    Allowance.objects.get_or_create(limit=limit.key)
    row = Allowance.objects.select_for_update().get(limit=limit.key)
    window = _window(limit.period, clock.now())
    used = row.used if row.window == window else 0
    taken = max(min(wanted, limit.amount - used), 0)
    Allowance.objects.filter(limit=limit.key).update(window=window, used=used + taken)
    return taken


def _window(period: Period, at: datetime) -> int:
    match period:
        case Period.SECOND:
            return int(at.timestamp())
        case Period.HOUR:
            return int(at.timestamp()) // 3600
        case Period.DAY:
            return at.astimezone(clock.SEOUL).toordinal()


_SCRIPT = """
local second = redis.call('TIME')[1]
local seen = redis.call('HMGET', KEYS[1], 'second', 'used')
local used = seen[1] == second and tonumber(seen[2]) or 0
local taken = math.max(math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used), 0)
redis.call('HSET', KEYS[1], 'second', second, 'used', used + taken)
redis.call('EXPIRE', KEYS[1], 5)
return taken
"""


class _RedisCounter:
    """Counts seconds in Redis, and for a while does not ask again when it is away."""

    def __init__(self, url: str) -> None:
        # Here, for it costs 50 ms and only mail workers count; they have it from their broker.
        import redis

        client = redis.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)
        self._script = client.register_script(_SCRIPT)
        self._away = redis.RedisError
        self._away_until = 0.0

    def take(self, limit: Limit, wanted: int) -> int | None:
        """Return how much was taken, or ``None`` when Redis does not answer."""
        if time.monotonic() < self._away_until:
            return None
        try:
            taken = self._script(keys=[f"newsletter:{limit.key}"], args=[wanted, limit.amount])
        except self._away as error:
            self._away_until = time.monotonic() + _SECONDS_AWAY
            logger.warning("limits are counted in the database: %s", type(error).__name__)
            return None
        return int(taken)


def _redis_counter() -> _RedisCounter:
    return _counter_at(settings.REDIS_URL)


@cache
def _counter_at(url: str) -> _RedisCounter:
    # Celery and redis-py write the address of a socket in two ways.
    return _RedisCounter(url.replace("redis+socket://", "unix://", 1))
