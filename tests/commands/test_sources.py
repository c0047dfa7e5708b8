"""``newsletter sources``: an operator adds a source, tries it, runs it, and sees how it is."""

import json

import pytest

from newsletter.collect.models import Source
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.papers.models import Paper, Summary
from tests.collect import posts
from tests.collect.hostile_server import HostileServer
from tests.commands.run import newsletter
from tests.factories import the_week


@pytest.fixture
def web(settings):
    settings.FETCH_ALLOW_LOOPBACK = True
    server = HostileServer()
    server.on("/post.md", posts.top5().encode())
    yield server
    server.close()


# The command collects in threads of its own, which do not see an open transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def add(url: str, *options: str, kind: str = "files", slug: str = "blog"):
    return newsletter("sources", "add", kind, url, "--slug", slug, *options)


def listing() -> dict[str, dict]:
    lines = newsletter("sources", "list", "--json").out.splitlines()
    return {row["slug"]: row for row in map(json.loads, lines)}


def test_a_source_is_added_with_its_terms(web):
    ran = add(
        web.url("/post.md"),
        "--credit",
        "글: 블로그",
        "--licence",
        "CC BY-NC 4.0",
        "--no-mail",
        "--every",
        "weekly",
    )
    assert ran.code == 0, ran.err
    source = Source.objects.get()
    assert (source.credit, source.licence, source.may_be_mailed) == (
        "글: 블로그",
        "CC BY-NC 4.0",
        False,
    )
    assert listing()["blog"]["every"] == "weekly"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "feed.scheme"),
        ("https://a:b@example.com/", "feed.credentials"),
        ("posts", "feed.scheme"),
    ],
)
def test_bad_input_1_an_address_that_could_never_be_read_is_refused(web, url, code):
    ran = add(url)
    assert (ran.code, Source.objects.count()) == (2, 0)
    assert code in ran.err


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        ("files", "https://blog.example/{nope}.md", "source.pattern"),
        ("feed", "https://blog.example/{date}.xml", "source.pattern"),
        ("arxiv-announce", "zz", "source.category"),
        ("arxiv-announce", "cs.CL+cs.lg2", "source.category"),
        ("arxiv", "language models", "source.category"),
        ("arxiv", "cat:zz.CL", "source.category"),
    ],
)
def test_bad_input_1_what_no_server_could_answer_is_refused(kind, address, code):
    ran = add(address, kind=kind)
    assert (ran.code, Source.objects.count()) == (2, 0)
    assert code in ran.err


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("files", "https://blog.example/{year}/{month}/{day}/{date}.md"),
        ("arxiv-announce", "cs.AI+stat.ML+cond-mat.mes-hall+q-bio.NC+eess"),
        ("arxiv", "cat:cs.CL AND abs:agent"),
        ("arxiv", "cat:cs.*"),
    ],
)
def test_what_servers_do_answer_is_taken(kind, address):
    assert add(address, kind=kind).code == 0


@pytest.mark.parametrize("slug", ["BAD_slug!", "Blog", "-blog", "블로그", "a" * 51, ""])
def test_bad_input_1_a_slug_that_makes_no_address_is_refused(web, slug):
    ran = add(web.url("/post.md"), slug=slug)
    assert (ran.code, Source.objects.count()) == (2, 0)
    assert "source.slug" in ran.err


@pytest.mark.parametrize(
    ("licence", "mailed"),
    [("CC BY-NC-ND 4.0", False), ("CC BY-ND 4.0", False), ("cc-by-nc", False), ("MIT", True), ("", False),
     ("https://creativecommons.org/licenses/by-nc/4.0/", False), ("NonCommercial use", False),
     ("CC BY-SA 4.0", True), ("Apache-2.0", True), ("SYNC and AND", False)],
)  # fmt: skip
def test_a_licence_decides_whether_a_text_is_mailed(web, licence, mailed):
    told = add(web.url("/post.md"), "--licence", licence).out
    assert Source.objects.get().may_be_mailed is mailed
    assert ("--mail" in told) is not mailed


def test_whoever_was_given_leave_says_so_and_is_reminded(web):
    told = add(web.url("/post.md"), "--licence", "CC BY-NC 4.0", "--mail").out
    assert Source.objects.get().may_be_mailed
    assert "although the licence forbids it" in told


