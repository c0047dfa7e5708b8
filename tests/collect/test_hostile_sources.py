"""A source that cannot be parsed within limits fails alone: the others, the site, the database go on."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from newsletter.collect import collecting
from newsletter.collect.health import Outcome
from newsletter.collect.models import Check, Source, SourceFinding
from newsletter.common import clock
from newsletter.delivery.models import Notice
from newsletter.papers.keeping import keep
from newsletter.papers.models import Paper
from newsletter.tasks import collect
from tests.collect import posts
from tests.collect.hostile_answers import RECORDS_AS_TEXT, RECORDS_WITHOUT_END
from tests.common.children import busy_children_of, fork_server
from tests.readers import a_reader, gets, unsubscribe_path
from tests.servers import wait_until

# Nobody holds a transaction open while foreign input is parsed, and so neither does a test.
pytestmark = pytest.mark.django_db(transaction=True)


def a_source(slug: str, address: str, kind: str = "files") -> Source:
    return Source.objects.create(slug=slug, name=slug, kind=kind, address=address, interval="daily")


def a_hostile_source(web) -> Source:
    address = web.on("/hostile.json", RECORDS_AS_TEXT)
    return a_source("hostile", f"{address}?date=2026-01-09", "huggingface")


def outcomes() -> dict[str, str]:
    return dict(Check.objects.values_list("source__slug", "error"))


def test_of_sixteen_sources_the_hostile_one_fails_and_fifteen_are_read_whole(web):
    a_hostile_source(web)
    for number in range(collect.AT_ONCE - 1):
        a_source(f"well{number}", web.on(f"/{number}.md", posts.top5().encode()))
    collect.collect_due()
    assert outcomes().pop("hostile") == "parser.cpu"
    read = Check.objects.filter(outcome=Outcome.READ)
    assert [len(check.papers) for check in read] == [3] * (collect.AT_ONCE - 1)
    assert Paper.objects.count() == 3


def test_a_file_that_costs_too_much_is_a_failure_of_its_source(web):
    source = a_source("hostile", web.on("/{date}.json", RECORDS_WITHOUT_END))
    web.on("*", RECORDS_WITHOUT_END)
    told = collecting.collect(source, keep)
    assert told.error.startswith(("parser.memory", "parser.cpu"))  # whichever comes first
    source.refresh_from_db()
    assert (source.failures_in_a_row, source.last_success_at) == (1, None)


def test_a_parser_that_somebody_kills_is_a_failure_of_its_source(web):
    """As the kernel does, where memory runs out."""
    source = a_hostile_source(web)
    server = fork_server()
    killer = threading.Thread(target=kill_a_child_of, args=(server,))
    killer.start()
    told = collecting.collect(source, keep)
    killer.join()
    assert told.error.startswith("parser.died")
    assert "-9" in told.error


def kill_a_child_of(server: int) -> None:
    wait_until(lambda: busy_children_of(server), "a child that parses")
    for child in busy_children_of(server):
        os.kill(child, signal.SIGKILL)


def test_a_failure_that_lasts_is_seen_at_the_desk_and_written_to_the_editors(web, settings):
    settings.EDITOR_ADDRESSES = ["one@example.org"]
    source = a_hostile_source(web)
    for ago in (2, 1):
        at = clock.now() - timedelta(days=ago)
        Check.objects.create(source=source, checked_at=at, outcome=Outcome.FAILED, error="x")
    collect.collect_source(source.pk)
    finding = SourceFinding.objects.get(source=source, passed_at=None)
    assert finding.code == "source.failing"
    assert "parser.cpu" in finding.ko
    assert "parser.cpu" in Notice.objects.get().context["body"]


@contextmanager
def being_collected(source: Source) -> Iterator[None]:
    def work() -> None:
        collecting.collect(source, keep)
        connection.close()

    server = fork_server()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        wait_until(lambda: busy_children_of(server), "a child that parses")
        yield
    finally:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_one_click_is_answered_while_a_hostile_source_is_being_parsed(web):
    """The site answered 500: SQLite was locked, and the interpreter held."""
    reader = a_reader()
    path = unsubscribe_path(reader)
    with being_collected(a_hostile_source(web)):
        answer = Client().post(path, {"List-Unsubscribe": "One-Click"})
        assert not Check.objects.exists(), "the source was done before: this shows nothing"
    assert answer.status_code == 200
    assert gets(reader) == set()
    assert outcomes() == {"hostile": "parser.cpu"}
