"""What is known of addresses that were asked; apart from the asking, which needs an HTTP client.

Every process that sends letters reads this, and none of them should carry a client for it.
"""

from collections.abc import Iterable
from hashlib import sha256

from newsletter.collect.models import AddressCheck


def dead_among(urls: Iterable[str]) -> frozenset[str]:
    """Return which of these addresses are known to be dead."""
    by_hash = {hash_of(url): url for url in urls}
    dead = AddressCheck.objects.filter(url_hash__in=by_hash, alive=False)
    return frozenset(by_hash[one] for one in dead.values_list("url_hash", flat=True))


def hash_of(url: str) -> str:
    """Return what an address is looked up by."""
    return sha256(url.encode()).hexdigest()
