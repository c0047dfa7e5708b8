"""Whether the addresses that an issue would show still live, asked before a reader clicks.

An address that says it is gone, and a picture that is none, are dead at once. A
server that does not answer may do so in a minute: it is dead the second time. And
where no server at all answers, it is us who are cut off, and nothing is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection

from newsletter.collect.dead_addresses import hash_of
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetch import Limits, fetch
from newsletter.collect.fetched import Expected, FetchedFeed
from newsletter.collect.models import AddressCheck

AT_ONCE = 8
_MOST = 200
_PAGE = Limits(size=200_000, seconds=10, patience=60)
# What is heavier is no picture for a mail, which many read on the way.
_PICTURE = Limits(size=3_000_000, seconds=10, patience=60)
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_GOOD_FOR = timedelta(hours=20)
_SURE = 2
# The page is there, and only too large or packed in a way that we did not ask for.
_THERE = {"feed.too_large", "feed.compression"}
_GONE = {404, 410}
_MAYBE = {"feed.timeout", "feed.unreachable", "feed.busy", "feed.turn"}
_WITHOUT_US = {"feed.timeout", "feed.unreachable"}
# Pages of papers, by the hundred; they last, and arXiv wants three seconds for each.
_LASTING = ("arxiv.org/abs/", "arxiv.org/pdf/", "huggingface.co/papers/", "alphaxiv.org/")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking one address: ``why`` is empty where it lives."""

    url: str
    why: str = ""
    sure: bool = True


def check(links: Iterable[str], pictures: Iterable[str], now: datetime) -> int:
    """Ask the addresses that are due, and note what came of it; return how many were asked."""
    wanted = dict.fromkeys(filter(_is_asked, links), Expected.PAGE)
    wanted |= dict.fromkeys(filter(_is_asked, pictures), Expected.PICTURE)
    known = _known(wanted)
    due = [url for url in wanted if _is_due(known.get(hash_of(url)), now)][:_MOST]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda url: _in_a_thread(url, wanted[url]), due))
    if not _cut_off(answers):
        _note(answers, known, now)
    return len(due)


def ask(url: str, expected: Expected) -> Answer:
    """Ask one address whether it lives, as politely and as carefully as any other."""
    is_picture = expected is Expected.PICTURE
    try:
        fetched = fetch(url, expected=expected, limits=_PICTURE if is_picture else _PAGE)
    except FeedError as error:
        return _refused(url, error, is_picture=is_picture)
    if is_picture and not (isinstance(fetched, FetchedFeed) and _shows(fetched.body)):
        return Answer(url, "no_picture")
    return Answer(url)


def _refused(url: str, error: FeedError, *, is_picture: bool) -> Answer:
    """Tell what a refusal means; a page may keep robots out and be open for people."""
    if error.code in _MAYBE:
        return Answer(url, error.code, sure=False)
    if error.code in _THERE and not is_picture:
        return Answer(url)
    if error.code == "feed.status":
        lives = not is_picture and error.status not in _GONE
        return Answer(url, "" if lives else f"{error.code} {error.status}")
    return Answer(url, error.code)


def _shows(body: bytes) -> bool:
    """Return whether these are the first bytes of a picture that mailboxes show."""
    return body.startswith(_MAGIC) or (body[:4] == b"RIFF" and body[8:12] == b"WEBP")


def _in_a_thread(url: str, expected: Expected) -> Answer:
    try:
        return ask(url, expected)
    finally:
        connection.close()  # taking a turn needs one


def _is_asked(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not any(page in url for page in _LASTING)


def _known(urls: Iterable[str]) -> dict[str, AddressCheck]:
    rows = AddressCheck.objects.filter(url_hash__in=[hash_of(url) for url in urls])
    return {row.url_hash: row for row in rows}


def _is_due(row: AddressCheck | None, now: datetime) -> bool:
    """Return whether to ask again: what does not live, each time; the rest once a day."""
    return row is None or bool(row.failures) or row.checked_at <= now - _GOOD_FOR


def _cut_off(answers: Sequence[Answer]) -> bool:
    """Return whether no server answered at all, on several hosts: then it is us."""
    hosts = {urlsplit(answer.url).hostname for answer in answers}
    return len(hosts) > 1 and all(answer.why in _WITHOUT_US for answer in answers)


def _note(answers: Sequence[Answer], known: Mapping[str, AddressCheck], now: datetime) -> None:
    for answer in answers:
        key = hash_of(answer.url)
        before = known[key].failures if key in known else 0
        failures = before + 1 if answer.why else 0
        AddressCheck.objects.update_or_create(
            url_hash=key,
            defaults={
                "url": answer.url,
                "alive": not answer.why or not (answer.sure or failures >= _SURE),
                "why": answer.why[:100],
                "failures": failures,
                "checked_at": now,
            },
        )
