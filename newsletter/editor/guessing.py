"""How long somebody who guessed wrongly waits: the rule that django-axes enforces at the login.

The wait grows for an account and an asker together, so no stranger's guesses keep an
editor out. The asker is the browser that this editor has logged in with before, else the
network (an IPv4 address, or the /64 of an IPv6 one). A guess that is refused is not
tried and does not lengthen the wait.

Many addresses guessing at one account are slowed down as well: after :data:`_MANY` wrong
guesses in an hour or two, an unknown network has one guess instead of five before it waits, and
its neighbourhood (/24, /48) waits with it. So are many names guessed from one network, after
:data:`_MANY` of them. Known browsers notice nothing of either.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest

from newsletter.common import clock
from newsletter.editor import devices
from newsletter.editor.models import GuessCount
from newsletter.subscribers.addresses import keyed_hash
from newsletter.web import client

logger = logging.getLogger(__name__)

_FREE, _FREE_UNDER_ATTACK = 5, 1
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_DOUBLINGS = 7  # from the first wait past the longest
_MANY = 50
_HOUR = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one asker may guess at one account, or at any, before each further guess has to wait."""

    key: str
    free: int


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess as it was admitted, or not: then ``wait`` is the seconds until it may be tried."""

    wait: int
    counted: Sequence[str] = ()
    """The keys under which it was counted."""
    before: Mapping[str, GuessCount] = field(default_factory=dict)
    """What had been counted under them until then."""

    def take_back(self) -> None:
        """Count it no more: it was never tried. What others have guessed since stays counted."""
        for key in self.counted:
            row = self.before.get(key)
            now = GuessCount.objects.filter(key_hash=key)
            if row is None:
                now.filter(guesses=1).delete()
            else:
                now.filter(guesses=row.guesses + 1).update(guesses=row.guesses, at=row.at)


class GrowingWait(AxesBaseHandler, AbstractAxesHandler):  # type: ignore[misc]  # axes has no types
    """Tell django-axes whether a guess may be tried, and hear from it what became of it."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Count the guess and let it be tried, or leave the seconds to wait with the request."""
        account = (credentials or {}).get("username") or ""
        guess = admit(_budgets(request, account))
        request.guess = guess  # type: ignore[attr-defined]  # as axes keeps its own
        return guess.wait > 0

    def user_login_failed(
        self,
        sender: Any,  # noqa: ARG002 - the signature of axes
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **_: Any,
    ) -> None:
        """Note a wrong guess against the account, unless it was refused."""
        account = credentials.get("username") or ""
        tried = request is not None and not getattr(request, "axes_locked_out", False)
        if request is None or not tried:
            return
        _count_for_the_hour(account)
        GuessCount.objects.filter(at__lt=clock.now() - _FORGOTTEN_AFTER).delete()
        name = keyed_hash(account, settings.SECRET_KEY)[:12]
        logger.warning("a wrong password for %s, by %s", name, client.name_in_logs(request))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:  # noqa: ARG002 - the signature of axes
        """Forget what this asker guessed before."""
        if guess := guess_of(request):
            _rows(guess.counted).delete()

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
        """Do nothing: no list of logins is kept."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:  # noqa: ARG002 - the signature of axes
        """Return 0: the rule is a wait, and not a number."""
        return 0


def guess_of(request: HttpRequest) -> Guess | None:
    """Return what became of the guess of this request; ``None`` where it was none."""
    guess: Guess | None = getattr(request, "guess", None)
    return guess


def admit(budgets: Sequence[Budget]) -> Guess:
    """Count one guess against all of ``budgets``, or tell how long it has to wait.

    It counts against what was read when it was admitted: of two guesses at the same
    moment one is tried, and the other one may ask again in a second.
    """
    now = clock.now()
    rows = {row.key_hash: row for row in _rows([one.key for one in budgets])}
    ends = [rows[one.key].at + _wait(one, rows[one.key]) for one in budgets if one.key in rows]
    if late := [end for end in ends if end > now]:
        return Guess(math.ceil((max(late) - now).total_seconds()))
    counted: list[str] = []
    for one in budgets:
        if not _count(one.key, rows.get(one.key)):
            Guess(1, counted, rows).take_back()
            return Guess(1)
        counted.append(one.key)
    return Guess(0, counted, rows)


def _rows(keys: Sequence[str]) -> QuerySet[GuessCount]:
    return GuessCount.objects.filter(key_hash__in=keys)


def _wait(budget: Budget, row: GuessCount) -> timedelta:
    """Return the wait after the last guess: none while some are free, then twice as long each."""
    over = row.guesses - budget.free
    return (
        timedelta(0) if over < 0 else min(_FIRST_WAIT * 2 ** min(over, _DOUBLINGS), _LONGEST_WAIT)
    )


def _budgets(request: HttpRequest, account: str) -> list[Budget]:
    if device := devices.known(request, account):
        return [Budget(_key(account, "device", device), _FREE)]
    near, wide = client.networks_of(request)
    any_account = Budget(_key("", "any account from", near), _MANY)
    if not _is_under_attack(account):
        return [any_account, Budget(_key(account, "network", near), _FREE)]
    return [
        any_account,
        Budget(_key(account, "network", near), _FREE_UNDER_ATTACK),
        Budget(_key(account, "neighbourhood", wide), _FREE_UNDER_ATTACK),
    ]


def _is_under_attack(account: str) -> bool:
    now = clock.now()
    keys = [_hour_key(account, now), _hour_key(account, now - _HOUR)]
    found = GuessCount.objects.filter(key_hash__in=keys).aggregate(Sum("guesses"))
    return (found["guesses__sum"] or 0) >= _MANY


def _count(key: str, row: GuessCount | None) -> bool:
    """Count one guess on top of ``row``; False where another one was counted since it was read."""
    now = clock.now()
    if row is None:
        _, is_new = GuessCount.objects.get_or_create(
            key_hash=key, defaults={"guesses": 1, "at": now}
        )
        return is_new
    guesses = 0 if row.at < now - _FORGOTTEN_AFTER else row.guesses
    same = GuessCount.objects.filter(pk=row.pk, guesses=row.guesses)
    return same.update(guesses=guesses + 1, at=now) == 1


def _count_for_the_hour(account: str) -> None:
    now = clock.now()
    hour, _ = GuessCount.objects.get_or_create(
        key_hash=_hour_key(account, now), defaults={"at": now}
    )
    GuessCount.objects.filter(pk=hour.pk).update(guesses=F("guesses") + 1, at=now)


def _hour_key(account: str, at: datetime) -> str:
    return _key(account, "hour", f"{at:%Y-%m-%dT%H}")


def _key(account: str, kind: str, asker: object) -> str:
    return keyed_hash(f"{kind} {asker} {account}", settings.SECRET_KEY)
