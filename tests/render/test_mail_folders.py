"""The compiler checks nothing, so this does: files, tags and nesting of every mail."""

import re
import socket
from html.parser import HTMLParser

import pytest
from pytest_socket import SocketBlockedError

from newsletter.common.cadence import Language
from newsletter.common.errors import BadInput
from newsletter.render.compile import NOTICES, compile_issue, issue_mjml
from newsletter.render.environment import TEMPLATES, names
from newsletter.render.mjml import to_html

STYLES = ("top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly")
PARENTS = {
    "mjml": {""},
    "mj-head": {"mjml"},
    "mj-title": {"mj-head"},
    "mj-preview": {"mj-head"},
    "mj-attributes": {"mj-head"},
    "mj-all": {"mj-attributes"},
    "mj-section": {"mj-attributes", "mj-body"},
    "mj-text": {"mj-attributes", "mj-column"},
    "mj-style": {"mj-head"},
    "mj-raw": {"mj-head"},
    "mj-body": {"mjml"},
    "mj-column": {"mj-section"},
}
VOID = {"br", "img", "meta"}


class Nesting(HTMLParser):
    """The MJML tags of a source, each with the MJML tag that it stands in."""

    def __init__(self, source):
        super().__init__()
        self.open, self.found = [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        if tag.startswith("mj"):
            parents = [name for name in self.open if name.startswith("mj")]
            self.found.append((tag, parents[-1] if parents else ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes what it did not open"


def test_there_is_a_folder_for_each_style_and_notice_and_no_other():
    assert names("mail") == {*STYLES, *NOTICES}
    assert names("markdown") == set(STYLES)


@pytest.mark.parametrize("folder", sorted({*STYLES, *NOTICES}))
def test_a_mail_is_a_folder_of_three_files(folder):
    files = {path.name for path in (TEMPLATES / "mail" / folder).iterdir()}
    assert files == {"subject.txt", "body.mjml", "body.txt"}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_uses_known_tags_each_in_its_place(weekly, site, style):
    nesting = Nesting(issue_mjml(weekly.in_style(style), Language.BOTH, site))
    assert nesting.open == []
    for tag, parent in nesting.found:
        assert parent in PARENTS[tag], f"{tag} in {parent}"


@pytest.mark.parametrize("style", STYLES)
def test_no_mjml_is_left_in_a_mail(weekly, site, style):
    html = compile_issue(weekly.in_style(style), Language.KOREAN, site).html
    assert not re.search(r"</?mj-(?!column)", html)
    assert html.startswith('<!doctype html>\n<html lang="ko"')
    assert "data-premailer" not in html
    assert html.count("<!--[if") == html.count("<![endif]")


def test_dark_colours_survive_with_their_importance(weekly, site):
    html = compile_issue(weekly, Language.KOREAN, site).html
    dark = html[html.index("@media (prefers-color-scheme: dark)") :]
    assert ".card div" in dark
    assert "[data-ogsc] .title a" in dark
    assert dark.count("!important") > 20


def test_our_rules_are_in_the_tags_and_not_repeated_in_a_sheet(weekly, site):
    html = compile_issue(weekly, Language.KOREAN, site).html
    assert "word-break:keep-all" in html
    assert 'class="headline" style="margin:0;' in html
    assert ".headline {" not in html.replace(".headline { font-size", "")


def test_a_template_that_is_broken_is_an_error_with_a_place():
    with pytest.raises(BadInput) as refused:
        to_html("<mjml><mj-body><mj-section></mj-body></mjml>", "")
    assert refused.value.code == "mail.template"


def test_nothing_is_included_from_a_file(tmp_path):
    secret = tmp_path / "secret.mjml"
    secret.write_text("<mj-text>canary</mj-text>")
    source = f'<mjml><mj-body><mj-include path="{secret}" /></mj-body></mjml>'
    with pytest.raises(BadInput):
        to_html(source, "")


def test_compiling_opens_no_connection(weekly, site, socket_disabled):
    assert compile_issue(weekly, Language.KOREAN, site).html
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))
