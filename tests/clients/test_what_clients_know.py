"""Every tag, attribute and property of every mail, held against what clients are known to know.

The data is caniemail.com's and lies beside the project. What a client does not know
has to be in ``exceptions.toml`` with the reason why it is harmless.
"""

import json
import re
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.clients.features import Features
from tests.render.page import Page
from tests.sample_mails import MAILS, SITE, a_mail
from tests.shared_data import SHARED, needs_shared_data

RULES = SHARED / "data" / "caniemail" / "rules.json"
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text())
CLIENTS = {"gmail", "outlook", "apple-mail", "samsung-email", "yahoo"}
# Gmail ignores every style sheet of a mail whose sheets are larger than this together.
GMAIL_STYLE_BYTES = 16_384


@cache
def rules() -> dict[str, dict[str, str]]:
    """Return what each client makes of each feature: y, a (in part), n or u (unknown)."""
    features = json.loads(RULES.read_text(encoding="utf-8"))["features"]
    return {
        one["slug"]: {
            client: value[0]
            for client, (_, value) in one["support"].items()
            if client.partition(".")[0] in CLIENTS
        }
        for one in features
    }


@cache
def features(name: str, language: str) -> Features:
    return Features(a_mail(name, language).html, set(rules()))


def lacking(feature: str) -> set[str]:
    return {client for client, value in rules()[feature].items() if value != "y"}


def excused(feature: str) -> set[str]:
    patterns = EXCEPTIONS.get(feature, {}).get("clients", [])
    return {one for one in rules()[feature] if any(fnmatch(one, each) for each in patterns)}


@needs_shared_data
@pytest.mark.parametrize(("name", "language"), MAILS)
def test_what_a_client_does_not_know_is_harmless(name, language):
    mail = features(name, language)
    unknown = {
        feature: sorted(lacking(feature) - excused(feature))
        for feature in mail.used
        if lacking(feature) - excused(feature)
    }
    assert unknown == {}
    assert mail.unlisted <= set(EXCEPTIONS["unlisted"])


@needs_shared_data
def test_no_exception_is_made_for_what_no_mail_uses_or_every_client_knows():
    used = set().union(*(features(*one).used for one in MAILS))
    for feature, exception in EXCEPTIONS.items():
        if feature != "unlisted":
            assert feature in used
            assert excused(feature) == lacking(feature), feature
            assert exception["why"]


@needs_shared_data
def test_the_lint_sees_what_a_mail_must_not_use():
    html = (
        '<style>.a > b { display: flex } @font-face { src: url(x) }</style><video src="x"></video>'
        '<p style="position:absolute;width:calc(1px + 2em)">x</p><a href="#x">x</a>'
    )
    found = Features(html, set(rules()))
    assert found.used >= {
        "css-display-flex", "css-at-font-face", "html-video", "css-position", "css-unit-calc",
        "css-unit-em", "html-anchor-links", "css-selector-child",
    }  # fmt: skip
    assert "outlook.windows" in lacking("css-display-flex") - excused("css-display-flex")


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_nothing_is_fetched_from_elsewhere_but_pictures_over_https(name, language):
    html = a_mail(name, language).html
    page = Page(html)
    assert all(address.startswith("https://") for address in page.pictures)
    assert not {"link", "script", "iframe", "form", "object", "base"} & set(page.tags)
    assert not re.search(r"@import|@font-face|url\(", html)


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_every_link_is_absolute_or_leads_to_a_place_in_the_mail(name, language):
    page = Page(a_mail(name, language).html)
    inside = {link[1:] for link in page.links if link.startswith("#")}
    outside = [link for link in page.links if not link.startswith("#")]
    assert inside <= page.ids
    assert outside
    assert all(re.match(r"https://[^/]+/|mailto:\S+@\S+$", link) for link in outside)
    assert f"mailto:{SITE.mail_from}" in outside


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_gmail_reads_the_style_sheets(name, language):
    html = a_mail(name, language).html
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert sum(len(sheet.encode()) for sheet in sheets) < GMAIL_STYLE_BYTES
    assert html.rindex("</style>") < html.index("<body")


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_tables_are_for_layout_only_and_the_mail_says_its_language(name, language):
    html = a_mail(name, language).html
    tables = re.findall(r"<table[^>]*>", html)
    assert tables
    assert [table for table in tables if 'role="presentation"' not in table] == []
    assert re.search(r'<html lang="(ko|en)"', html)[1] == ("en" if language == "en" else "ko")