def test_files_that_forbid_commercial_use_are_linked_and_not_mailed(tmp_path):
    for slug, more in (("theirs", ""), ("given", "may_be_mailed = true")):
        folder = tmp_path / slug
        folder.mkdir()
        folder.joinpath("2026-01-09.md").write_text(posts.top5())
        card = f'slug = "{slug}"\nname = "남"\nlicence = "CC BY-NC-ND 4.0"\n{more}\n'
        folder.joinpath("source.toml").write_text(card)
    assert newsletter("import", str(tmp_path)).code == 0
    assert not Source.objects.get(slug="theirs").may_be_mailed
    assert Source.objects.get(slug="given").may_be_mailed


def test_who_writes_the_texts_of_a_source_stands_in_the_credits_of_an_issue(web):
    add(web.url("/post.md"), "--written-by", "machine", "--licence", "CC0")
    assert newsletter("sources", "run").code == 0
    assert listing()["blog"]["written_by"] == "machine"
    issue = assemble(the_week()).issue
    told = [one for item in editing.content_of(issue).items for one in item.credits]
    assert {credit.written_by for credit in told} == {"machine"}


def test_a_folder_tells_who_writes_its_posts_and_a_wrong_word_is_refused(tmp_path):
    tmp_path.joinpath("2026-01-09.md").write_text(posts.top5())
    card = tmp_path / "source.toml"
    card.write_text('slug = "s"\nname = "남"\nwritten_by = "robot"\n')
    ran = newsletter("import", str(tmp_path))
    assert ran.code == 2
    assert "source.unreadable" in ran.err
    card.write_text('slug = "s"\nname = "남"\nwritten_by = "mixed"\n')
    assert newsletter("import", str(tmp_path)).code == 0
    assert {one.written_by for one in Summary.objects.all()} == {"mixed"}


def test_another_kind_under_a_name_that_is_in_use_is_refused_with_a_way_on(web):
    Source.objects.create(slug="blog", name="블로그")
    ran = add(web.url("/feed.xml"), kind="feed")
    assert ran.code == 2
    assert "source.other_kind" in ran.err
    assert "--adopt" in ran.err
    assert Source.objects.get().kind == "files"
    assert add(web.url("/feed.xml"), "--adopt", kind="feed").code == 0
    assert Source.objects.get().kind == "feed"


def test_a_slug_is_given_once(web):
    add(web.url("/post.md"))
    assert "source.exists" in add(web.url("/other.md")).err


def test_a_source_that_was_fed_by_files_can_be_given_an_address(web):
    Source.objects.create(slug="blog", name="블로그", may_be_mailed=False)
    assert add(web.url("/post.md")).code == 0
    source = Source.objects.get()
    assert (source.name, source.address, source.may_be_mailed) == (
        "블로그",
        web.url("/post.md"),
        False,
    )


def test_trying_a_source_shows_its_papers_and_stores_none(web):
    add(web.url("/post.md"))
    ran = newsletter("sources", "test", "blog")
    assert ran.code == 0
    assert posts.ATTENTION.title in ran.out
    assert Paper.objects.count() == 0


def test_trying_a_source_that_holds_nothing_says_no(web):
    web.on("/lunch.md", b"# Lunch")
    add(web.url("/lunch.md"))
    ran = newsletter("sources", "test", "blog")
    assert ran.code == 1
    assert "digest.unknown_format" in ran.err


def test_all_sources_run_side_by_side_and_a_bad_one_is_named(web):
    add(web.url("/post.md"))
    add(web.url("/nowhere.md"), slug="gone")
    ran = newsletter("sources", "run", "--json")
    told = {row["slug"]: row for row in map(json.loads, ran.out.splitlines())}
    assert ran.code == 1
    assert (told["blog"]["outcome"], told["blog"]["papers_new"]) == ("read", 3)
    assert told["gone"]["outcome"] == "failed"
    assert Paper.objects.count() == 3
    assert [finding["code"] for finding in listing()["gone"]["findings"]] == ["source.failing"]
    assert "source.failing" not in newsletter("sources", "list").err


def test_a_source_that_is_disabled_is_not_read_until_it_is_enabled(web):
    add(web.url("/post.md"))
    newsletter("sources", "disable", "blog")
    newsletter("sources", "run")
    assert (listing()["blog"]["enabled"], Paper.objects.count()) == (False, 0)
    newsletter("sources", "enable", "blog")
    newsletter("sources", "run")
    assert Paper.objects.count() == 3


def test_a_source_that_nobody_knows_is_not_found():
    for command in ("test", "run", "disable", "enable"):
        ran = newsletter("sources", command, "nobody")
        assert ran.code == 2
        assert "source.unknown" in ran.err


def test_what_an_editor_should_know_stands_below_the_list(web):
    add(web.url("/nowhere.md"), slug="gone")
    newsletter("sources", "run", "gone")
    assert "소스를 1번 이어서 읽지 못했습니다" in newsletter("sources", "list").out
