"""How often the sign-up form answers, so that nobody can use it to bomb a mailbox.

Per network address five a minute (and twenty for its whole neighbourhood), per
mailbox one mail a day and three until its owner clicks, or until they are forgotten
after 90 days. Networks and mailboxes are kept as keyed hashes only.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from newsletter.common import clock, forwarded
from newsletter.common.errors import Refused
from newsletter.subscribers.addresses import Address, keyed_hash
from newsletter.subscribers.models import LimitHit

_MINUTE = timedelta(minutes=1)
_PER_MINUTE = {LimitHit.Scope.NETWORK: 5, LimitHit.Scope.NEIGHBOURHOOD: 20}
_BETWEEN_MAILS = timedelta(hours=24)
_MAILS_UNANSWERED = 3
_KEPT_FOR = timedelta(days=90)


class TooManySignUps(Refused):
    """This network asked too often; it may ask again after ``retry_after`` seconds."""

    retry_after = 60


def admit_network(ip: str) -> None:
    """Count one sign-up from ``ip``; raise :class:`TooManySignUps` from the sixth in a minute."""
    since = clock.now() - _MINUTE
    keys = dict(zip(_PER_MINUTE, _networks(ip), strict=True))
    for scope, key in keys.items():
        recent = LimitHit.objects.filter(scope=scope, key_hash=key, at__gt=since)
        if recent.count() >= _PER_MINUTE[scope]:
            raise TooManySignUps(
                "signup.too_many",
                "요청이 너무 많습니다. 1분 뒤에 다시 시도해 주세요.",
                "Too many requests; please try again in a minute.",
            )
    LimitHit.objects.bulk_create(LimitHit(scope=scope, key_hash=key) for scope, key in keys.items())


def admit_mail(address: Address, *, at_most: int | None = _MAILS_UNANSWERED) -> bool:
    """Count one mail that somebody asked for; False where this mailbox must not have it.

    One a day, and of confirmations ``at_most`` so many without an answer in 90 days: a
    reader who confirmed once may lose their link more often (``None``).
    The number of the mail is unique, so of two requests at once only one is admitted.
    """
    key = _hash(address.mailbox)
    last = LimitHit.objects.filter(scope=LimitHit.Scope.MAILBOX, key_hash=key).order_by("-number")
    previous = last.first()
    number = (previous.number or 0) if previous else 0
    now = clock.now()
    unanswered = at_most is not None and number >= at_most
    if previous and (unanswered or previous.at > now - _BETWEEN_MAILS):
        return False
    try:
        with transaction.atomic():
            LimitHit.objects.create(
                scope=LimitHit.Scope.MAILBOX, key_hash=key, number=number + 1, at=now
            )
    except IntegrityError:
        return False
    return True


def mails_to(address: Address) -> list[datetime]:
    """Return when the mails were asked for that are counted for this mailbox."""
    hits = LimitHit.objects.filter(scope=LimitHit.Scope.MAILBOX, key_hash=_hash(address.mailbox))
    return list(hits.order_by("number").values_list("at", flat=True))


def forget_mails(address: Address) -> None:
    """Begin anew for a mailbox whose owner has shown that the mails are wanted."""
    LimitHit.objects.filter(scope=LimitHit.Scope.MAILBOX, key_hash=_hash(address.mailbox)).delete()


def forget_old() -> int:
    """Drop what no limit needs any more; return how many rows went."""
    return LimitHit.objects.filter(at__lt=clock.now() - _KEPT_FOR).delete()[0]


def _networks(ip: str) -> tuple[str, str]:
    near, wide = forwarded.networks_of(forwarded.peer_address(ip))
    return _hash(str(near)), _hash(str(wide))


def _hash(text: str) -> str:
    return keyed_hash(text, settings.SECRET_KEY)
