"""Takes a reader to another address, once the owner of that address has said yes.

    ask ──► (a mail to the new address) ──► move ──► (word to the old one)

Who asks is told nothing of the new address: whether it is known, closed, or had its
mail today. What stands in the way is told behind the button, in that mailbox alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.errors import BadInput, Refused
from newsletter.subscribers import limits
from newsletter.subscribers.addresses import Address
from newsletter.subscribers.consents import record
from newsletter.subscribers.gone import locked_reader, locked_wish
from newsletter.subscribers.models import AddressChange, Consent, Subscriber, SubscriberStatus
from newsletter.subscribers.suppression import hash_of, is_suppressed

GOOD_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Former:
    """The mailbox that a reader had before ``until``, as its hash."""

    until: datetime
    address_hash: str


@transaction.atomic
def ask(reader: Subscriber, address: Address, via: str) -> AddressChange | None:
    """Write down the wish, in place of an older one; return it where its mail may be sent.

    The wish is kept in any case, so that nothing which a reader can see of it depends on
    who else reads us. Raises :class:`Refused` for a reader who gets nothing.
    """
    reader = locked_reader(reader.pk)
    _must_read(reader)
    if address.key == reader.email_key:
        raise BadInput(
            "email.same",
            "지금 받고 계신 주소와 같습니다. 새 주소를 입력해 주세요.",
            "This is the address that you have already; please give the new one.",
            place="email",
        )
    wish = _write(reader, address, via)
    return None if is_suppressed(address) or not limits.admit_mail(address) else wish


def open_wish(reader: Subscriber) -> AddressChange | None:
    """Return the wish that still waits for its button, if there is one."""
    waiting = reader.address_changes.filter(changed_at=None, asked_at__gt=clock.now() - GOOD_FOR)
    return waiting.first()


def mailbox_of(wish: AddressChange) -> Subscriber:
    """Return who stands for the new address until its owner answers; they have agreed to nothing.

    A letter to that address is theirs and not the asker's, whose name a stranger must not see.
    """
    address = _address(wish)
    return Subscriber.objects.get_or_create(
        email_key=address.key,
        defaults={
            "email": address.email,
            "address_hash": hash_of(address),
            "language": wish.subscriber.language,
        },
    )[0]


def check(wish: AddressChange) -> None:
    """Raise :class:`Refused` for what stands in the way of an open wish."""
    _must_read(wish.subscriber)
    if is_suppressed(_address(wish)):
        raise Refused(
            "address.suppressed",
            "발송이 금지된 주소라서 옮길 수 없습니다. 주소는 바뀌지 않았습니다.",
            "Nothing may be sent to this address; nothing was changed.",
        )
    known = Subscriber.objects.filter(email_key=wish.email_key).exclude(pk=wish.subscriber_id)
    if known.exclude(status=SubscriberStatus.PENDING).exists():
        raise _taken()


@transaction.atomic
def move(wish: AddressChange) -> Address | None:
    """Write to the new address from now on; return the former one, or ``None`` if it was done before.

    All else stays: what the reader gets, in which language, and every link they have.
    """
    reader = locked_reader(wish.subscriber_id)
    wish = locked_wish(wish.pk)
    if wish.changed_at:
        return None
    wish.subscriber = reader
    check(wish)
    former, former_hash, address = _address(reader), reader.address_hash, _address(wish)
    # Who only asked for a mail there has no subscription to lose, and the owner is at hand.
    Subscriber.objects.filter(email_key=address.key, status=SubscriberStatus.PENDING).delete()
    _write_address(reader, address)
    _close(wish, former_hash)
    cadences = reader.subscriptions.values_list("cadence", flat=True)
    record(reader, Consent.Act.MOVED, map(Cadence, cadences), wish.via)
    limits.forget_mails(address)
    return former


def withdraw(reader: Subscriber) -> None:
    """Forget the reader's open wish, and the address in it."""
    for wish in reader.address_changes.filter(changed_at=None):
        asked_nothing = {"status": SubscriberStatus.PENDING, "consents": None}
        Subscriber.objects.filter(email_key=wish.email_key, **asked_nothing).delete()
        wish.delete()


def forget_unanswered() -> None:
    """Forget the wishes whose links have expired."""
    due = clock.now() - GOOD_FOR
    old = AddressChange.objects.filter(changed_at=None, asked_at__lte=due)
    for wish in old.select_related("subscriber"):
        withdraw(wish.subscriber)


def former_of(subscriber_ids: Collection[int]) -> dict[int, list[Former]]:
    """Return the former mailboxes of those of these readers who have moved, the oldest first."""
    moved = AddressChange.objects.filter(subscriber__in=subscriber_ids, changed_at__isnull=False)
    found: dict[int, list[Former]] = {}
    rows = moved.order_by("changed_at", "pk").values_list(
        "subscriber_id", "changed_at", "former_hash"
    )
    for reader_id, until, address_hash in rows:
        found.setdefault(reader_id, []).append(Former(until, address_hash))  # type: ignore[arg-type]  # closed ones only
    return found


def hash_then(
    former: Mapping[int, Sequence[Former]], reader_id: int, at: datetime, now: str
) -> str:
    """Return the hash of the mailbox that a reader had at ``at``; ``now`` is today's."""
    return next((one.address_hash for one in former.get(reader_id, ()) if at < one.until), now)


def _write(reader: Subscriber, address: Address, via: str) -> AddressChange:
    """Keep one open wish; the same one for the same address, whose link may be in the mail."""
    if not reader.address_changes.filter(changed_at=None, email_key=address.key).exists():
        withdraw(reader)
    return AddressChange.objects.update_or_create(
        subscriber=reader,
        changed_at=None,
        defaults={
            "email": address.email,
            "email_key": address.key,
            "via": via,
            "asked_at": clock.now(),
        },
    )[0]


def _write_address(reader: Subscriber, address: Address) -> None:
    reader.email, reader.email_key = address.email, address.key
    reader.address_hash = hash_of(address)
    try:
        with transaction.atomic():
            reader.save(update_fields=["email", "email_key", "address_hash"])
    except IntegrityError as error:  # somebody signed up with it at this very moment
        raise _taken() from error


def _close(wish: AddressChange, former_hash: str) -> None:
    wish.changed_at, wish.former_hash = clock.now(), former_hash
    wish.email = wish.email_key = ""
    wish.save()


def _address(row: Subscriber | AddressChange) -> Address:
    return Address(row.email, row.email_key)


def _must_read(reader: Subscriber) -> None:
    if reader.status != SubscriberStatus.ACTIVE:
        raise Refused(
            "address.left",
            "이미 구독을 해지하여 옮길 주소가 없습니다. 새 주소로 구독을 신청해 주세요.",
            "This subscription has ended, so there is no address to change; please sign up anew.",
        )


def _taken() -> Refused:
    return Refused(
        "address.taken",
        "이 주소는 이미 따로 등록되어 있어 옮길 수 없습니다. 이 주소로 받으시려면 "
        "이 주소로 구독을 신청하신 뒤 이전 주소의 구독을 해지해 주세요.",
        "This address is registered on its own, so nothing was changed. To get the newsletter "
        "here, sign up with this address, then unsubscribe the other one.",
    )
