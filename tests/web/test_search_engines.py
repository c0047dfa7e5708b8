"""What search engines and link previews are told, and what they are not."""

import xml.etree.ElementTree as ET

import pytest

from tests.factories import a_weekly
from tests.readers import a_reader, preferences_path, unsubscribe_path
from tests.web.given import a_sent_weekly

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def addresses(client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml"
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return [loc.text or "" for loc in ET.fromstring(answer.content).findall("s:url/s:loc", names)]  # noqa: S314 - our own answer


def test_the_sitemap_names_every_public_page_and_each_of_them_answers(client):
    issue = a_sent_weekly()
    told = addresses(client)
    assert f"{SITE}/issues/{issue.slug}/" in told
    assert f"{SITE}/papers/2601.05245/" in told
    assert len(told) == 2 + 1 + 5
    for address in told:
        assert client.get(address.removeprefix(SITE)).status_code == 200


def test_a_draft_is_in_no_sitemap(client):
    a_weekly()
    assert len(addresses(client)) == 2


def test_robots_are_kept_from_what_is_nobodys_business(client):
    told = client.get("/robots.txt").text
    for path in ("/desk/", "/p/", "/u/", "/c/", "/inbox/"):
        assert f"Disallow: {path}\n" in told
    assert f"Sitemap: {SITE}/sitemap.xml" in told


def test_a_readers_own_page_is_never_kept(client):
    reader = a_reader()
    for path in (preferences_path(reader), unsubscribe_path(reader), "/nowhere/", "/desk/login/"):
        page = client.get(path).text
        assert 'name="robots" content="noindex"' in page
        assert "canonical" not in page


def test_an_issue_has_one_address_however_it_was_reached(client):
    issue = a_sent_weekly()
    for query in ("", "?utm_source=x", "?read=both", "?lang=ko"):
        page = client.get(f"/issues/{issue.slug}/{query}").text
        assert f'<link rel="canonical" href="{SITE}/issues/{issue.slug}/">' in page
    english = client.get(f"/issues/{issue.slug}/?lang=en").text
    assert f'<link rel="canonical" href="{SITE}/issues/{issue.slug}/?lang=en">' in english


def test_a_preview_elsewhere_has_a_title_a_description_and_a_picture(client):
    issue = a_sent_weekly()
    page = client.get(f"/issues/{issue.slug}/").text
    assert 'property="og:title" content="이번 주의 주요 ML 논문 (' in page
    assert 'property="og:description" content="Paper Number 5, Paper Number 4' in page
    picture = page.split('property="og:image" content="')[1].split('"')[0]
    assert picture.startswith(f"{SITE}/static/")
    body = b"".join(client.get(picture.removeprefix(SITE)).streaming_content)
    assert body.startswith(b"\x89PNG")
    assert int.from_bytes(body[16:20]) == 1200
