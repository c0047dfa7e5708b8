"""arXiv's etiquette: one request at a time, and a pause between two of them, over all workers."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from newsletter.collect import collecting
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetch import Limits
from newsletter.collect.models import Source, Turn
from newsletter.collect.sources.adapter import Ask
from newsletter.collect.turns import Lane, lane_of, turn
from newsletter.collect.visiting import Visitor
from newsletter.common import clock
from tests.collect.hostile_server import drip, redirect

LANE = Lane("127.0.0.1", 0.3)


@pytest.fixture
def web(web, settings):
    """A server that wants one request at a time, by its host and not by who asks."""
    settings.FETCH_PAUSES = {LANE.name: LANE.seconds}
    return web


def pauses(web) -> list[float]:
    """The seconds from the end of each request to the begin of the next."""
    starts = sorted(request.at for request in web.requests)
    return [s - end for end, s in zip(sorted(web.finished), starts[1:], strict=False)]


@pytest.mark.parametrize(
    ("url", "seconds"),
    [("https://export.arxiv.org/api/query?x", 3), ("https://rss.arxiv.org/rss/cs.CL", 3), ("https://arxiv.org/html/x", 3),
     ("https://notarxiv.org/", None), ("https://huggingface.co/arxiv.org", None)],
)  # fmt: skip
def test_f22_all_hosts_of_arxiv_share_one_lane_of_three_seconds(url, seconds):
    assert lane_of(url) == (seconds and Lane("arxiv.org", seconds))


@pytest.mark.django_db
def test_f22_a_source_of_any_kind_takes_its_turn(web):
    """A feed of arXiv that was added as any other feed asked without one."""
    web.on("/feed.xml", b"<rss version='2.0'><channel></channel></rss>")
    for slug in ("one", "two"):
        source = Source(slug=slug, name=slug, kind="feed", address=web.url("/feed.xml"))
        collecting.read(source, Visitor(None), clock.now())
    assert min(pauses(web)) >= LANE.seconds * 0.9


@pytest.mark.django_db
def test_f22_a_redirect_takes_a_turn_of_its_own(web):
    web.on("/old", redirect("/new"))
    web.on("/new", b"[]")
    Visitor(None)(Ask(web.url("/old")))
    assert [request.path for request in web.requests] == ["/old", "/new"]
    assert min(pauses(web)) >= LANE.seconds * 0.9


@pytest.mark.django_db
def test_f22_the_polite_second_try_takes_a_turn_of_its_own(web):
    def busy_once(exchange):
        if len(web.requests) == 1:
            exchange.answer(b"", "503 Service Unavailable", Retry_After="0")
        else:
            exchange.answer(b"[]")

    web.on("/", busy_once)
    assert Visitor(None)(Ask(web.url("/"))) is not None
    assert min(pauses(web)) >= LANE.seconds * 0.9


@pytest.mark.django_db
def test_waiting_for_a_turn_is_not_the_time_of_the_server(web, settings):
    # Long enough for an answer of a busy machine, and shorter than the pause before it.
    pause = 3.0
    settings.FETCH_PAUSES = {LANE.name: pause}
    web.on("/", b"[]")
    for _ in range(2):
        assert Visitor(None, limits=Limits(seconds=pause * 0.8))(Ask(web.url("/")))


@pytest.mark.django_db(transaction=True)
def test_f22_many_workers_ask_one_after_another_with_a_pause_between(web):
    def slow(exchange):
        drip([b""] * 2)(exchange)
        exchange.answer(b"[]")

    web.on("/", slow)

    def worker() -> None:
        for _ in range(2):
            Visitor(None)(Ask(web.url("/")))
        connection.close()

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(web.requests) == 6
    assert min(pauses(web)) >= LANE.seconds * 0.9  # so no two requests overlap either


@pytest.mark.django_db
def test_the_pause_is_kept_by_a_worker_that_starts_later():
    with turn(LANE):
        pass
    began = time.monotonic()
    with turn(LANE):
        assert time.monotonic() - began >= LANE.seconds * 0.8


@pytest.mark.django_db
def test_whoever_waits_too_long_gives_up_without_asking():
    with turn(LANE), pytest.raises(FeedError) as refused, turn(LANE, patience=0.1):
        pytest.fail("two had a turn")
    assert refused.value.code == "feed.turn"


@pytest.mark.django_db
def test_the_turn_of_a_worker_that_died_comes_back_after_its_lease():
    Turn.objects.create(lane=LANE.name, holder="dead", free_at=Now() - timedelta(seconds=1))
    with turn(LANE, patience=0.1):
        assert Turn.objects.get(lane=LANE.name).holder != "dead"


@pytest.mark.django_db
def test_a_request_that_fails_gives_its_turn_back(web):
    source = Source.objects.create(slug="a", name="a")
    with pytest.raises(FeedError):
        Visitor(source)(Ask(web.url("/nowhere")))
    with turn(LANE, patience=1):
        pass
