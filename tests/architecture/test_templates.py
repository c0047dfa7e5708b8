"""The templates: each mail whole, in known MJML only, and each style in both of its shapes."""

import re

import pytest

from newsletter.collect.digests.digest import Format
from tests.architecture.house import TEMPLATES

MAIL_FILES = {"subject.txt", "body.mjml", "body.txt"}
NOTICES = {
    "confirm", "welcome", "step_down", "goodbye", "new_link", "new_address", "address_changed",
    "editor",
}  # fmt: skip
STYLES = {style.value for style in Format}

# Of MJML 4, what the compiler knows. It leaves an unknown tag in the mail without a word.
KNOWN_TAGS = {
    "mjml", "mj-accordion", "mj-accordion-element", "mj-accordion-text", "mj-accordion-title",
    "mj-all", "mj-attributes", "mj-body", "mj-breakpoint", "mj-button", "mj-carousel",
    "mj-carousel-image", "mj-class", "mj-column", "mj-divider", "mj-font", "mj-group", "mj-head",
    "mj-hero", "mj-image", "mj-navbar", "mj-navbar-link", "mj-preview", "mj-raw", "mj-section",
    "mj-social", "mj-social-element", "mj-spacer", "mj-style", "mj-table", "mj-text", "mj-title",
    "mj-wrapper",
}  # fmt: skip
TAG = re.compile(r"</?\s*(mj[a-z0-9-]*)", re.IGNORECASE)

MJML_SOURCES = sorted(TEMPLATES.glob("mail/**/*.mjml"))


def mail_folders():
    return {
        folder.name: {file.name for file in folder.iterdir()}
        for folder in (TEMPLATES / "mail").iterdir()
        if folder.is_dir() and not folder.name.startswith("_")
    }


def test_every_mail_has_a_subject_an_mjml_body_and_a_text_body():
    folders = mail_folders()
    missing = {name: MAIL_FILES - files for name, files in folders.items() if MAIL_FILES - files}
    assert folders
    assert missing == {}


def test_every_style_and_every_notice_is_a_mail_and_nothing_else_is():
    assert set(mail_folders()) == STYLES | NOTICES


def test_every_style_is_a_markdown_post_too():
    posts = {file.stem for file in (TEMPLATES / "markdown").glob("*.md") if file.stem[0] != "_"}
    assert posts == STYLES


@pytest.mark.parametrize("template", MJML_SOURCES, ids=lambda path: path.parent.name)
def test_a_mail_is_written_in_known_mjml_only(template):
    assert set(TAG.findall(template.read_text())) <= KNOWN_TAGS


def test_no_mail_includes_a_file_or_asks_for_a_remote_font():
    for template in MJML_SOURCES:
        source = template.read_text()
        assert "mj-include" not in source
        assert "mj-font" not in source
        assert "@import" not in source
