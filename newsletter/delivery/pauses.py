"""Backends that everybody leaves alone for a while: one pause, shared by all workers.

The circuit breaker and the provider's own "wait" (429, 421, 454) are one row in the
database, so that it survives a wiped Redis and a restart. When the time is over one
worker of all may try, with one letter; only its success lets the others in, and only
if nobody else was told to wait in the meantime.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from newsletter.common import clock
from newsletter.delivery.models import Pause

# 5, 10, 20, then every 25 seconds: under 30 trials in ten minutes, and back within one.
_FIRST_SECONDS = 5
_LONGEST_SECONDS = 25
# A provider may ask for more, but nonsense (10⁹ seconds) must not stop us for ever.
LONGEST_WISH = timedelta(minutes=10)
# How long a trial may take before another worker may try.
_TRIAL_SECONDS = 30
# Who may not try looks again soon: the trial is over in a moment, as a rule.
_LOOK_AGAIN_SECONDS = 2.0
_JITTER = random.SystemRandom()
# What begins the reason of a pause while somebody tries; whoever is told to wait replaces it.
_ON_TRIAL = "on trial, "
# What begins the reason where a person must mend something, such as a key.
_HALTED = "halted, "


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a backend may be used at this moment."""

    seconds: float = 0.0
    """How long to wait; 0 lets in."""
    trial: datetime | None = None
    """Let in alone, to find out whether it works again: hand over one letter, then tell. This
    moment is the trial's own mark, by which it ends no pause that began after it."""


def ask(backend: str) -> Admission:
    """Return whether ``backend`` may be used now. Of all that ask after a pause, one may try."""
    pause = Pause.objects.filter(backend=backend, failures__gt=0).first()
    if pause is None:
        return Admission()
    now = clock.now()
    if pause.until > now:
        seconds = (pause.until - now).total_seconds()
        tried = pause.reason.startswith(_ON_TRIAL)
        return Admission(min(seconds, _LOOK_AGAIN_SECONDS) if tried else seconds)
    ends = now + timedelta(seconds=_TRIAL_SECONDS)
    reason = pause.reason.removeprefix(_ON_TRIAL)
    won = Pause.objects.filter(backend=backend, until=pause.until).update(
        until=ends, reason=f"{_ON_TRIAL}{reason}"[:100]
    )
    return Admission(trial=ends) if won else Admission(_LOOK_AGAIN_SECONDS)


def pause_until(backend: str, at: datetime, reason: str = "") -> float:
    """Let nobody use ``backend`` before ``at``, at most ten minutes from now; return the seconds.

    Of two wishes the later one counts.
    """
    at = _bounded(at)
    told = {"until": at, "reason": reason[:100], "failures": 1}
    pause, made = Pause.objects.get_or_create(backend=backend, defaults=told)
    if not made:
        Pause.objects.filter(backend=backend, failures=0).update(**told)
        Pause.objects.filter(backend=backend, until__lt=at).update(until=at, reason=reason[:100])
        # A shorter wish ends with the trial at the latest, but the trial ends it no sooner.
        Pause.objects.filter(backend=backend, reason__startswith=_ON_TRIAL).update(
            reason=reason[:100]
        )
        at = max(at, pause.until) if pause.failures else at
    return (at - clock.now()).total_seconds()


def failed(
    backend: str, reason: str, asked: float | None = None, *, trial: datetime | None = None
) -> float:
    """Leave ``backend`` alone as long as it asked, else longer with each trial; return the seconds."""
    if asked is None or asked <= 0:
        asked = _back_off(backend)
    at = _bounded(clock.now() + timedelta(seconds=min(asked, LONGEST_WISH.total_seconds())))
    if trial and _of_trial(backend, trial).update(
        until=at, reason=reason[:100], failures=F("failures") + 1
    ):
        return (at - clock.now()).total_seconds()
    return pause_until(backend, at, reason)


def halted(backend: str, reason: str) -> bool:
    """Leave a backend alone that a person must mend, for ten minutes; tell whether that is news."""
    at = clock.now() + LONGEST_WISH
    told = {"until": at, "reason": f"{_HALTED}{reason}"[:100], "failures": 1}
    _, made = Pause.objects.get_or_create(backend=backend, defaults=told)
    rows = Pause.objects.filter(backend=backend)
    if made or rows.exclude(failures__gt=0, reason__contains=_HALTED).update(**told):
        return True
    rows.update(until=at, reason=told["reason"])
    return False


def works_again(backend: str, trial: datetime) -> None:
    """Let everybody in again, after a trial that went well."""
    _of_trial(backend, trial).update(failures=0, reason="")


def not_tried(backend: str, trial: datetime) -> None:
    """Let another worker try: no letter was there that could tell."""
    _of_trial(backend, trial).update(until=clock.now())


def _of_trial(backend: str, trial: datetime) -> QuerySet[Pause]:
    return Pause.objects.filter(backend=backend, until=trial, reason__startswith=_ON_TRIAL)


def _back_off(backend: str) -> float:
    known = Pause.objects.filter(backend=backend).values_list("failures", flat=True).first()
    seconds = min(_FIRST_SECONDS * 2.0 ** min(known or 0, 8), _LONGEST_SECONDS)
    # Several sites must not come back to one provider in step.
    return seconds * _JITTER.uniform(0.8, 1.0)


def _bounded(at: datetime) -> datetime:
    now = clock.now()
    return min(max(at, now), now + LONGEST_WISH)
