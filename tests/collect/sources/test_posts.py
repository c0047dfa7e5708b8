"""Forums, blogs and files: digests in the known formats, plain posts that name papers, and neither."""

import json
from datetime import UTC, date, datetime
from html import escape

import pytest
from markdown_it import MarkdownIt

from newsletter.collect.digests.digest import Format, Listing
from newsletter.collect.digests.read import read
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.sources import discourse, feed, files
from tests.collect import posts
from tests.collect.answers import Answers, sample
from tests.shared_data import DIGESTS, needs_shared_data

NOW = datetime(2026, 1, 10, tzinfo=UTC)
URL = "https://blog.example/feed.xml"
FORUM = "https://forum.example"


def rss(*items: tuple[str, str, str]) -> bytes:
    """A feed of posts: title, HTML, and the name in its address."""
    written = "".join(
        f"<item><title>{escape(title)}</title><link>{FORUM}/t/{name}/1</link><guid>{name}</guid>"
        f"<pubDate>Fri, 09 Jan 2026 09:00:00 +0900</pubDate><description>{escape(html)}</description></item>"
        for title, html, name in items
    )
    return f'<rss version="2.0"><channel><title>블로그</title>{written}</channel></rss>'.encode()


def rendered(markdown: str) -> str:
    body = markdown.split("---\n", 2)[-1] if markdown.startswith("---\n") else markdown
    return MarkdownIt("commonmark").render(body)


def collected(body: bytes, adapter=feed.collect, url: str = URL):
    return adapter(url, Answers({url: body}), NOW)


SHAPES = {
    Format.TOP5: posts.top5(),
    Format.HF_RANKING: posts.hf_ranking(),
    Format.WTP: posts.wtp(),
    Format.IMRLC: posts.imrlc(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_blog_that_publishes_a_digest_as_html_is_read_like_its_source(shape):
    markdown = SHAPES[shape]
    reading = collected(rss(("Daily Papers 2026-01-09", rendered(markdown), "post")))
    (file,) = reading.files
    expected = read(markdown.encode(), "2026-01-09.md")
    assert file.format == expected.format == shape
    assert [e.arxiv_id for e in file.entries] == [e.arxiv_id for e in expected.entries]
    assert [e.votes for e in file.entries] == [e.votes for e in expected.entries]
    assert [[s.heading for s in e.sections] for e in file.entries] == [
        [s.heading for s in e.sections] for e in expected.entries
    ]
    assert file.digests[0].listed_on == date(2026, 1, 9)


def test_a_plain_post_that_links_a_paper_names_it_by_its_own_title():
    html = '<p>오늘은 <a href="https://arxiv.org/abs/1706.03762v5">논문</a>을 읽었습니다.</p>'
    (file,) = collected(rss(("트랜스포머를 다시 읽다", html, "again"))).files
    (entry,) = file.entries
    assert file.format == Listing.POST
    assert (entry.arxiv_id, entry.title, entry.sections) == (
        "1706.03762",
        "트랜스포머를 다시 읽다",
        (),
    )
    assert entry.links[0].url == f"{FORUM}/t/again/1"


def test_a_plain_post_with_several_papers_names_each_by_the_words_of_its_link():
    html = (
        '<a href="https://arxiv.org/abs/1706.03762">Attention Is All You Need</a>'
        '<a href="https://huggingface.co/papers/2106.09685">https://huggingface.co/papers/2106.09685</a>'
    )
    (file,) = collected(rss(("두 편", html, "two"))).files
    assert [(e.arxiv_id, e.title) for e in file.entries] == [
        ("1706.03762", "Attention Is All You Need"), ("2106.09685", "2106.09685"),
    ]  # fmt: skip


def test_a_post_without_papers_is_looked_at_and_no_more():
    reading = collected(rss(("점심 이야기", "<p>국수</p>", "lunch")))
    assert (reading.files, reading.looked_at) == ((), 1)


def test_a_category_of_a_forum_is_asked_for_its_feed():
    answers = Answers({f"{FORUM}/c/news/14.rss": rss()})
    discourse.collect(f"{FORUM}/c/news/14", answers, NOW)
    assert [ask.url for ask in answers.asked] == [f"{FORUM}/c/news/14.rss"]


def test_the_lines_that_a_forum_adds_below_a_post_are_not_part_of_it():
    tail = "<p><small>4 posts - 3 participants</small></p><p><a href='https://arxiv.org/abs/2601.00001'>Read full topic</a></p>"
    url = f"{FORUM}/c/news/14.rss"
    assert (
        collected(rss(("잡담", f"<p>안녕하세요</p>{tail}", "hi")), discourse.collect, url).files
        == ()
    )


def test_a_topic_as_json_is_read_by_its_first_post():
    posts_of_topic = [
        {"cooked": rendered(posts.top5()), "created_at": "2026-01-09T00:00:00.000Z"},
        {"cooked": "좋아요"},
    ]
    url = f"{FORUM}/t/1.json"
    body = json.dumps({"title": "오늘의 논문", "post_stream": {"posts": posts_of_topic}}).encode()
    (file,) = collected(body, discourse.collect, url).files
    assert len(list(file.entries)) == len(posts.PAPERS)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"errors": ["not found"]}', b'{"post_stream": {"posts": []}}', b"[]"]
)
def test_json_that_is_no_topic_is_refused(body):
    with pytest.raises(FeedError) as refused:
        collected(body, discourse.collect, f"{FORUM}/t/1.json")
    assert refused.value.code == "feed.shape"


