"""What a reader asks for, agrees to and takes back. Every step writes a consent.

    sign_up ──► (a mail with a button) ──► confirm ──► change … ──► leave ──► erase

Nothing here tells a visitor whether an address is known. Asking alone changes
nothing for a reader who is already there: only the mailbox's owner can confirm.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from newsletter.common import clock
from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import BadInput, Refused
from newsletter.subscribers import limits, moving
from newsletter.subscribers.addresses import Address, parse_name
from newsletter.subscribers.consents import record
from newsletter.subscribers.gone import locked_reader
from newsletter.subscribers.models import Consent, Subscriber, SubscriberStatus, Subscription
from newsletter.subscribers.suppression import hash_of, is_suppressed

_UNCONFIRMED_FOR = timedelta(days=7)


@transaction.atomic
def sign_up(
    address: Address, cadences: Iterable[Cadence], language: Language, name: str, via: str
) -> Subscriber | None:
    """Write down a wish; return the reader to send the confirmation to, or ``None`` for nobody.

    ``None`` for a suppressed mailbox, and for one that had its mail today. A page
    must look the same in either case.
    """
    wanted = at_least_one(cadences)
    if is_suppressed(address) or not limits.admit_mail(address):
        return None
    reader, _ = Subscriber.objects.get_or_create(
        email_key=address.key,
        defaults={
            "email": address.email,
            "address_hash": hash_of(address),
            "name": parse_name(name),
            "language": language,
        },
    )
    record(reader, Consent.Act.ASKED, wanted, via, language)
    return reader


def current_cadences(reader: Subscriber) -> tuple[Cadence, ...]:
    """Return what the reader gets now, the more frequent first."""
    return _cadences(reader.subscriptions.values_list("cadence", flat=True))


def asked_for(reader: Subscriber) -> tuple[Cadence, ...]:
    """Return the cadences that a confirmation would add now; none where nothing is open."""
    wish = _open_wish(reader)
    return _cadences(wish.cadences) if wish else ()


@transaction.atomic
def confirm(reader: Subscriber) -> None:
    """Give the reader what was asked for. Harmless when repeated.

    Raises :class:`Refused` where the reader has left since: an old button must
    not bring anybody back.
    """
    reader = locked_reader(reader.pk)
    wish = _open_wish(reader)
    if wish is None:
        if reader.status == SubscriberStatus.ACTIVE:
            return
        raise used_link()
    reader.language = wish.language
    _activate(reader)
    _subscribe(reader, {*current_cadences(reader), *_cadences(wish.cadences)})
    record(reader, Consent.Act.CONFIRMED, current_cadences(reader), wish.via)
    limits.forget_mails(Address(reader.email, reader.email_key))


def used_link() -> Refused:
    """Return what a confirmation link says once its reader has left."""
    return Refused(
        "confirm.used",
        "이미 사용한 확인 링크입니다. 다시 구독을 신청해 주세요.",
        "This confirmation link has been used; please sign up again.",
    )


@transaction.atomic
def change(reader: Subscriber, cadences: Iterable[Cadence], language: Language, name: str) -> None:
    """Set what the reader gets, in which language, under which name. No cadence means leaving."""
    wanted = set(cadences)
    reader = locked_reader(reader.pk)
    reader.language, reader.name = language, parse_name(name)
    reader.save(update_fields=["language", "name"])
    if not wanted:
        leave(reader, "preferences")
    elif wanted != set(current_cadences(reader)) or reader.status != SubscriberStatus.ACTIVE:
        _activate(reader)
        _subscribe(reader, wanted)
        record(reader, Consent.Act.CHANGED, wanted, "preferences")


@transaction.atomic
def step_down(reader: Subscriber, via: str) -> None:
    """Get the Weekly from now on and nothing else; nothing happens to a reader who has left."""
    reader = locked_reader(reader.pk)
    if reader.status == SubscriberStatus.ACTIVE:
        _subscribe(reader, {Cadence.WEEKLY})
        record(reader, Consent.Act.CHANGED, {Cadence.WEEKLY}, via)


@transaction.atomic
def leave(reader: Subscriber, via: str) -> bool:
    """End every subscription; return False for a reader who had already left."""
    reader = locked_reader(reader.pk)
    if reader.status == SubscriberStatus.LEFT:
        return False
    had = current_cadences(reader)
    reader.subscriptions.all().delete()
    reader.status, reader.left_at = SubscriberStatus.LEFT, clock.now()
    reader.save(update_fields=["status", "left_at"])
    record(reader, Consent.Act.WITHDRAWN, had, via)
    return True


@transaction.atomic
def ask_again(reader: Subscriber, via: str) -> Subscriber | None:
    """Write down that a reader wishes to have back what they had; as :func:`sign_up` otherwise."""
    reader = locked_reader(reader.pk)
    withdrawn = reader.consents.filter(act=Consent.Act.WITHDRAWN).order_by("-pk").first()
    had = current_cadences(reader) or (_cadences(withdrawn.cadences) if withdrawn else ())
    return sign_up(
        Address(reader.email, reader.email_key),
        had or (Cadence.WEEKLY,),
        Language(reader.language),
        "",
        via,
    )


@transaction.atomic
def enrol(
    address: Address, cadences: Iterable[Cadence], language: Language, name: str, via: str
) -> Subscriber:
    """Add a reader whose consent is already held, without a mail.

    Never raises what anybody agreed to: a reader who is already known stays as
    they are, and a suppressed mailbox stays closed. Raises :class:`Refused` for both.
    """
    wanted = at_least_one(cadences)
    if is_suppressed(address):
        raise Refused(
            "subscriber.suppressed",
            "발송이 금지된 주소입니다. 등록하지 않았습니다.",
            "Nothing may be sent to this address; it was not added.",
            place="email",
        )
    reader, new = Subscriber.objects.get_or_create(
        email_key=address.key,
        defaults={
            "email": address.email,
            "address_hash": hash_of(address),
            "name": parse_name(name),
            "language": language,
        },
    )
    if not new and reader.status != SubscriberStatus.PENDING:
        raise Refused(
            "subscriber.known",
            "이미 등록된 독자입니다. 구독은 본인만 바꿀 수 있습니다.",
            "This reader is already known; only they can change what they get.",
            place="email",
        )
    _activate(reader)
    _subscribe(reader, wanted)
    record(reader, Consent.Act.CONFIRMED, wanted, via)
    return reader


def erase(reader: Subscriber) -> None:
    """Delete all that is kept of a reader. The ledger keeps a number without a person."""
    with transaction.atomic():
        moving.withdraw(reader)
        reader.delete()


def forget_unconfirmed() -> int:
    """Erase who never confirmed within seven days, and old limits; return how many readers went."""
    due = clock.now() - _UNCONFIRMED_FOR
    pending = Subscriber.objects.filter(status=SubscriberStatus.PENDING, created_at__lte=due)
    stale = pending.exclude(consents__at__gt=due)
    number = stale.count()
    stale.delete()
    moving.forget_unanswered()
    limits.forget_old()
    return number


def at_least_one(cadences: Iterable[Cadence]) -> set[Cadence]:
    """Return the cadences that are wished for; refuse none."""
    wanted = set(cadences)
    if not wanted:
        raise BadInput(
            "cadence.missing",
            "Daily와 Weekly 가운데 하나 이상을 골라 주세요.",
            "Please choose the Daily, the Weekly, or both.",
            place="cadences",
        )
    return wanted


def _cadences(names: Iterable[str]) -> tuple[Cadence, ...]:
    names = set(names)
    return tuple(cadence for cadence in Cadence if cadence in names)


def _activate(reader: Subscriber) -> None:
    if reader.status != SubscriberStatus.ACTIVE:
        reader.confirmed_at = clock.now()
    reader.status, reader.left_at = SubscriberStatus.ACTIVE, None
    reader.save()


def _subscribe(reader: Subscriber, wanted: Iterable[Cadence]) -> None:
    wanted = set(wanted)
    reader.subscriptions.exclude(cadence__in=wanted).delete()
    for cadence in sorted(wanted):
        Subscription.objects.get_or_create(subscriber=reader, cadence=cadence)


def _open_wish(reader: Subscriber) -> Consent | None:
    last = reader.consents.order_by("-pk").first()
    return last if last and last.act == Consent.Act.ASKED else None
