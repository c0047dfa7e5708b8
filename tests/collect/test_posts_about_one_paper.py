"""A post whose headings are sections of one paper is that paper, by the title of the post."""

from datetime import UTC, datetime
from html import escape

import pytest

from newsletter.collect.digests.digest import DigestEntry, DigestFile
from newsletter.collect.digests.read import read
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources import feed
from tests.collect.sources.test_posts import rss

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TITLE = "A Made-up Paper About Routing"
LINK = '<a href="https://arxiv.org/abs/2601.22222">arXiv</a>'
PDF = '<a href="https://arxiv.org/pdf/2601.22222.pdf">PDF</a>'
OTHER = '<a href="https://arxiv.org/abs/2601.33333">arXiv</a>'
TOLD = [("AI summary", "It routes."), ("Abstract", "We route things.")]
BODY = "<h3>AI summary</h3><p>It routes.</p><h3>Abstract</h3><p>We route things.</p>"
# As one publication writes each of its items.
ITEM = f"<div><p>Authors: Kim A, Lee B</p><h3>arXiv Links</h3><p>{LINK} | {PDF}</p>{BODY}</div>"


def post(html: str, title: str = TITLE, link: str = "") -> DigestFile:
    """What is read of a feed with this one item."""
    body = rss((title, html, "one"))
    if link:
        body = body.replace(b"https://forum.example/t/one/1", escape(link).encode())
    (file,) = feed.read(FetchedFeed("https://blog.example/feed.xml", body), NOW).files
    return file


def paper(html: str, title: str = TITLE, link: str = "") -> DigestEntry:
    (entry,) = post(html, title, link).entries
    return entry


def sections(entry: DigestEntry) -> list[tuple[str, str]]:
    return [(section.heading, section.text) for section in entry.sections]


def test_headings_of_sections_are_no_papers():
    file = post(ITEM)
    (entry,) = file.entries
    assert (entry.title, entry.arxiv_id, sections(entry)) == (TITLE, "2601.22222", TOLD)
    assert entry.authors == ("Kim A", "Lee B")
    assert [link.label for link in entry.links] == ["arXiv", "PDF"]
    assert file.digests[0].intro == file.findings == ()


@pytest.mark.parametrize(
    "html",
    [
        ITEM.replace("<p>Authors: Kim A, Lee B</p>", ""),
        ITEM.replace("Authors: Kim A, Lee B", "Upvotes: 7"),
        f"<p>Authors: Kim A</p>{BODY}<h3>Links</h3><p>{LINK} | {PDF}</p>",
        f"<p>Authors: Kim A</p>{BODY}<p>{LINK}</p>",
    ],
)
def test_they_are_none_whatever_stands_around_them(html):
    entry = paper(html)
    assert (entry.title, entry.arxiv_id) == (TITLE, "2601.22222")
    assert [heading for heading, _ in sections(entry)] == ["AI summary", "Abstract"]


@pytest.mark.parametrize("authors", ["<p>Authors: Kim A</p>", ""])
def test_the_address_of_the_post_may_tell_the_id(authors):
    entry = paper(authors + BODY, link="https://huggingface.co/papers/2601.22222")
    assert (entry.title, entry.arxiv_id, sections(entry)) == (TITLE, "2601.22222", TOLD)


def test_headings_that_all_lead_to_one_paper_are_sections_of_it():
    address = "https://arxiv.org/abs/2601.22222"
    entry = paper(
        f'<h2><a href="{address}">What It Does</a></h2><p>Authors: Kim A</p><p>It routes.</p>'
        f'<h2><a href="{address}v2">Why It Matters</a></h2><p>Votes: 3</p><p>Much.</p>'
    )
    assert (entry.title, entry.arxiv_id, entry.votes) == (TITLE, "2601.22222", 3)
    assert sections(entry) == [("What It Does", "It routes."), ("Why It Matters", "Much.")]


def test_numbered_headings_of_a_post_that_leads_to_one_paper_are_sections_of_it():
    entry = paper(
        f"<h2>1. Introduction</h2><p>It routes ({LINK}).</p><h2>2. What It Means for Us</h2><p>Much.</p>"
    )
    assert (entry.title, entry.arxiv_id) == (TITLE, "2601.22222")
    assert [text for _, text in sections(entry)] == ["It routes (arXiv).", "Much."]


