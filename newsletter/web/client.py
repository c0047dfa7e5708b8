"""Who is asking, past the proxies that we trust and no others: for limits, the login and logs."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

from newsletter.common import forwarded
from newsletter.common.forwarded import Address, Network
from newsletter.subscribers.addresses import keyed_hash

_SHOWN = 12


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address; 0.0.0.0 where the connection names none."""
    return str(_visitor(request))


def networks_of(request: HttpRequest) -> tuple[Network, Network]:
    """Return the network that the visitor counts as, and its neighbourhood."""
    return forwarded.networks_of(_visitor(request))


def name_in_logs(request: HttpRequest) -> str:
    """Return what a log calls the visitor: the same for each of their requests, and no address."""
    near, _ = networks_of(request)
    return keyed_hash(str(near), settings.SECRET_KEY)[:_SHOWN]


def comes_from_a_proxy(request: HttpRequest) -> bool:
    """Tell whether the other end of the connection is one of ``TRUSTED_PROXIES``."""
    return forwarded.holds(_trusted(), forwarded.peer_address(peer_of(request)))


def peer_of(request: HttpRequest) -> str:
    """Return the other end of the connection as the server names it; empty for a Unix socket."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    return peer


def _visitor(request: HttpRequest) -> Address:
    hops = request.headers.get("X-Forwarded-For", "")
    return forwarded.visitor(peer_of(request), hops, _trusted())


def _trusted() -> Sequence[Network]:
    return _parsed(tuple(settings.TRUSTED_PROXIES))


@lru_cache(maxsize=8)
def _parsed(words: tuple[str, ...]) -> Sequence[Network]:
    return forwarded.parse_networks("TRUSTED_PROXIES", words)
