"""How many letters may leave: per second, hour and day, in all and for one mailbox provider.

``MAIL_LIMITS=14/s 50000/d``              what the server or the provider's plan allows
``MAILBOX_LIMITS=gmail 20/s, naver 10/s 20000/h, example.com 5/s``
``WARM_UP=2026-11-21 200 500 1000``       a new address: so many a day from that day on

All workers of all machines count together (see :mod:`newsletter.delivery.allowances`).
A day begins at midnight in the publication's zone. A domain with a limit of its own
does not count for the provider behind it.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings

from newsletter.common import clock
from newsletter.common.errors import ConfigurationError
from newsletter.delivery import allowances
from newsletter.delivery.allowances import Limit, Period
from newsletter.delivery.backends.base import OutgoingMessage
from newsletter.subscribers.mailboxes import MailboxProvider, provider_of

_DOMAIN = re.compile(r"(?=.{4,60}\Z)([a-z0-9-]+\.)+[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Grant:
    """How many letters may leave now, and how long to wait for more if that is fewer than asked."""

    number: int
    seconds: float
    limits: tuple[Limit, ...]
    at: datetime
    """When it was asked for: what an hour or a day allowed is nothing to the next."""

    def give_back(self, unused: int) -> None:
        """Let others use what was not needed after all."""
        for limit in self.limits:
            allowances.give_back(limit, unused, self.at)


def ask(wanted: int) -> Grant:
    """Return how many of ``wanted`` letters may leave now, whoever they go to."""
    return _granted(tuple(_in_all()), wanted)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which letters may leave now as far as their mailbox providers go, and which must wait."""

    now: list[OutgoingMessage]
    later: list[OutgoingMessage]
    seconds: float = 0.0
    """How long those must wait."""
    taken: tuple[tuple[Grant, list[OutgoingMessage]], ...] = ()
    """What was granted for which of the letters that may leave."""

    def give_back(self, left: Container[int]) -> None:
        """Let others use what was taken for letters that are not among those that ``left``."""
        for grant, messages in self.taken:
            grant.give_back(sum(message.delivery_id not in left for message in messages))


def ask_mailboxes(messages: Sequence[OutgoingMessage]) -> Turn:
    """Return which of the messages may leave now."""
    limits = _by_mailbox(settings.MAILBOX_LIMITS)
    if not limits:
        return Turn(list(messages), [])
    free: list[OutgoingMessage] = []
    held: dict[str, list[OutgoingMessage]] = {}
    for message in messages:
        key = _mailbox(message.address, limits)
        (held.setdefault(key, []) if key in limits else free).append(message)
    grants = {key: _granted(limits[key], len(group)) for key, group in held.items()}
    taken = [(grant, held[key][: grant.number]) for key, grant in grants.items()]
    return Turn(
        now=[*free, *(message for _, group in taken for message in group)],
        later=[m for key, grant in grants.items() for m in held[key][grant.number :]],
        seconds=max((grant.seconds for grant in grants.values()), default=0.0),
        taken=tuple(taken),
    )


def _mailbox(address: str, limits: Container[str]) -> str:
    domain = address.rpartition("@")[2].lower()
    return domain if domain in limits else provider_of(domain)


def _granted(limits: tuple[Limit, ...], wanted: int) -> Grant:
    """Take from each limit in turn; what a later one does not allow goes back to the earlier."""
    number, seconds, at = wanted, 0.0, clock.now()
    for place, limit in enumerate(limits):
        taken = allowances.take(limit, number)
        if taken < number:
            seconds = max(seconds, allowances.seconds_left(limit.period))
            for earlier in limits[:place]:
                allowances.give_back(earlier, number - taken, at)
            number = taken
    return Grant(number, seconds, limits, at)


def _in_all() -> Sequence[Limit]:
    limits = _parse("all", settings.MAIL_LIMITS, "MAIL_LIMITS")
    warm_up = _warm_up(settings.WARM_UP)
    day = (clock.today() - warm_up.begins).days if warm_up else 0
    if warm_up and day < len(warm_up.days):
        return (*limits, Limit("warm-up", warm_up.days[max(day, 0)], Period.DAY))
    return limits


@dataclass(frozen=True, slots=True)
class _WarmUp:
    begins: date
    days: tuple[int, ...]


@lru_cache(maxsize=8)
def _warm_up(text: str) -> _WarmUp | None:
    if not text:
        return None
    first, *days = text.replace(":", " ").replace(",", " ").split() or [""]
    try:
        begins = date.fromisoformat(first)
    except ValueError:
        begins = None
    if begins is None or not days or not all(number.isdecimal() for number in days):
        raise _wrong("WARM_UP", "2026-11-21 200 500 1000")
    return _WarmUp(begins, tuple(int(number) for number in days))


@lru_cache(maxsize=8)
def _by_mailbox(text: str) -> dict[str, tuple[Limit, ...]]:
    limits = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, rates = entry.partition(" ")
        known = name in set(MailboxProvider) or _DOMAIN.fullmatch(name)
        if not known or not rates.strip():
            raise _wrong("MAILBOX_LIMITS", "gmail 20/s, naver 10/s 20000/h")
        limits[name] = _parse(name, rates, "MAILBOX_LIMITS")
    return limits


@lru_cache(maxsize=32)
def _parse(name: str, text: str, setting: str) -> tuple[Limit, ...]:
    limits = []
    for word in text.split():
        amount, _, period = word.partition("/")
        if not amount.isdecimal() or int(amount) == 0 or period not in set(Period):
            raise _wrong(setting, "14/s 20000/h 50000/d")
        limits.append(Limit(f"{name}/{period}", int(amount), Period(period)))
    return tuple(limits)


def check() -> None:
    """Read every limit once; raises :class:`ConfigurationError` for one that means nothing."""
    _in_all()
    _by_mailbox(settings.MAILBOX_LIMITS)


def _wrong(setting: str, example: str) -> ConfigurationError:
    return ConfigurationError(
        "config.limits",
        f"{setting} 형식: {example}",
        f"{setting} must look like: {example}",
        place=setting,
    )
