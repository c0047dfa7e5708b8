"""What a reader meets first: the contents, the first paper, pictures, and what is said of each."""

import re
from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Link
from newsletter.common.cadence import Language
from newsletter.render.compile import compile_issue
from tests.render.page import Page
from tests.sample_mails import an_issue


@pytest.mark.parametrize("style", ["top5", "wtp", "imrlc", "pytorchkr-weekly"])
def test_the_contents_stand_above_the_first_paper_with_votes_and_a_line_of_each(daily, site, style):
    html = compile_issue(daily.in_style(style), Language.KOREAN, site).html
    contents = Page(html[: html.index('id="paper-1"')]).words
    for item in daily.items:
        assert item.title_ko in contents
        assert f"▲ {item.votes}" in contents
        assert item.sections[0].text[:12] in contents


def test_the_first_paper_of_a_week_leads_it_with_a_large_picture(weekly, site):
    mail = compile_issue(weekly, Language.KOREAN, site)
    assert Page(mail.html).words.count("이 주의 논문") == 1
    pictures = re.findall(r"<img[^>]+width=\"(\d+)\"", mail.html)
    assert pictures == ["550", *["220"] * (sum(bool(item.image) for item in weekly.items) - 1)]


def test_a_paper_with_code_says_so(weekly, site):
    code = Link("Code", "https://github.com/someone/something")
    coded = replace(weekly.items[0], links=(*weekly.items[0].links, code))
    issue = replace(weekly, items=(coded, replace(weekly.items[1], links=())))
    assert Page(compile_issue(issue, Language.KOREAN, site).html).words.count("코드 있음") == 1


def test_the_figures_of_a_digest_are_shown_with_their_captions(daily, site):
    figures = (
        Link("방법의 개요", "https://pictures.example.org/overview.png"),
        Link("Figure", "https://pictures.example.org/more.jpg"),
    )
    paper = replace(daily.items[0], links=(*daily.items[0].links, *figures))
    mail = compile_issue(replace(daily, items=(paper,)), Language.KOREAN, site)
    assert Page(mail.html).pictures == [paper.image, *(figure.url for figure in figures)]
    assert re.findall(r'alt="([^"]*)"', mail.html) == ["", "방법의 개요", ""]


def test_the_labels_in_a_korean_text_are_korean_and_bold(site):
    steps = an_issue("imrlc")
    korean = Page(compile_issue(steps, Language.KOREAN, site).html)
    assert "Goal:" not in korean.words
    html = compile_issue(steps, Language.KOREAN, site).html
    for label in ("목표", "동기", "기여"):
        assert f"<strong>{label}</strong>:" in html
    assert "<strong>Goal</strong>:" in compile_issue(steps, Language.ENGLISH, site).html


def test_a_mail_says_that_it_is_the_weekly_once(weekly, site):
    words = Page(compile_issue(weekly, Language.KOREAN, site).html).words
    assert "Top ML Papers of the Week" not in words
    assert (
        "Top ML Papers of the Week" in Page(compile_issue(weekly, Language.BOTH, site).html).words
    )


def test_an_english_mail_has_an_english_subject_unless_an_editor_wrote_another(weekly, site):
    plain = compile_issue(weekly, Language.ENGLISH, site).subject
    assert plain == "[2026/01/05 ~ 01/11] Top ML Papers of the Week"
    written = replace(weekly, subject="GDPO와 아홉 편 (이번 주)")
    assert compile_issue(written, Language.ENGLISH, site).subject == written.subject


def test_the_overview_at_alphaxiv_is_in_the_readers_language(weekly, site):
    paper = weekly.items[0].arxiv_id
    for language, page in ((Language.KOREAN, "ko/overview"), (Language.ENGLISH, "overview")):
        links = Page(compile_issue(weekly, language, site).html).links
        assert f"https://www.alphaxiv.org/{page}/{paper}" in links


@pytest.mark.parametrize(("language", "reply"), [("ko", "답장해 주세요"), ("en", "just reply")])
def test_a_mail_asks_to_be_passed_on_by_its_page_and_to_be_answered(weekly, site, language, reply):
    mail = compile_issue(weekly, Language(language), site)
    page = f"{site.base_url}/issues/{weekly.slug}/"
    for part in (Page(mail.html).words, mail.text):
        assert reply in part
        assert part.rindex(page) > part.index(weekly.items[-1].title.split(":")[0])
