"""The proxies in front of the site: whom the scheme is believed from, and who is not declared.

A proxy that ``TRUSTED_PROXIES`` does not name makes one visitor of all of them: the limits and the login
then hold for everybody together. It is known by what a browser never does: a private address
that forwards requests of several visitors. What was seen is kept in one small file
of the data folder, the visitors as keyed hashes, so that ``newsletter doctor`` can say it.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsletter.common import clock, durable, forwarded
from newsletter.subscribers.addresses import keyed_hash
from newsletter.web import client

_SCHEME = "HTTP_X_FORWARDED_PROTO"
# What a proxy adds to a request, in the order of what tells visitors apart.
_FORWARDING = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP")
_SEVERAL, _MOST_PEERS = 2, 16
_REMEMBERED = timedelta(days=7)

Seen = dict[str, dict[str, Any]]
_writing = threading.Lock()
# Of each peer, the day and the visitors that this process has written down.
_known: dict[str, tuple[str, frozenset[str]]] = {}


class ProxyMiddleware:
    """Believe ``X-Forwarded-Proto`` of a declared proxy alone, and notice one that is not declared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take away what the other end of the connection may not say."""
        if not client.comes_from_a_proxy(request):
            request.META.pop(_SCHEME, None)
            _notice(request)
        return self._get_response(request)


def undeclared() -> list[str]:
    """Return the private addresses that forwarded several visitors lately and are not declared."""
    trusted = forwarded.parse_networks("TRUSTED_PROXIES", settings.TRUSTED_PROXIES)
    return sorted(
        peer
        for peer, found in _read().items()
        if len(found["visitors"]) >= _SEVERAL and _is_recent(found["day"])
        if not forwarded.holds(trusted, forwarded.peer_address(peer))
    )


def _notice(request: HttpRequest) -> None:
    peer = forwarded.peer_address(client.peer_of(request))
    said = next((request.META[name] for name in _FORWARDING if request.META.get(name)), "")
    if not said or not forwarded.is_private(peer):
        return
    # The last hop is what the proxy itself wrote; what a visitor put before it changes nothing.
    visitor = keyed_hash(said.rpartition(",")[2].strip(), settings.SECRET_KEY)[:12]
    _remember(str(peer), visitor, clock.today().isoformat())


def _remember(peer: str, visitor: str, day: str) -> None:
    """Write down two visitors of a peer, once a day: more would tell nothing new."""
    last, known = _known.get(peer, ("", frozenset()))
    told = last == day and (visitor in known or len(known) >= _SEVERAL)
    if told or (peer not in _known and len(_known) >= _MOST_PEERS):
        return
    with _writing:
        seen = _read()
        visitors = sorted({*seen.get(peer, {}).get("visitors", ()), visitor})[:_SEVERAL]
        _known[peer] = (day, frozenset(visitors))
        seen[peer] = {"day": day, "visitors": visitors}
        _write(seen)


def _is_recent(day: str) -> bool:
    return day >= (clock.today() - _REMEMBERED).isoformat()


def _path() -> Path:
    path: Path = settings.DATA_DIR / "undeclared-proxies.json"
    return path


def _read() -> Seen:
    try:
        found = json.loads(_path().read_bytes())
        return {peer: dict(one) for peer, one in found.items() if {"day", "visitors"} <= set(one)}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(seen: Mapping[str, Any]) -> None:
    """Keep it; without room or leave for it, the doctor knows less."""
    with suppress(OSError):
        durable.write(_path(), json.dumps(seen))
