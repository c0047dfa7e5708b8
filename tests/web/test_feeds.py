import json

import feedparser
import pytest

from tests.factories import an_entry, listed
from tests.web.given import a_sent_weekly, this_week_sent

pytestmark = pytest.mark.django_db


def atom(client, query=""):
    answer = client.get("/feed.atom" + query)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return feedparser.parse(answer.content)


def json_feed(client, query=""):
    answer = client.get("/feed.json" + query)
    assert answer.headers["Content-Type"] == "application/feed+json"
    return json.loads(answer.content)


def test_the_atom_feed_is_well_formed_and_tells_the_newest_issue(client):
    issue = a_sent_weekly()
    feed = atom(client)
    assert not feed.bozo
    assert feed.version == "atom10"
    entry = feed.entries[0]
    assert entry.title == issue.title
    assert entry.link == entry.id == f"http://127.0.0.1:8000/issues/{issue.slug}/"
    assert entry.published_parsed
    assert "Paper Number 5" in entry.summary
    assert "http://127.0.0.1:8000/papers/2601.05245/" in entry.summary


def test_the_json_feed_has_what_version_1_1_asks_for(client):
    issue = a_sent_weekly()
    feed = json_feed(client)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == "http://127.0.0.1:8000/feed.json"
    item = feed["items"][0]
    assert item["id"] == item["url"] == f"http://127.0.0.1:8000/issues/{issue.slug}/"
    assert "Paper Number 5" in item["content_html"]
    assert item["date_published"].endswith("+00:00")


def test_each_cadence_has_a_feed_of_its_own(client):
    a_sent_weekly()
    assert len(atom(client, "?cadence=weekly").entries) == 1
    assert atom(client, "?cadence=daily").entries == []
    assert json_feed(client, "?cadence=daily")["items"] == []
    assert atom(client, "?cadence=weekly").feed.id != atom(client).feed.id


def test_an_odd_cadence_is_all_of_them(client):
    a_sent_weekly()
    assert len(atom(client, "?cadence=hourly").entries) == 1


def test_a_feed_of_nothing_is_still_a_feed(client):
    assert not atom(client).bozo
    assert json_feed(client)["items"] == []


def test_a_reader_that_has_it_already_is_told_so(client):
    a_sent_weekly()
    tag = client.get("/feed.atom").headers["ETag"]
    assert client.get("/feed.atom", headers={"if-none-match": tag}).status_code == 304


def test_hostile_text_stays_text(client):
    listed(an_entry(title="</title>]]><script>alert(1)</script>", votes=1))
    this_week_sent()
    assert "<script>" not in atom(client).entries[0].summary
    assert "<script>" not in json_feed(client)["items"][0]["content_html"]


def test_every_public_page_names_the_feeds(client):
    issue = a_sent_weekly()
    for path in ("/", "/issues/", f"/issues/{issue.slug}/", "/papers/2601.05245/"):
        page = client.get(path).text
        assert 'type="application/atom+xml"' in page
        assert 'type="application/feed+json"' in page
