"""What the limited child is given to read, each as a function of one answer of the web."""

from collections.abc import Callable
from datetime import UTC, datetime

from newsletter.collect import beside
from newsletter.collect.digests.read import read, read_item
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources import arxiv, arxiv_announce, feed, files, huggingface
from newsletter.collect.sources import discourse as forum
from newsletter.events import notification

NOW = datetime(2026, 1, 9, tzinfo=UTC)


def _fetched(told: str) -> FetchedFeed:
    return FetchedFeed("https://a.example/t/1.json", told.encode())


def confined(name: str, told: str) -> object:
    """Give an answer to one of the functions that the limited child runs."""
    try:
        return CONFINED[name](_fetched(told))
    except FeedError as error:
        return error


CONFINED: dict[str, Callable[[FetchedFeed], object]] = {
    "events.notification.read": lambda answer: notification.read(answer.body),
    "collect.digests.read.read": lambda answer: read(answer.body, "post.md"),
    "collect.beside.look": lambda answer: beside.look(answer.body, "post.md"),
    "collect.digests.read.read_item": lambda answer: read_item(answer.body, "an item"),
    "collect.sources.arxiv_announce.read": lambda answer: arxiv_announce.read(answer, NOW),
    "collect.sources.arxiv.read": lambda answer: arxiv.read(answer, NOW),
    "collect.sources.arxiv.read_answer": lambda answer: arxiv.read_answer(answer, NOW),
    "collect.sources.discourse.read_topic": lambda answer: forum.read_topic(answer, NOW),
    "collect.sources.discourse.read_page": lambda answer: forum.read_page(answer, NOW),
    "collect.sources.discourse.category": lambda answer: forum.category(answer, NOW),
    "collect.sources.feed.read": lambda answer: feed.read(answer, NOW),
    "collect.sources.files.listed_in": files.listed_in,
    "collect.sources.huggingface.read_list": lambda answer: huggingface.read_list(
        [answer], NOW.date(), NOW
    ),
    "collect.sources.huggingface.length_of": huggingface.length_of,
}
