"""Dead links and dead pictures: asked before a reader clicks, and left out of what leaves."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter.collect import dead_addresses, liveness
from newsletter.collect.digests.digest import Link
from newsletter.collect.models import AddressCheck
from newsletter.common.findings import Severity
from newsletter.issues import addresses, editing
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.tasks import collect
from tests.collect.hostile_server import HostileServer, drip, endless, redirect, status
from tests.factories import an_entry, five_papers, listed, the_week

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
WEBP = b"RIFF\x24\0\0\0WEBPVP8 "
CODE, PICTURE = "https://code.example.com/a", "https://img.example.com/a.png"


def dead(
    *, links: tuple[str, ...] = (), pictures: tuple[str, ...] = (), times: int = 1
) -> set[str]:
    for number in range(times):
        liveness.check(links, pictures, NOW + timedelta(minutes=10 * number))
    return set(dead_addresses.dead_among({*links, *pictures}))


def an_issue() -> Issue:
    five_papers()
    entry = an_entry("2601.09999", "One", votes=99, links=(Link("코드", CODE),), image=PICTURE)
    listed(entry, source="other")
    return assemble(the_week()).issue


@pytest.mark.parametrize("line", ["404 Not Found", "410 Gone"])
def test_a_page_that_is_gone_is_dead_at_once(web, line):
    assert dead(links=(web.on("/a", status(line)),)) == {web.url("/a")}


@pytest.mark.parametrize(
    "answer",
    [status("200 OK"), status("403 Forbidden"), status("500 Oops"), endless(), redirect("/there"),
     status("200 OK", b"x", Content_Encoding="br")],
)  # fmt: skip
def test_a_page_that_is_there_lives_whatever_it_thinks_of_robots(web, answer):
    web.on("/there", b"<html></html>")
    assert dead(links=(web.on("/a", answer),)) == set()


def test_a_huge_page_is_not_read_to_its_end(web):
    dead(links=(web.on("/a", endless()),))
    assert web.pushed["/a"] < 10_000_000


@pytest.mark.parametrize("body", [PNG, WEBP, b"GIF89a...", b"\xff\xd8\xff\xe0..."])
def test_a_picture_is_told_by_its_first_bytes(web, body):
    assert dead(pictures=(web.on("/a.png", body),)) == set()


@pytest.mark.parametrize(
    "answer",
    [b"<html>not found</html>", b"RIFF\x24\0\0\0WAVE", b"", b"<svg/>", status("403 Forbidden"),
     status("404 Not Found"), endless()],
)  # fmt: skip
def test_what_is_no_picture_for_a_mail_is_dead(web, answer):
    assert dead(pictures=(web.on("/a.png", answer),)) == {web.url("/a.png")}


def test_an_address_inside_our_own_network_is_not_asked(web, settings):
    settings.FETCH_ALLOW_LOOPBACK = False
    assert dead(links=(web.on("/a", b""),)) == {web.url("/a")}
    assert web.requests == []


def test_a_server_that_does_not_answer_is_dead_the_second_time(web):
    gone, well = web.on("/gone", drip([])), web.on("/well", b"")
    assert dead(links=(gone, well)) == set()
    assert dead(links=(gone, well), times=2) == {gone}
    web.on("/gone", b"")
    assert dead(links=(gone, well)) == set()


def test_where_no_server_answers_nothing_is_said_of_any(web):
    """Cut off from the web, every link of an issue would have been dead."""
    other = HostileServer()
    other.on("*", drip([]))
    urls = (web.on("/a", drip([])), other.url("/b").replace("127.0.0.1", "localhost"))
    assert dead(links=urls, times=3) == set()
    assert AddressCheck.objects.count() == 0
    other.close()


def test_what_lives_is_asked_once_a_day_and_what_does_not_each_time(web):
    urls = (web.on("/well", b""), web.on("/gone", status("404 Not Found")))
    dead(links=urls, times=3)
    assert (len(web.asked("/well")), len(web.asked("/gone"))) == (1, 3)
    liveness.check(urls, (), NOW + timedelta(days=1))
    assert len(web.asked("/well")) == 2


def test_pages_of_papers_and_files_of_a_digest_are_not_asked():
    lasting = ("https://arxiv.org/abs/2601.00001", "https://huggingface.co/papers/2601.00001")
    assert liveness.check(lasting, ("images/a.png", ""), NOW) == 0


def note(url: str, *, alive: bool = False) -> None:
    key = dead_addresses.hash_of(url)
    AddressCheck.objects.create(url_hash=key, url=url, alive=alive, why="x", checked_at=NOW)


def test_what_is_dead_is_left_out_of_the_issue_and_told():
    issue = an_issue()
    shown = editing.content_of(issue).items[0]
    assert (shown.links, shown.image) == ((Link("코드", CODE),), PICTURE)
    note(CODE)
    note(PICTURE)
    shown = editing.content_of(issue).items[0]
    assert (shown.links, shown.image) == ((), "")
    told = {(finding.code, finding.severity) for finding in editing.findings(issue)}
    assert told == {("item.link_dead", Severity.WARNING), ("item.picture_dead", Severity.WARNING)}


def test_the_addresses_of_drafts_are_asked_also_those_left_out_and_no_others():
    issue = an_issue()
    note(CODE)
    assert addresses.of_drafts() == addresses.Addresses(frozenset({CODE}), frozenset({PICTURE}))
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.APPROVED)
    assert not addresses.of_drafts().links


def test_the_task_asks_what_the_drafts_would_show(web):
    url = web.on("/gone", status("404 Not Found"))
    five_papers()
    listed(an_entry("2601.09999", "One", votes=99, links=(Link("코드", url),)), source="other")
    assemble(the_week())
    with time_machine.travel(NOW):
        collect.check_addresses()
    assert dead_addresses.dead_among([url]) == {url}
