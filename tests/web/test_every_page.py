"""What holds for every page: headers, forms, languages, and what the log may know."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from newsletter.web.logs import HideTokens
from tests.factories import a_weekly
from tests.readers import a_reader, preferences_path, unsubscribe_path

pytestmark = pytest.mark.django_db


def pages() -> list[str]:
    reader = a_reader()
    return [
        "/",
        "/issues/",
        "/search/",
        "/search/?q=보상",
        "/link/",
        "/inbox/",
        "/desk/login/",
        preferences_path(reader),
        unsubscribe_path(reader),
        "/nowhere/",
        "/u/nobody",
    ]


def patterns(found: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, f"{one.namespace or prefix}")
        else:
            yield f"{prefix}:{one.name}", one


def arguments(pattern: URLPattern, reader) -> dict:
    issue = "2026-01-05-weekly"
    token = (unsubscribe_path if "u/" in str(pattern.pattern) else preferences_path)(reader)[3:]
    values = {"slug": issue, "number": 1, "token": token, "arxiv_id": "2601.05245", "version": 2}
    return {name: values[name] for name in pattern.pattern.regex.groupindex}


def test_s26_every_page_has_the_strict_policy(client):
    for path in pages():
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert "frame-ancestors 'none'" in policy, path


def test_s03_no_page_tells_other_sites_where_a_visitor_came_from(client):
    for path in pages():
        assert client.get(path).headers["Referrer-Policy"] == "same-origin"


def test_no_cache_keeps_a_page_that_belongs_to_one_reader(client):
    reader = a_reader()
    for path in (
        preferences_path(reader),
        preferences_path(reader) + "/data.json",
        unsubscribe_path(reader),
    ):
        assert "no-store" in client.get(path).headers["Cache-Control"]


def test_every_page_speaks_both_languages(client):
    for path in pages():
        for language in ("ko", "en"):
            page = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert f'<html lang="{language}">' in page.text, path
            assert page.headers["Content-Language"] == language


def test_the_browser_decides_where_nobody_has_chosen():
    assert '<html lang="en">' in Client(headers={"accept-language": "en-GB"}).get("/").text
    assert '<html lang="ko">' in Client(headers={"accept-language": "fr"}).get("/").text


def test_a_choice_of_language_is_remembered(client):
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get("/issues/").text


def test_s16_no_form_works_from_another_site():
    """Every route but the one-click of RFC 8058 and the signed webhook asks for the form's token."""
    a_weekly()
    reader, visitor = a_reader(), Client(enforce_csrf_checks=True)
    taken = {}
    for name, pattern in patterns(get_resolver().url_patterns):
        path = reverse(name, kwargs=arguments(pattern, reader))
        taken[name] = visitor.post(path, {"List-Unsubscribe": "Maybe"}).status_code
    reached = {name for name, status in taken.items() if status not in {403, 405}}
    assert reached == {"web:unsubscribe", "web:sendgrid_events"}


def test_s34_a_forged_host_is_turned_away(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_get_changes_nothing_anywhere(client):
    reader = a_reader()
    before = reader.consents.count(), set(reader.subscriptions.values_list("cadence", flat=True))
    for name, pattern in patterns(get_resolver().url_patterns):
        client.get(reverse(name, kwargs=arguments(pattern, reader)))
    after = reader.consents.count(), set(reader.subscriptions.values_list("cadence", flat=True))
    assert before == after


def test_s03_no_token_reaches_the_log():
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", "/p/3k-f1x9.Qd7/"), None
    )
    assert HideTokens().filter(record)
    assert record.getMessage() == "Not Found: /p/…/"


def test_health_is_told_to_machines(client):
    assert client.get("/healthz").json() == {"status": "ok", "database": "ok"}


def test_the_style_sheet_is_served_and_small(client):
    body = b"".join(client.get("/static/web/site.css").streaming_content)
    assert 1_000 < len(body) < 20_000