def test_a_pattern_is_asked_for_each_of_the_last_days_and_a_missing_day_is_no_fault():
    pattern = "https://blog.example/{year}/{month}/{day}/{date}.md"
    url = "https://blog.example/2026/01/09/2026-01-09.md"
    answers = Answers({url: posts.top5().encode()})
    reading = files.collect(pattern, answers, NOW)
    assert [file.format for file in reading.files] == [Format.TOP5]
    assert len(answers.asked) == 4
    assert answers.asked[-1].url.endswith("2026-01-10.md")


@pytest.mark.parametrize(
    "listing",
    [b"https://blog.example/2026-01-09.md\nhttps://blog.example/logo.png\n",
     json.dumps([{"download_url": "https://blog.example/2026-01-09.md"}, {"download_url": None}]).encode(),
     b'["2026-01-09.md"]'],
)  # fmt: skip
def test_a_list_of_files_is_followed(listing):
    answers = Answers(
        {
            "https://blog.example/list": listing,
            "https://blog.example/2026-01-09.md": posts.wtp().encode(),
        }
    )
    (file,) = files.collect("https://blog.example/list", answers, NOW).files
    assert file.format == Format.WTP


def test_a_single_file_is_read_as_it_is():
    url = "https://blog.example/2026-01-09.md"
    (file,) = files.collect(url, Answers({url: posts.imrlc().encode()}), NOW).files
    assert file.format == Format.IMRLC


def test_a_post_that_begins_like_a_list_is_read_as_a_post():
    post = "[2026/01/05 ~ 01/11] 이번 주의 주요 ML 논문\n\n" + posts.pytorchkr()
    (file,) = files.collect(URL, Answers({URL: post.encode()}), NOW).files
    assert file.format == Format.PYTORCHKR_WEEKLY


def test_a_file_that_is_no_digest_is_reported():
    reading = files.collect(URL, Answers({URL: b"# Lunch\n\nnoodles\n"}), NOW)
    assert reading.files == ()
    assert [finding.code for finding in reading.findings] == ["digest.unknown_format"]


@needs_shared_data
def test_the_recorded_week_of_the_forum_is_read_from_its_feed_with_its_links():
    page = next((DIGESTS / "pytorchkr-weekly").glob("*.html")).read_text()
    start = page.index(">", page.index('itemprop="text"')) + 1
    cooked = page[start : page.index('<div itemprop="interactionStatistic"', start)]
    title = "[2026/06/08 ~ 14] 이번 주에 살펴볼 만한 AI/ML 논문 모음"
    url = f"{FORUM}/c/news/14.rss"
    (file,) = collected(rss((title, cooked, "week")), discourse.collect, url).files
    expected = read(page.encode(), "week.html")
    assert file.format == Format.PYTORCHKR_WEEKLY
    assert len(list(file.entries)) == 10
    assert [e.arxiv_id for e in file.entries] == [e.arxiv_id for e in expected.entries]
    assert [e.links for e in file.entries] == [e.links for e in expected.entries]
    assert [e.sections for e in file.entries] == [e.sections for e in expected.entries]
    assert file.digests[0].listed_on == date(2026, 6, 14)


@needs_shared_data
def test_the_recorded_week_is_read_from_its_page():
    page = next((DIGESTS / "pytorchkr-weekly").glob("*.html")).read_bytes()
    url = f"{FORUM}/t/week/10709"
    (file,) = collected(page, discourse.collect, url).files
    assert len(list(file.entries)) == 10


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "adapter", "count"),
    [("discourse/category-13.rss", discourse.collect, 25), ("discourse/topic-1575.rss", discourse.collect, 4),
     ("jekyll-feed/feed-localhost.xml", feed.collect, 10), ("jekyll-feed/feed-hash-title.xml", feed.collect, 1),
     ("blog-rss/huggingface-blog.xml", feed.collect, 3)],
)  # fmt: skip
def test_recorded_feeds_without_digests_are_looked_at_without_harm(name, adapter, count):
    reading = collected(sample(name), adapter, f"{FORUM}/c/x.rss")
    assert reading.looked_at == count
    assert all(file.format == Listing.POST for file in reading.files)


@needs_shared_data
def test_a_recorded_post_of_a_forum_is_read_as_a_topic():
    post = json.loads(sample("discourse/post-8363.json"))
    body = json.dumps({"title": "PQC", "post_stream": {"posts": [post]}}).encode()
    assert collected(body, discourse.collect, f"{FORUM}/t/1.json").files == ()


@pytest.mark.parametrize("line", ["**Upvotes**: -5", "👍 -5"])
def test_votes_below_nothing_are_no_votes_and_told(line):
    post = posts.top5().replace(f"**Upvotes**: {posts.ATTENTION.votes}", line)
    assert line in post
    file = read(post.encode(), "2026-01-09.md")
    assert next(e for e in file.entries if e.arxiv_id == posts.ATTENTION.id).votes is None
    assert "digest.bad_votes" in {finding.code for finding in file.findings}
