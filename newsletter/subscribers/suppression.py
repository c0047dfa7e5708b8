"""Whom we must never write to, whatever else anybody asks for.

A mailbox is known by a keyed hash of its address, so the word "never" outlives
the erasure of its reader. Suppression wins over every consent.
"""

from collections.abc import Collection, Iterable

from django.conf import settings

from newsletter.common.errors import BadInput
from newsletter.subscribers.addresses import Address, keyed_hash, parse_address
from newsletter.subscribers.models import Subscriber, Suppression


def suppress(address: Address, reason: str, note: str = "") -> None:
    """Never write to ``address`` again; the first reason is the one that is kept."""
    known = Subscriber.objects.filter(email_key=address.key).values_list("address_hash", flat=True)
    Suppression.objects.get_or_create(
        address_hash=known.first() or hash_of(address),
        defaults={"reason": reason, "note": note[:200]},
    )


def suppress_keys(keys: Collection[str], reason: str, note: str = "") -> None:
    """Never write again to any of these folded addresses."""
    readers = Subscriber.objects.filter(email_key__in=keys)
    known = dict(readers.values_list("email_key", "address_hash"))
    suppress_hashes({known.get(key) or hashes_of(key)[0] for key in keys}, reason, note)


def suppress_hashes(hashes: Iterable[str], reason: str, note: str = "") -> None:
    """Never write again to mailboxes known by their hashes; the first reason is the one kept."""
    Suppression.objects.bulk_create(
        [
            Suppression(address_hash=value, reason=reason, note=note[:200])
            for value in sorted(set(hashes))
        ],
        ignore_conflicts=True,
    )


def is_suppressed(address: Address) -> bool:
    """Tell whether nobody may write to ``address``."""
    return Suppression.objects.filter(address_hash__in=hashes_of(address.key)).exists()


def is_suppressed_text(text: str) -> bool:
    """Tell it of an address as it was written somewhere; what is no address is not suppressed."""
    try:
        return is_suppressed(parse_address(text))
    except BadInput:
        return False


def hash_of(address: Address) -> str:
    """Return the hash to keep with a reader, so that SQL can join it with suppression.

    Under the key of today, unless a retired key is the one that suppression knows.
    """
    hashes = hashes_of(address.key)
    known = set(
        Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", flat=True)
    )
    return next((value for value in hashes if value in known), hashes[0])


def hashes_of(key: str) -> list[str]:
    """Return the hashes of a folded address: under the key of today, then under retired ones."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [keyed_hash(key, secret) for secret in secrets]
