"""What a paper's title, text, links or names hold never becomes more than text."""

from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Link, Section
from newsletter.common.cadence import Language
from newsletter.issues.content import Credit
from newsletter.render.compile import compile_issue, compile_notice
from newsletter.render.markdown import issue_markdown
from tests.render.page import Page

STYLES = ("top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly")
MARKUP = (
    "</mj-text><mj-raw><script>alert(1)</script></mj-raw>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "]]><!--<![endif]--><script>alert(1)</script>",
    "<mj-include path='/etc/passwd' />",
    "<style>*{display:none}</style>",
    "A <b tag that never ends",
    "&lt;script&gt; &#60;script&#62;",
)
BRACES = (
    "A study of {{ 7*7 }}",
    "{% raw %}",
    "{% for x in range(10**9) %}",
    "{# gone #}",
    "#{1+1}",
)


def _poisoned(issue, text):
    """Put ``text`` wherever a stranger's words stand."""
    item = replace(
        issue.items[0],
        title=text,
        title_ko=f"한국어 {text}",
        authors=(text,),
        institution=text,
        image=f"https://pictures.example/{text}",
        sections=(Section(text, "ko", text), Section("Abstract", "en", f"- {text}\n- **{text}**")),
        links=(Link(text, f"https://links.example/{text}"), Link(text, f"javascript:{text}")),
        credits=(Credit(text, f"https://credits.example/{text}", text),),
        reason_ko=text,
        reason_en=text,
    )
    return replace(
        issue, items=(item, *issue.items[1:3]), intro=(Section(text, "ko", text),), title=text
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", [Language.KOREAN, Language.BOTH])
@pytest.mark.parametrize("text", MARKUP)
def test_markup_stays_text(weekly, site, style, language, text):
    honest = Page(compile_issue(weekly.in_style(style), language, site).html)
    page = Page(compile_issue(_poisoned(weekly, text).in_style(style), language, site).html)
    assert set(page.tags) <= set(honest.tags) | {"ul", "li", "strong"}
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [link for link in page.links if link.lower().startswith(("javascript", "data"))]
    seen = " ".join(text.split())
    assert seen in page.words


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", BRACES)
def test_braces_are_never_run(weekly, site, style, text):
    mail = compile_issue(_poisoned(weekly, text).in_style(style), Language.KOREAN, site)
    assert f"한국어 {text}" in Page(mail.html).words
    assert f"한국어 {text}" in mail.text
    assert "study of 49" not in mail.text + mail.html


@pytest.mark.parametrize("style", STYLES)
def test_a_title_of_ten_thousand_letters_is_cut_and_breaks_nothing(weekly, site, style):
    for letter in ("가", "W", "😀", "&"):
        mail = compile_issue(
            _poisoned(weekly, letter * 10_000).in_style(style), Language.KOREAN, site
        )
        page = Page(mail.html)
        assert letter * 100 in page.words
        assert f"한국어 {letter * 400}" not in page.words
        assert weekly.items[1].title_ko in page.words
        assert len(mail.html.encode()) <= 80_000
        assert len(mail.subject) <= 200


@pytest.mark.parametrize("style", STYLES)
def test_letters_that_hide_or_turn_text_around_are_taken_out(weekly, site, style):
    hidden = "ze\u200bro\ufeff \u202eesrever\u2066 nu\x00l \x85 \x1b[31m \ufffe bell\x07"
    mail = compile_issue(_poisoned(weekly, hidden).in_style(style), Language.KOREAN, site)
    for part in (mail.html, mail.text, mail.subject):
        assert not set(part) & set("\u200b\ufeff\u202e\u2066\x00\x85\x1b\ufffe\x07")
        part.encode()
    assert "zero esrever nul" in Page(mail.html).words


@pytest.mark.parametrize("style", STYLES)
def test_right_to_left_and_joined_letters_survive(weekly, site, style):
    title = "שלום عالم 👩‍🔬 논문"
    page = Page(compile_issue(_poisoned(weekly, title).in_style(style), Language.KOREAN, site).html)
    assert title in page.words


def test_addresses_that_are_no_web_addresses_are_left_out(weekly, site):
    bad = (
        "javascript:alert(1)", "data:text/html,x", "//evil.example/x", "/relative", "ftp://a/b",
        "https://user:secret@evil.example/", "https://a b/", "http://[::1", "https://" + "a" * 700,
        "mailto:x@example.org", "file:///etc/passwd", "https://e.example/\nBcc:x",
    )  # fmt: skip
    links = tuple(Link(f"나쁜 링크 {number}", url) for number, url in enumerate(bad))
    good = Link("좋은 링크", "https://good.example/논문?a=1&b=<2>".replace("<2>", "2"))
    issue = replace(weekly, items=(replace(weekly.items[0], links=(*links, good)),))
    page = Page(compile_issue(issue, Language.KOREAN, site).html)
    assert "나쁜 링크" not in page.words
    assert "좋은 링크" in page.words
    assert any(link.startswith("https://good.example/") for link in page.links)


def test_a_word_that_looks_like_a_token_is_not_one(weekly, site):
    honest = compile_issue(weekly, Language.KOREAN, site)
    mail = compile_issue(_poisoned(weekly, honest.tokens.unsubscribe), Language.KOREAN, site)
    assert mail.tokens.unsubscribe not in (honest.tokens.unsubscribe, "")
    assert mail.html.count(mail.tokens.unsubscribe) == honest.html.count(honest.tokens.unsubscribe)


def test_an_editors_message_is_text_too(site):
    context = {"title": "<b>{{ 7*7 }}</b>", "body": "<script>alert(1)</script>\n\n{% raw %}"}
    mail = compile_notice("editor", Language.KOREAN, site, context)
    page = Page(mail.html)
    assert "<b>{{ 7*7 }}</b>" in page.words
    assert "<script>alert(1)</script>" in page.words
    assert "script" not in page.tags


@pytest.mark.parametrize("style", STYLES)
def test_a_post_holds_neither_html_nor_liquid_from_a_paper(weekly, site, style):
    for text in (*MARKUP, *BRACES):
        post = issue_markdown(_poisoned(weekly, text).in_style(style), Language.BOTH, site)
        body = post.replace("<!--", "")
        assert "<script" not in body
        assert "<img" not in body
        assert "{{" not in body
        assert "{%" not in body
