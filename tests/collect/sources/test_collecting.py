"""Collecting from end to end: what is stored, what is asked again, and what stays when it fails."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter.collect import collecting
from newsletter.collect.digests.read import read
from newsletter.collect.health import Outcome
from newsletter.collect.models import Check, Source, SourceFinding, StoredDigest
from newsletter.collect.record import Collected
from newsletter.common import clock
from newsletter.papers.ingest import store
from newsletter.papers.keeping import keep
from newsletter.papers.models import Paper, Summary, VoteObservation
from tests.collect import posts
from tests.collect.hostile_server import HostileServer, status
from tests.shared_data import DIGESTS, needs_shared_data

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 1, 9, 1, tzinfo=UTC)


def a_source(
    web: HostileServer, path: str = "/post.md", kind: str = "files", **more: object
) -> Source:
    told = {"slug": "blog", "name": "블로그", "interval": "daily", **more}
    return Source.objects.create(kind=kind, address=web.url(path), **told)


def collect(source: Source, at: datetime = FRIDAY) -> Collected:
    with time_machine.travel(at, tick=False):
        return collecting.collect(source, keep)


def open_findings(source: Source) -> set[str]:
    rows = SourceFinding.objects.filter(source=source, passed_at=None)
    return set(rows.values_list("code", flat=True))


def hf_list(*votes: int, **more: object) -> bytes:
    return json.dumps(
        [
            {"paper": {"id": f"2601.0000{n}", "title": f"Paper {n}", "upvotes": v, **more}}
            for n, v in enumerate(votes)
        ]
    ).encode()


def test_what_a_source_says_becomes_papers_with_its_credit_and_licence(web):
    web.on("/post.md", posts.top5().encode())
    source = a_source(web, credit="글: 블로그", licence="CC BY-NC 4.0", may_be_mailed=False)
    told = collect(source)
    assert (told.outcome, told.papers, told.papers_new) == (Outcome.READ, 3, 3)
    summary = Summary.objects.get(paper__arxiv_id=posts.ATTENTION.id)
    assert (summary.source.known_as, summary.licence) == ("글: 블로그", "CC BY-NC 4.0")
    assert not summary.source.may_be_mailed
    source.refresh_from_db()
    assert source.last_success_at == source.last_new_at == FRIDAY
    assert source.next_check_at == FRIDAY + timedelta(days=1)


def test_the_same_answer_again_changes_nothing(web):
    web.on("/post.md", posts.top5().encode())
    source = a_source(web)
    collect(source)
    told = collect(source, FRIDAY + timedelta(hours=1))
    assert (told.papers, told.papers_new) == (3, 0)
    assert (StoredDigest.objects.count(), Paper.objects.count()) == (1, 3)


def test_a_source_that_has_not_changed_is_not_sent_again(web):
    def answer(exchange):
        if exchange.headers["If-None-Match"] == '"v1"':
            exchange.answer(b"", "304 Not Modified")
        else:
            exchange.answer(posts.top5().encode(), ETag='"v1"')

    web.on("/post.md", answer)
    source = a_source(web)
    collect(source)
    assert collect(source, FRIDAY + timedelta(hours=1)).outcome is Outcome.UNCHANGED
    source.refresh_from_db()
    assert source.last_success_at == FRIDAY + timedelta(hours=1)
    assert source.last_new_at == FRIDAY


def test_what_could_not_be_stored_is_asked_for_again(web):
    """The validators of an answer count only once its papers are there."""
    web.on("/post.md", lambda exchange: exchange.answer(posts.top5().encode(), ETag='"v1"'))
    source = a_source(web)

    def full(*_: object) -> None:
        raise OSError("disk full")

    assert collecting.collect(source, full).outcome is Outcome.FAILED
    collect(source)
    assert [request.headers["If-None-Match"] for request in web.requests] == [None, None]
    assert Paper.objects.count() == 3


def test_f22_a_source_that_fails_keeps_what_it_said_and_the_editor_is_told(web):
    web.on("/post.md", posts.top5().encode())
    source = a_source(web)
    collect(source)
    web.on("/post.md", status("404 Not Found", posts.wtp().encode()))
    told = collect(source, FRIDAY + timedelta(days=1))
    assert (told.outcome, Paper.objects.count()) == (Outcome.FAILED, 3)
    assert open_findings(source) == {"source.failing"}
    source.refresh_from_db()
    assert (source.failures_in_a_row, source.last_success_at) == (1, FRIDAY)
    assert source.last_error.startswith("feed.status")
    assert source.next_check_at == FRIDAY + timedelta(days=1, minutes=15)


def test_a_source_that_is_well_again_has_no_finding_any_more(web):
    source = a_source(web)
    collect(source)
    web.on("/post.md", posts.top5().encode())
    collect(source, FRIDAY + timedelta(hours=1))
    assert open_findings(source) == set()
    assert SourceFinding.objects.get().passed_at == FRIDAY + timedelta(hours=1)


def test_a_failure_that_lasts_is_one_finding(web):
    source = a_source(web)
    for hour in range(4):
        collect(source, FRIDAY + timedelta(hours=hour))
    finding = SourceFinding.objects.get()
    assert finding.severity == "error"
    assert "4" in finding.ko


def test_f22_of_half_a_feed_nothing_is_stored(web):
    """The second page of a list breaks off: the first alone would be half a list."""
    page = [
        {"paper": {"id": f"2601.{n:05}", "title": f"Paper {n}", "upvotes": 1}} for n in range(100)
    ]

    def answer(exchange):
        whole = json.dumps(page).encode()
        exchange.answer(whole if "p=0" in exchange.path else whole[:500])

    web.on("/api", answer)
    told = collect(a_source(web, "/api?date=2026-01-09", kind="huggingface"))
    assert told.error.startswith("feed.malformed")
    assert (Paper.objects.count(), StoredDigest.objects.count()) == (0, 0)


def test_f22_one_bad_source_leaves_the_others_alone(web):
    web.on("/post.md", posts.top5().encode())
    bad = a_source(web, "/nowhere", slug="bad")
    odd = a_source(web, slug="odd", kind="no such kind")
    good = a_source(web)
    outcomes = [collect(source).outcome for source in (bad, odd, good)]
    assert outcomes == [Outcome.FAILED, Outcome.FAILED, Outcome.READ]


def test_votes_are_observed_each_time_and_never_overwritten(web):
    source = a_source(web, "/api?date=2026-01-09", kind="huggingface")
    web.on("/api", hf_list(1, 5))
    collect(source)
    web.on("/api", hf_list(8, 9))
    collect(source, FRIDAY + timedelta(hours=6))
    votes = VoteObservation.objects.filter(paper__arxiv_id="2601.00000").order_by("observed_at")
    assert [vote.value for vote in votes] == [1, 8]


def test_bad_input_14_a_paper_that_two_sources_list_is_one_paper(web):
    web.on("/post.md", posts.top5().encode())
    web.on("/other.md", posts.imrlc().encode())
    collect(a_source(web))
    collect(a_source(web, "/other.md", slug="other"))
    assert Paper.objects.count() == 3
    assert Paper.objects.get(arxiv_id=posts.LORA.id).summaries.count() == 2


def test_a_withdrawal_that_a_source_tells_is_written_to_the_paper(web):
    source = a_source(web, "/api?date=2026-01-09", kind="huggingface")
    web.on("/api", hf_list(1, 5))
    collect(source)
    web.on("/api", hf_list(1, 5, withdrawnAt="2026-01-09T00:00:00Z"))
    collect(source, FRIDAY + timedelta(hours=6))
    assert set(Paper.objects.values_list("withdrawn_at", flat=True)) == {
        FRIDAY + timedelta(hours=6)
    }


def test_error_sentences_in_the_place_of_every_text_are_told_within_one_cycle(web):
    failing = "요약 실패: 레이트 리밋으로 인해 생성하지 못했다."
    papers = [
        f"# {n}. [{paper.title}](https://arxiv.org/abs/{paper.id})\n\n## Introduction\n{failing}\n\n## Method\n{failing}\n"
        for n, paper in enumerate(posts.PAPERS, 1)
    ]
    web.on("/post.md", "\n".join(papers).encode())
    source = a_source(web)
    collect(source)
    assert "source.only_errors" in open_findings(source)


@needs_shared_data
@pytest.mark.parametrize(
    "path", sorted((DIGESTS / "hf-weekly-txt").glob("*.txt")), ids=lambda path: path.stem
)
def test_the_recorded_weeks_of_one_error_sentence_would_have_been_told(web, path):
    """42 weeks in a row were published like this."""
    web.on("/post.md", path.read_bytes())
    source = a_source(web)
    collect(source)
    assert "source.only_errors" in open_findings(source)


@needs_shared_data
def test_the_recorded_days_without_a_translation_would_have_been_told(web):
    """139 weekdays in a row were published as an empty list."""
    (good,) = (DIGESTS / "ko-json").glob("2025-01-28*")
    (empty,) = (DIGESTS / "ko-json").glob("2026-08-20*")
    source = a_source(web)
    for weeks in (3, 2, 1):
        other_papers = good.read_bytes().replace(b"2501.", f"250{weeks}.".encode())
        web.on("/post.md", other_papers)
        collect(source, FRIDAY - timedelta(weeks=weeks))
    web.on("/post.md", empty.read_bytes())
    collect(source)
    assert "source.silent" in open_findings(source)


def test_a_source_that_has_moved_for_good_is_told(web):
    web.on("/new.md", posts.top5().encode())
    web.on(
        "/post.md",
        lambda exchange: exchange.answer(b"", "301 Moved Permanently", Location="/new.md"),
    )
    source = a_source(web)
    collect(source)
    assert "source.moved" in open_findings(source)


def test_old_checks_are_forgotten(web):
    source = a_source(web)
    for days in (0, 45, 90):
        web.on("/post.md", posts.top5().encode().replace(b"1706.", f"17{days:02}.".encode()))
        collect(source, FRIDAY + timedelta(days=days))
    assert Check.objects.count() == 2


def test_f22_the_habit_of_a_source_is_remembered_for_as_long_as_it_is_silent(web):
    """A source was dead for 139 days and looked well: its last good weeks had been forgotten."""
    source = a_source(web)
    for ago in (21, 14, 7, 0):
        web.on("/post.md", posts.top5().encode().replace(b"1706.", f"17{ago:02}.".encode()))
        collect(source, FRIDAY - timedelta(days=ago))
    for days in range(7, 140, 7):
        collect(source, FRIDAY + timedelta(days=days))
        assert open_findings(source) == {"source.silent"}
    assert SourceFinding.objects.filter(code="source.silent").count() == 1
    assert Check.objects.count() <= 4 + 9


def test_a_due_source_is_handed_to_one_caller_only(web):
    due = a_source(web)
    a_source(web, slug="off", enabled=False)
    a_source(web, slug="by hand", interval="")
    a_source(web, slug="later", next_check_at=clock.now() + timedelta(hours=1))
    now = clock.now()
    assert collecting.claim_due(now) == [due.pk]
    assert collecting.claim_due(now) == []
    assert collecting.claim_due(now + timedelta(minutes=11)) == [due.pk]  # its worker died


def test_readers_are_led_to_the_page_of_a_list_and_never_to_what_machines_read(web):
    """Credits linked to an API and to a feed, which show a person nothing."""
    today = datetime(2026, 1, 9, 6, tzinfo=UTC)
    item = (
        "<item><title>트랜스포머를 다시 읽다</title><link>https://blog.example/again</link>"
        "<description>https://arxiv.org/abs/1706.03762</description></item>"
    )
    web.on("/feed.xml", f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    web.on("/api", hf_list(3, 5))
    web.on("/2026-01-09.md", posts.top5().encode())
    for slug, kind, address in (
        ("feed", "feed", "/feed.xml"), ("hf", "huggingface", "/api?date=2026-01-09"), ("files", "files", "/{date}.md"),
    ):  # fmt: skip
        collect(a_source(web, address, kind, slug=slug), today)
    pages = {summary.source.slug: summary.page for summary in Summary.objects.all()}
    assert pages == {
        "feed": "https://blog.example/again",
        "hf": "https://huggingface.co/papers/date/2026-01-09",
        "files": web.url("/2026-01-09.md"),
    }


def test_files_that_came_by_hand_have_the_page_that_their_source_names():
    source = Source.objects.create(slug="by-hand", name="손", address="https://blog.example/")
    store(read(posts.top5().encode(), "2026-01-09.md"), source)
    assert {summary.page for summary in Summary.objects.all()} == {"https://blog.example/"}