def test_labels_in_bold_are_facts_and_sections_of_the_paper():
    entry = paper(
        "<p><b>Authors:</b> Kim A, Lee B</p><p><b>Upvotes:</b> 52</p><p><b>Summary:</b> We route things.</p>",
        link="https://arxiv.org/abs/2601.11111",
    )
    assert (entry.title, entry.arxiv_id, entry.votes) == (TITLE, "2601.11111", 52)
    assert entry.authors == ("Kim A", "Lee B")
    assert sections(entry) == [("Summary", "We route things.")]


def test_in_a_list_each_paper_has_its_own_sections():
    one = f"<h3>Routing in Time</h3><p>Authors: Kim A</p><p>{LINK}</p>{BODY}"
    two = f"<h3>Routing in Space</h3><p>Authors: Lee B</p><p>{OTHER}</p>{BODY}"
    found = list(post(f"<p>Authors: all</p>{one}{two}", "Routing This Month").entries)
    assert [(entry.title, entry.arxiv_id) for entry in found] == [
        ("Routing in Time", "2601.22222"),
        ("Routing in Space", "2601.33333"),
    ]
    assert [sections(entry) for entry in found] == [TOLD, TOLD]


def test_the_name_of_a_list_is_no_paper_s_title():
    html = f"<p>Authors: us</p><h3>Routing in Time</h3><p>Authors: Kim A</p><p>{LINK}</p>{BODY}"
    assert paper(html, "Daily Papers 2026-01-30").title == "Routing in Time"
    assert paper(ITEM, "Daily Papers 2026-01-30").title == "arXiv 2601.22222"


def test_two_papers_without_links_do_not_become_the_one_that_is_linked_beside_them():
    two = "<h3>Routing in Time</h3><p>Authors: Kim A</p><h3>Routing in Space</h3><p>Authors: Lee B</p>"
    file = post(f"<p>Authors: see {LINK}</p>{two}", "Routing This Month")
    found = list(file.entries)
    assert [entry.title for entry in found] == ["Routing in Time", "Routing in Space"]
    assert [entry.arxiv_id for entry in found] == [None, None]
    assert [entry.authors for entry in found] == [("Kim A",), ("Lee B",)]
    assert "digest.not_told_apart" in [finding.code for finding in file.findings]


def test_a_section_that_leads_to_another_paper_is_not_of_the_one_above():
    html = f"<p>Authors: us</p><h3>Links</h3><p>{LINK}</p><h3>Links</h3><p>{OTHER}</p>"
    found = [entry.arxiv_id for entry in post(html, "Routing This Month").entries]
    assert found == ["2601.22222", "2601.33333"]


def test_a_file_about_one_paper_is_read_like_such_a_post():
    markdown = (
        f"# {TITLE}\n\nAuthors: Kim A, Lee B\n\n### Links\n\n[arXiv](https://arxiv.org/abs/2601.22222)\n\n"
        "### AI summary\n\nIt routes.\n\n### Abstract\n\nWe route things.\n"
    )
    (entry,) = read(markdown.encode(), "2026-01-30-routing.md").entries
    assert (entry.title, entry.arxiv_id, sections(entry)) == (TITLE, "2601.22222", TOLD)
    assert entry.authors == ("Kim A", "Lee B")


@pytest.mark.parametrize("title", ["오늘의 논문", "XX YY"])
def test_a_paper_that_a_list_names_twice_is_not_the_title_of_the_list(title):
    twice = (
        "# 1. [XX YY](https://arxiv.org/abs/2601.22222)\n\n## Introduction\n\n길을 찾습니다.\n\n"
        * 2
    )
    markdown = f'---\ntitle: "{title}"\ndate: 2026-01-30\n---\n\n{twice}'
    entries = read(markdown.encode(), "post.md").entries
    assert [entry.title for entry in entries] == ["XX YY", "XX YY"]


def test_words_of_a_button_are_no_title_of_what_they_lead_to():
    html = (
        '<a href="https://arxiv.org/abs/2601.22222">Official Project Page</a>'
        '<a href="https://arxiv.org/abs/2601.33333">Routing in Space</a>'
    )
    found = post(html, "Two of Them").entries
    assert [entry.title for entry in found] == ["2601.22222", "Routing in Space"]
