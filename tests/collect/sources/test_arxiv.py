"""arXiv: both layouts of its answers, errors as entries, missing ids, withdrawals, announcements."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources import arxiv, arxiv_announce
from tests.collect.answers import Answers, sample
from tests.shared_data import needs_shared_data

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RSS = "https://rss.arxiv.org/rss/cs.AI+cs.CL"


def atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{"".join(entries)}</feed>'.encode()


def an_entry(
    identity: str = "http://arxiv.org/abs/2601.05242v2",
    abstract: str = "We do x.",
    comment: str = "",
) -> str:
    return (
        f"<entry><id>{identity}</id><title>A  Paper\n  on x</title><summary>  {abstract}\n</summary>"
        f"<published>2026-01-08T18:59:24Z</published><updated>2026-01-09T01:00:00Z</updated>"
        f'<author><name>Minji Kim</name></author><category term="cs.CL"/>'
        f'<arxiv:primary_category term="cs.CL"/><arxiv:comment>{comment}</arxiv:comment></entry>'
    )


def answered(*entries: str) -> arxiv.ArxivAnswer:
    return arxiv.read_answer(FetchedFeed(arxiv.ADDRESS, atom(*entries)), NOW)


def announced(kind: str, number: int = 1) -> str:
    identity = f"oai:arXiv.org:2601.0000{number}v1"
    return (
        f"<item><title>Paper {number}</title><guid isPermaLink='false'>{identity}</guid>"
        f"<link>https://arxiv.org/abs/2601.0000{number}</link>"
        f"<description>arXiv:2601.0000{number}v1 Announce Type: {kind} \nAbstract: We do x.</description>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>Minji Kim, Jiho Lee</dc:creator>"
        f"<pubDate>Fri, 09 Jan 2026 00:00:00 -0500</pubDate></item>"
    )


def rss(*items: str) -> bytes:
    spaces = (
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    days = "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
    return f'<rss version="2.0" {spaces}><channel>{days}{"".join(items)}</channel></rss>'.encode()


def test_a_paper_is_read_with_its_version_apart_from_its_id():
    (paper,) = answered(an_entry(comment="12 pages")).papers
    assert (paper.arxiv_id, paper.version, paper.title) == ("2601.05242", 2, "A Paper on x")
    assert (paper.abstract, paper.comment) == ("We do x.", "12 pages")
    assert (paper.authors, paper.categories, paper.primary_category) == (
        ("Minji Kim",),
        ("cs.CL",),
        "cs.CL",
    )
    assert paper.published == datetime(2026, 1, 8, 18, 59, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("identity", "arxiv_id"),
    [("http://arxiv.org/abs/astro-ph/0601001v1", "astro-ph/0601001"), ("https://arxiv.org/abs/0704.0001", "0704.0001"),
     ("http://arxiv.org/abs/math.GT/0309136v3", "math.GT/0309136")],
)  # fmt: skip
def test_old_and_new_ids_are_read(identity, arxiv_id):
    assert answered(an_entry(identity)).papers[0].arxiv_id == arxiv_id


@pytest.mark.parametrize(
    ("abstract", "comment", "withdrawn"),
    [("We do x.", "This paper has been withdrawn by the authors", True), ("We do x.", "Withdrawn due to an error", True),
     ("This paper has been withdrawn due to a crucial error.", "", True), ("We study drugs withdrawn from sale.", "", False),
     ("We do x.", "12 pages", False), ("We do x.", "withdrawn from ICLR 2026", False),
     ("We do x.", "12 pages, withdrawn", False), ("We do x.", "Submitted to ICLR, withdrawn in favour of ACL", False),
     ("We do x.", "This submission was withdrawn from NeurIPS 2025 and extended", False),
     ("We do x.", "This paper was withdrawn from arXiv", True),
     ("We do x.", "arXiv admin note: This submission has been withdrawn by arXiv administrators", True),
     ("We do x.", "The authors have withdrawn this paper due to an error in Table 2", True),
     ("We do x.", "12 pages; we withdraw this article", True)],
)  # fmt: skip
def test_a_withdrawn_paper_says_so_in_its_comment_or_first_words(abstract, comment, withdrawn):
    assert answered(an_entry(abstract=abstract, comment=comment)).papers[0].withdrawn is withdrawn


def test_an_error_comes_as_an_entry_and_is_no_paper():
    answer = answered(
        an_entry(), an_entry("https://arxiv.org/api/errors#incorrect_id_format_for_abc")
    )
    assert len(answer.papers) == 1
    assert [finding.code for finding in answer.findings] == ["arxiv.error"]
    assert "incorrect_id_format_for_abc" in answer.findings[0].place


def test_ids_are_asked_for_in_batches():
    answers = Answers({"*": atom(an_entry())})
    arxiv.facts_of([f"2601.{number:05}" for number in range(250)], answers, NOW)
    asked = [parse_qs(urlsplit(ask.url).query)["id_list"][0].split(",") for ask in answers.asked]
    assert [len(batch) for batch in asked] == [100, 100, 50]


def test_the_newest_papers_of_a_query_become_a_digest():
    answers = Answers(
        {"*": atom(an_entry(), an_entry("http://arxiv.org/abs/2601.00002v1", comment="withdrawn"))}
    )
    reading = arxiv.collect("cat:cs.CL", answers, NOW)
    assert "search_query=cat%3Acs.CL" in answers.asked[0].url
    assert [entry.arxiv_id for entry in reading.files[0].entries] == ["2601.05242"]
    assert reading.withdrawn == ("2601.00002",)
    assert reading.files[0].digests[0].listed_on == date(2026, 1, 9)  # in Korea


def test_an_announcement_lists_what_is_new_or_crossed_and_not_what_was_replaced():
    body = rss(
        announced("new", 1),
        announced("cross", 2),
        announced("replace", 3),
        announced("replace-cross", 4),
    )
    answers = Answers({RSS: body})
    reading = arxiv_announce.collect("cs.AI+cs.CL", answers, NOW)
    (digest,) = reading.files[0].digests
    assert [entry.arxiv_id for entry in digest.entries] == ["2601.00001", "2601.00002"]
    assert digest.entries[0].sections[0].text == "We do x."
    assert digest.entries[0].authors == ("Minji Kim", "Jiho Lee")
    assert digest.listed_on == date(2026, 1, 9)
    assert reading.looked_at == 4
    assert reading.files[0].page == "https://arxiv.org/list/cs.AI/new"


def test_a_skip_day_is_empty_and_that_is_all_right():
    reading = arxiv_announce.collect(RSS, Answers({RSS: rss()}), NOW)
    assert (reading.files, reading.findings) == ((), ())


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "count", "first"),
    [("atom-before-2025-11.xml", 2, "2510.14968"), ("q_testing_s0_m10_bc5a6c384fe9.json", 10, "2202.12139"),
     ("id_2104.12255v1_s0_m100_6ae69987ffe1.json", 1, "2104.12255"),
     ("id_astro-ph_0601001_s0_m100_3150dca9dc76.json", 1, "astro-ph/0601001"),
     ("id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.json", 1, "1707.08567"),
     ("id_0000.0000_s0_m100_8b51d9633a68.json", 0, None), ("id_abc_s0_m100_b79c8dcf6bc3.json", 0, None)],
)  # fmt: skip
def test_recorded_answers_in_both_layouts_are_read(name, count, first):
    answer = arxiv.read_answer(FetchedFeed(arxiv.ADDRESS, sample(f"arxiv-api/{name}")), NOW)
    assert len(answer.papers) == count
    for paper in answer.papers:
        assert paper.title
        assert paper.abstract == " ".join(paper.abstract.split())
        assert paper.authors
        assert paper.categories
        assert paper.published
    assert [paper.arxiv_id for paper in answer.papers][:1] == ([first] if first else [])


@needs_shared_data
def test_a_recorded_name_that_was_damaged_on_the_way_is_mended():
    name = "id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.json"
    (paper,) = arxiv.read_answer(
        FetchedFeed(arxiv.ADDRESS, sample(f"arxiv-api/{name}")), NOW
    ).papers
    assert "Dirk Wübben" in paper.authors


@needs_shared_data
def test_the_recorded_page_for_robots_is_no_answer():
    with pytest.raises(FeedError) as refused:
        arxiv.read_answer(FetchedFeed(arxiv.ADDRESS, sample("arxiv-api/captcha.html")), NOW)
    assert refused.value.code == "feed.not_a_feed"


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "count", "day"),
    [("rss-cs.AI-2026-04-27.xml", 3, date(2026, 4, 27)), ("atom-cs.AI-2025-08-20.xml", None, date(2025, 8, 20))],
)  # fmt: skip
def test_recorded_announcements_in_rss_and_atom_are_read(name, count, day):
    reading = arxiv_announce.collect(RSS, Answers({RSS: sample(f"arxiv-announce/{name}")}), NOW)
    (digest,) = reading.files[0].digests
    assert digest.listed_on == day
    assert count is None or len(digest.entries) == count
    assert all(entry.arxiv_id and entry.authors for entry in digest.entries)
    assert not any(entry.sections[0].text.startswith("arXiv:") for entry in digest.entries)
