"""The tasks that collect: each source on its own, and in a queue where no letter waits for it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection

import celeryconfig
from newsletter.collect.models import Check, Source
from newsletter.collect.visiting import (
    SECONDS,
    SECONDS_AFTER_FAILURE,
    SECONDS_FOR_FACTS,
    Visitor,
)
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Severity
from newsletter.delivery.models import Notice
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.papers.models import Paper
from newsletter.tasks import collect
from tests.collect import posts
from tests.collect.hostile_server import HostileServer, status
from tests.factories import a_weekly, an_entry, listed, the_week
from tests.servers import wait_until

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 1, 9, 1, tzinfo=UTC)


@pytest.fixture
def web(settings):
    settings.FETCH_ALLOW_LOOPBACK = True
    server = HostileServer()
    yield server
    server.close()


def a_source(address: str, **more: object) -> Source:
    told = {"slug": "blog", "name": "블로그", "kind": "files", "interval": "daily", **more}
    return Source.objects.create(address=address, **told)


def test_a_source_is_collected_by_its_id_and_may_be_twice(web):
    source = a_source(web.on("/post.md", posts.top5().encode()))
    collect.collect_source(source.pk)
    collect.collect_source(source.pk)
    assert Paper.objects.count() == 3


def test_a_source_that_was_disabled_or_removed_meanwhile_is_left_alone(web):
    source = a_source(web.on("/post.md", posts.top5().encode()), enabled=False)
    collect.collect_source(source.pk)
    collect.collect_source(source.pk + 1)
    assert Check.objects.count() == 0


def test_a_source_that_fails_is_no_failure_of_its_task(web):
    source = a_source(web.url("/nowhere"))
    collect.collect_source(source.pk)
    assert Check.objects.get().error == "feed.status"


@pytest.fixture
def editors(settings) -> list[str]:
    settings.EDITOR_ADDRESSES = ["one@example.org", "two@example.org"]
    return settings.EDITOR_ADDRESSES


def checked(source: Source, times: int, *, since: datetime = FRIDAY) -> datetime:
    """Collect a source every hour; return the hour after."""
    for number in range(times):
        with time_machine.travel(since + timedelta(hours=number), tick=False):
            collect.collect_source(source.pk)
    return since + timedelta(hours=times)


def test_f22_a_failure_that_lasts_is_written_to_the_editors_once(web, editors):
    source = a_source(web.url("/nowhere"))
    later = checked(source, 2)
    assert not Notice.objects.exists()  # it may be a hiccup
    checked(source, 4, since=later)
    assert [notice.address for notice in Notice.objects.order_by("pk")] == editors
    notice = Notice.objects.first()
    assert "블로그" in notice.context["title"]
    assert "feed.status" in notice.context["body"]


def test_f22_a_source_that_fell_silent_is_written_to_the_editors_that_day(web, editors):
    source = a_source(web.url("/post.md"))
    for ago in (21, 14, 7):
        web.on("/post.md", posts.top5().encode().replace(b"1706.", b"17%02d." % ago))
        checked(source, 1, since=FRIDAY - timedelta(days=ago))
    checked(source, 2)
    assert Notice.objects.count() == len(editors)
    assert "7 day(s)" in Notice.objects.first().context["body"]


def test_a_source_that_comes_and_goes_is_written_of_once_a_day(web, editors):
    source, now = a_source(web.url("/post.md")), FRIDAY
    for _ in range(3):
        web.on("/post.md", status("404 Not Found"))
        now = checked(source, 3, since=now)
        web.on("/post.md", posts.top5().encode())
        now = checked(source, 1, since=now)
    assert Notice.objects.count() == len(editors)


def test_what_nobody_could_be_told_of_waits_for_an_editor(web, editors, settings):
    settings.EDITOR_ADDRESSES = []
    checked(a_source(web.url("/nowhere")), 3)
    assert not Notice.objects.exists()
    settings.EDITOR_ADDRESSES = editors
    checked(a_source(web.on("/post.md", posts.top5().encode()), slug="well"), 1)
    assert Notice.objects.count() == len(editors)


def test_a_draft_tells_of_the_sources_that_need_somebody(web):
    issue = a_weekly()
    checked(a_source(web.url("/nowhere")), 3)
    (finding,) = [one for one in editing.findings(issue) if one.code == "source.failing"]
    assert (finding.place, finding.severity) == ("블로그", Severity.WARNING)


@pytest.mark.django_db(transaction=True)  # threads do not see an open transaction
def test_a_source_that_is_due_is_collected_and_told_of_once(web, editors):
    for number in range(3):
        a_source(web.url("/nowhere"), slug=f"s{number}", failures_in_a_row=2)
    for day in range(3):
        with time_machine.travel(FRIDAY + timedelta(days=day), tick=True):
            collect.collect_due()
    assert Check.objects.count() == 9
    assert [notice.address for notice in Notice.objects.order_by("pk")] == editors
    assert "s2" in Notice.objects.first().context["body"]


def test_an_arxiv_that_does_not_answer_is_asked_another_time(web, settings):
    settings.ARXIV_API_URL = web.url("/nowhere")
    listed(an_entry())
    collect.fill_facts()
    assert Paper.objects.get().facts_at is None


def test_slow_sources_have_a_queue_of_their_own_and_facts_another():
    """Facts waited two minutes for their turn at arXiv, in the queue of the sources."""
    routes = celeryconfig.task_routes
    for name in ("collect_source", "collect_due"):
        assert routes[f"newsletter.tasks.collect.{name}"] == {"queue": "collect"}
    assert routes["newsletter.tasks.collect.fill_facts"] == {"queue": "facts"}


@pytest.mark.parametrize("seconds", [SECONDS, SECONDS_AFTER_FAILURE, SECONDS_FOR_FACTS])
def test_what_is_slow_ends_before_its_task_is_killed(seconds):
    assert seconds < celeryconfig.task_soft_time_limit


@pytest.mark.django_db(transaction=True)  # threads do not see an open transaction
def test_f22_sources_that_hang_delay_no_other(web):
    """Two that hung stopped all collecting for four minutes."""
    let_go = threading.Event()
    well = a_source(web.on("/post.md", posts.top5().encode()), slug="well")

    def hang(exchange):
        # Not before the other was read: it waits for nobody.
        let_go.wait(20)
        exchange.answer(b"", "404 Not Found")

    for number in range(collect.AT_ONCE - 1):
        a_source(web.on(f"/slow{number}.md", hang), slug=f"slow{number}")

    def work() -> None:
        collect.collect_due()
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    wait_until(
        Check.objects.filter(source=well, outcome="read").exists, "the source that is well", 15
    )
    assert not Check.objects.exclude(source=well).exists()
    let_go.set()
    worker.join()
    assert Check.objects.count() == collect.AT_ONCE


def test_the_votes_of_mondays_papers_are_counted_again_before_the_week_ends(web):
    """They entered the Weekly with the counts of Tuesday."""
    votes = {"2026-01-05": 3, "2026-01-09": 5}

    def answer(exchange):
        day = parse_qs(urlsplit(exchange.path).query)["date"][0]
        paper = {"id": f"26{day[-2:]}.00001", "title": f"Paper of {day}", "upvotes": votes.get(day)}
        exchange.answer(json.dumps([{"paper": paper}] if day in votes else []).encode())

    source = a_source(web.on("/api", answer), kind="huggingface", interval="hourly")
    with time_machine.travel(datetime(2026, 1, 5, 22, tzinfo=SEOUL), tick=False):
        collect.collect_source(source.pk)
    votes.update({"2026-01-05": 300, "2026-01-09": 50})
    with time_machine.travel(datetime(2026, 1, 11, 23, 20, tzinfo=SEOUL), tick=False):
        collect.recount_votes()
    issue = assemble(the_week()).issue
    assert [item.votes for item in issue.items.order_by("position")] == [300, 50]


def test_votes_that_cannot_be_counted_again_stay_as_they_are(web):
    a_source(web.url("/nowhere"), kind="huggingface")
    a_source(web.url("/nowhere?week=2026-W02"), kind="huggingface", slug="one-week")
    collect.recount_votes()
    assert len(web.requests) == 1


def test_a_source_that_failed_may_not_take_so_long_again(web):
    source = a_source("https://blog.example/post.md", failures_in_a_row=1)
    assert (
        Visitor(source).seconds == SECONDS_AFTER_FAILURE < Visitor(a_source("", slug="b")).seconds
    )
