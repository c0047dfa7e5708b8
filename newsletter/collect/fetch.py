"""The one door to the web: asks an address, politely, and trusts nothing of the answer.

Caps: 10 MB after decompression, 30 seconds from the first packet to the last
byte, 5 redirects, each hop checked like the first and in its turn. Proxies and credentials of the
environment are not used. The body of an error page never leaves this module.
"""

import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from django.conf import settings

from newsletter.collect import addresses, connection, markup, turns
from newsletter.collect.connection import Deadline, Resolve
from newsletter.collect.feed_errors import Fault, FeedError
from newsletter.collect.fetched import (
    NO_VALIDATORS,
    Expected,
    FetchedFeed,
    NotModified,
    Validators,
)
from newsletter.common import clock
from newsletter.common.dates import parse_date

# One polite second try where the server itself says that it is soon enough.
_LONGEST_PAUSE = 5.0
_TRIES = 2
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_BUSY = {429, 502, 503, 504}
_MEGABYTE = 1_000_000
_LONGEST_VALIDATOR = 200


_ACCEPT = {
    Expected.FEED: "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
    Expected.JSON: "application/json, */*;q=0.1",
    Expected.TEXT: "text/markdown, text/plain;q=0.9, */*;q=0.1",
    Expected.PAGE: "text/html, */*;q=0.1",
    Expected.PICTURE: "image/png, image/jpeg, image/gif, image/webp, */*;q=0.1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may cost."""

    size: int = 10 * _MEGABYTE
    seconds: float = 30.0
    redirects: int = 5
    patience: float = turns.PATIENCE
    """How long to wait for a turn, where the server wants one request at a time."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """What one fetch carries along its hops."""

    client: httpx.Client
    deadline: Deadline
    limits: Limits
    expected: Expected
    validators: Validators
    loopback: bool
    moves: list[str] = field(default_factory=list)


def fetch(
    url: str,
    *,
    expected: Expected = Expected.FEED,
    validators: Validators = NO_VALIDATORS,
    limits: Limits | None = None,
    resolve: Resolve = connection.resolve,
) -> FetchedFeed | NotModified:
    """Return what the address holds, or that it has not changed.

    Raises :class:`~newsletter.collect.feed_errors.FeedError` for everything else.
    """
    limits = limits or Limits()
    deadline = Deadline(limits.seconds)
    loopback: bool = settings.FETCH_ALLOW_LOOPBACK
    transport = connection.GuardedTransport(deadline, resolve=resolve, allow_loopback=loopback)
    headers = {"User-Agent": settings.FETCH_USER_AGENT, "Accept-Encoding": "gzip"}
    with httpx.Client(transport=transport, headers=headers, trust_env=False) as client:
        visit = _Visit(client, deadline, limits, expected, validators, loopback)
        try:
            return _follow(visit, url)
        except connection.SLOW as error:
            raise Fault.TIMEOUT.at(url, seconds=limits.seconds) from error
        except (*connection.BROKEN, httpx.InvalidURL) as error:
            raise Fault.UNREACHABLE.at(url) from error


def _follow(visit: _Visit, url: str) -> FetchedFeed | NotModified:
    for hop in range(visit.limits.redirects + 1):
        try:
            addresses.checked(url, allow_loopback=visit.loopback)
            told = _ask(visit, url, hop)
        except FeedError as error:
            error.place += f" (hop {hop + 1})" if hop else ""
            raise
        if not isinstance(told, str):
            return told
        url = told
    raise Fault.REDIRECTS.at(url, limit=visit.limits.redirects)


def _next(visit: _Visit, answer: httpx.Response, url: str, hop: int) -> str:
    """Return where a redirect leads, and note whether it is meant for good."""
    onward = str(httpx.URL(url).join(answer.headers.get("Location", "")))
    if onward == url:
        raise Fault.REDIRECTS.at(url, limit=visit.limits.redirects)
    if answer.status_code in _PERMANENT and len(visit.moves) == hop:
        visit.moves.append(onward)
    return onward


def _ask(visit: _Visit, url: str, hop: int) -> FetchedFeed | NotModified | str:
    """Return the answer, or where it leads; where a busy server names a short pause, ask again."""
    for attempt in range(1, _TRIES + 1):
        with _turn(visit, url), closing(_send(visit, url)) as answer:
            if answer.status_code in _REDIRECTS:
                return _next(visit, answer, url, hop)
            if answer.status_code not in _BUSY:
                return _take(visit, answer, url)
            pause = _retry_after(answer)
            soon = pause is not None and pause <= min(_LONGEST_PAUSE, visit.deadline.left)
            if not soon or attempt == _TRIES:
                raise Fault.BUSY.at(url, status=answer.status_code, retry_after=pause)
        time.sleep(pause or 0)
    raise AssertionError("the last attempt returns or raises")


def _send(visit: _Visit, url: str) -> httpx.Response:
    headers = visit.validators.headers | {"Accept": _ACCEPT[visit.expected]}
    return visit.client.send(visit.client.build_request("GET", url, headers=headers), stream=True)


@contextmanager
def _turn(visit: _Visit, url: str) -> Iterator[None]:
    """Hold the turn for one request and its answer; waiting for it is not the server's time."""
    lane = turns.lane_of(url)
    if lane is None:
        yield
        return
    began = time.monotonic()
    with turns.turn(lane, patience=visit.limits.patience):
        visit.deadline.pause(time.monotonic() - began)
        yield


def _take(visit: _Visit, answer: httpx.Response, url: str) -> FetchedFeed | NotModified:
    if answer.status_code == HTTPStatus.NOT_MODIFIED and visit.validators.headers:
        return NotModified(url)
    if answer.status_code != HTTPStatus.OK:
        raise Fault.STATUS.at(url, status=answer.status_code)
    declared = answer.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > visit.limits.size:
        raise Fault.TOO_LARGE.at(url, megabytes=visit.limits.size / _MEGABYTE)
    body = b"".join(_pieces(answer, url, visit.limits.size))
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()[:100]
    if visit.expected is not Expected.PAGE and (found := markup.page_tag(body)):
        raise Fault.NOT_A_FEED.at(url, content_type=content_type, first_tag=found)
    return FetchedFeed(
        url=url,
        body=body,
        content_type=content_type,
        charset=answer.charset_encoding or "",
        validators=Validators(
            _short(answer.headers.get("ETag", "")), _short(answer.headers.get("Last-Modified", ""))
        ),
        moved_to=visit.moves[-1] if visit.moves else "",
        zone=settings.FEED_TIME_ZONE,
    )


def _short(validator: str) -> str:
    """Return a validator that can be kept whole; half of one would never match."""
    return validator if len(validator) <= _LONGEST_VALIDATOR else ""


def _pieces(answer: httpx.Response, url: str, limit: int) -> Iterator[bytes]:
    """Yield the body, decompressed by at most what is still allowed; then stop reading.

    httpx would inflate a whole chunk first: 64 kB of zeros are 64 MB of memory.
    """
    inflate = _inflater(answer, url)
    left = limit
    for raw in answer.iter_raw():
        try:
            piece = inflate.decompress(raw, left + 1) if inflate else raw
        except zlib.error as error:
            raise Fault.COMPRESSION.at(url) from error
        if len(piece) > left:
            raise Fault.TOO_LARGE.at(url, megabytes=limit / _MEGABYTE)
        left -= len(piece)
        yield piece
    if inflate and not inflate.eof:
        raise Fault.UNREACHABLE.at(url)


def _inflater(answer: httpx.Response, url: str) -> "zlib._Decompress | None":
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in {"", "identity"}:
        return None
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Fault.COMPRESSION.at(url)
    # 32 lets zlib tell gzip and zlib apart by themselves.
    return zlib.decompressobj(zlib.MAX_WBITS | 32)


def _retry_after(answer: httpx.Response) -> float | None:
    """Return the seconds of ``Retry-After``, which may be a number or a date (RFC 9110, 10.2.3)."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told[:9])
    moment = parse_date(told)
    return max(0.0, (moment - clock.now()).total_seconds()) if moment else None
