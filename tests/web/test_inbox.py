import pytest

from newsletter.delivery.inbox_store import InboxWriter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inbox")]

MAIL = """From: =?utf-8?B?7Jik64qY7J2YIE1MIOuFvOusuA==?= <news@example.com>
To: bora@example.com
Subject: =?utf-8?B?7J2067KIIOyjvA==?=
Message-ID: <one@example.com>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=cut

--cut
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

텍스트 본문입니다.
--cut
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<html><head></head><body><p>HTML 본문입니다.</p><script>alert(1)</script></body></html>
--cut--
"""


@pytest.fixture
def inbox(settings, tmp_path):
    """An inbox of its own, with one mail in it."""
    settings.DATA_DIR = tmp_path
    writer = InboxWriter(tmp_path / "inbox.sqlite3")
    writer.add("news@example.com", ["bora@example.com"], MAIL.replace("\n", "\r\n").encode())
    yield writer
    writer.close()


def test_the_inbox_lists_what_came_in(client):
    page = client.get("/inbox/").text
    assert "이번 주" in page
    assert "bora@example.com" in page


def test_the_inbox_can_be_filtered_by_address(client, inbox):
    inbox.add("news@example.com", ["kim@example.com"], b"Subject: other\r\n\r\nhello\r\n")
    page = client.get("/inbox/?to=kim@example.com").text
    assert "other" in page
    assert "이번 주" not in page


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("html", 'src="/inbox/1/html/"'),
        ("text", "텍스트 본문입니다."),
        ("headers", "one@example.com"),
        ("source", "boundary=cut"),
    ],
)
def test_a_mail_can_be_seen_from_four_sides(client, view, told):
    assert told in client.get(f"/inbox/1/?as={view}").text


def test_the_html_of_a_mail_can_do_nothing(client):
    answer = client.get("/inbox/1/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert "HTML 본문입니다." in answer.text
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("setting", "value"),
    [("MAIL_BACKEND", "smtp"), ("BASE_URL", "https://news.example.com")],
)
def test_the_inbox_does_not_exist_in_production(client, settings, setting, value):
    setattr(settings, setting, value)
    for path in ("/inbox/", "/inbox/1/", "/inbox/1/html/"):
        assert client.get(path).status_code == 404


def test_a_mail_that_is_not_there_is_a_404(client):
    assert client.get("/inbox/99/").status_code == 404


@pytest.mark.parametrize("number", ["99999999999999999999999", "9" * 5000, "0"])
def test_a_number_that_no_mail_can_have_is_a_page_not_found(client, number):
    assert client.get(f"/inbox/{number}/").status_code == 404
    assert client.get(f"/inbox/{number}/html/").status_code == 404


@pytest.mark.parametrize("page", ["99999999999999999999999", "9" * 5000, "-1", "둘"])
def test_a_page_beyond_the_last_shows_mails_all_the_same(client, page):
    assert "이번 주" in client.get("/inbox/", {"page": page}).text


def test_no_number_in_an_address_is_too_large(client, django_user_model):
    for address in ("/papers/t/{}/", "/papers/t/{}/bibtex", "/papers/2601.05242v{}/"):
        assert client.get(address.format("9" * 24)).status_code == 404
    client.force_login(django_user_model.objects.create(username="minji"))
    item = "/desk/issues/2026-01-05-weekly/items/{}/"
    assert client.post(item.format("9" * 24)).status_code == 404
