import re
from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.common.errors import NotFound
from newsletter.issues.content import Correction, Credit
from newsletter.render.compile import compile_issue, issue_mjml
from newsletter.render.markdown import issue_markdown
from tests.render.page import Page
from tests.sample_mails import an_issue

STYLES = ("top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly")
QUIET = {
    Language.KOREAN: ("조용한 한 주였습니다.", "조용한 하루였습니다."),
    Language.ENGLISH: ("It was a quiet week", "It was a quiet day"),
}
ALL = [(style, language) for style in STYLES for language in Language]


@pytest.mark.parametrize(("style", "language"), ALL)
def test_every_paper_is_in_both_parts_with_its_page(weekly, site, style, language):
    mail = compile_issue(weekly.in_style(style), language, site)
    page = Page(mail.html)
    for item in weekly.items:
        title = item.title if language is Language.ENGLISH else item.title_ko
        assert title in page.words
        assert f"https://arxiv.org/abs/{item.arxiv_id}" in page.links
        assert f"https://huggingface.co/papers/{item.arxiv_id}" in page.links
        assert f"https://arxiv.org/abs/{item.arxiv_id}" in mail.text


@pytest.mark.parametrize(("style", "language"), ALL)
def test_every_style_names_every_credit(weekly, site, style, language):
    many = tuple(Credit(f"출처 {n}", "https://example.org/", "CC BY 4.0") for n in range(12))
    issue = replace(weekly, items=(replace(weekly.items[0], credits=many), *weekly.items[1:]))
    mail = compile_issue(issue.in_style(style), language, site)
    post = issue_markdown(issue.in_style(style), language, site)
    words, text = Page(mail.html).words, " ".join(mail.text.split())
    for credit in {credit for item in issue.items for credit in item.credits}:
        for told in (words, text, post):
            assert credit.name in told
    assert words.count("(CC BY 4.0)") == text.count("(CC BY 4.0)") == post.count("(CC BY 4.0)")


@pytest.mark.parametrize(("style", "language"), ALL)
def test_the_way_out_is_at_the_top_and_at_the_bottom(weekly, site, style, language):
    mail = compile_issue(weekly.in_style(style), language, site)
    way_out = f"{site.base_url}/u/{mail.tokens.unsubscribe}"
    for part in (mail.html, mail.text):
        first_paper = part.index(weekly.items[0].title.split(":")[0] + ":")
        assert part.index(way_out) < first_paper
        assert part.rindex(way_out) > part.index(weekly.items[-1].arxiv_id)
        assert f"{site.base_url}/p/{mail.tokens.preferences}" in part
        assert f"{site.base_url}/issues/{weekly.slug}/" in part
        assert site.postal_address in part


@pytest.mark.parametrize(("style", "language"), ALL)
def test_every_address_is_absolute_and_nothing_is_fetched_from_elsewhere(
    weekly, site, style, language
):
    page = Page(compile_issue(weekly.in_style(style), language, site).html)
    outside = [link for link in page.links if not link.startswith(("#", "mailto:"))]
    assert all(re.match(r"https?://[^/]+/", link) for link in outside)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert all(address.startswith("https://") for address in page.pictures)
    assert not {"link", "script", "iframe", "form"} & set(page.tags)
    assert "@import" not in str(page.attributes)


def test_the_contents_lead_to_every_paper(weekly, site):
    page = Page(compile_issue(weekly, Language.KOREAN, site).html)
    inside = [link for link in page.links if link.startswith("#")]
    papers = [f"#paper-{item.position}" for item in weekly.items]
    assert inside == [*papers, *["#contents"] * len(papers)], "and back from each"


def test_a_paper_says_why_it_is_there_in_the_readers_language(weekly, site):
    assert (
        "추천 117 · 4곳에서 소개" in Page(compile_issue(weekly, Language.KOREAN, site).html).words
    )
    english = Page(compile_issue(weekly, Language.ENGLISH, site).html).words
    assert "117 votes · introduced by 4 digests" in english
    assert "추천" not in english


def test_an_english_mail_speaks_english_but_for_the_line_that_the_law_wants(weekly, site):
    mail = compile_issue(weekly, Language.ENGLISH, site)
    words = Page(mail.html).words
    for korean in (
        "메일을 그만 받으시려면 수신거부 를 눌러 주세요.",
        site.postal_address,
        site.name,
    ):
        assert korean in words
        words = words.replace(korean, "")
    named = words.replace("파이토치 한국 사용자 모임", "").replace("논문 다섯 걸음", "")
    assert not re.findall(r"[가-힣]+", named)
    assert '<html lang="en"' in mail.html


def test_both_languages_put_the_english_text_below_the_korean_one(weekly, site):
    words = Page(compile_issue(weekly, Language.BOTH, site).html).words
    first = weekly.items[0]
    korean, english = (
        next(s.text for s in first.sections if s.lang == lang).split(".")[0].replace("**", "")
        for lang in ("ko", "en")
    )
    assert 0 < words.index(korean[:20]) < words.index(english[:40])
    assert words.index(english[:40]) < words.rindex(weekly.items[1].title_ko)


def test_a_reader_of_english_gets_the_korean_text_where_there_is_no_other(weekly, site):
    only_korean = replace(weekly.items[0], sections=(Section("요약", "ko", "한국어만 있습니다."),))
    issue = replace(weekly, items=(only_korean,))
    assert "한국어만 있습니다." in Page(compile_issue(issue, Language.ENGLISH, site).html).words


def test_a_daily_is_read_in_a_minute_and_leaves_the_abstract_to_the_web(daily, site):
    mail = compile_issue(daily, Language.KOREAN, site)
    words = Page(mail.html).words
    first = daily.items[0]
    summary, abstract, points = (s.text for s in first.sections if s.lang == "ko")
    assert "읽는 데 약 1분" in words
    assert summary in words
    assert abstract[:40] not in words
    assert points.removeprefix("- ").split("\n")[0] in words
    assert f"{site.base_url}/issues/{daily.slug}/#paper-1" in Page(mail.html).links


def test_a_daily_that_is_told_in_full_says_how_long_it_takes(daily, site):
    steps = an_issue("imrlc")
    assert "읽는 데 약 1분" in Page(compile_issue(daily, Language.KOREAN, site).html).words
    assert "읽는 데 약 3분" in Page(compile_issue(steps, Language.KOREAN, site).html).words


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", QUIET)
def test_a_quiet_week_or_day_says_so_kindly(weekly, daily, site, style, language):
    week, day = QUIET[language]
    for issue, kind in ((weekly, week), (daily, day)):
        quiet = replace(issue, items=issue.items[:2])
        mail = compile_issue(quiet.in_style(style), language, site)
        assert kind in Page(mail.html).words
        assert kind in mail.text
        busy = compile_issue(replace(issue, items=issue.items[:3]).in_style(style), language, site)
        assert kind not in busy.html + busy.text


def test_a_ranking_is_rows_with_both_pages_of_a_paper(weekly, site):
    page = Page(compile_issue(weekly.in_style("hf-ranking"), Language.KOREAN, site).html)
    pages = [link for link in page.links if weekly.items[0].arxiv_id in link]
    assert {link.split("/")[2] for link in pages} == {"arxiv.org", "huggingface.co"}


def test_known_headings_are_named_in_the_readers_language(weekly, site):
    sections = (
        Section("***What's New***", "ko", "새로운 방법입니다."),
        Section("📌 Something Else", "ko", "다른 이야기입니다."),
    )
    issue = replace(weekly, items=(replace(weekly.items[0], sections=sections),))
    words = Page(compile_issue(issue.in_style("wtp"), Language.KOREAN, site).html).words
    assert "새로운 점 새로운 방법입니다." in words
    assert "Something Else 다른 이야기입니다." in words


def test_a_paper_told_in_full_before_is_told_briefly_and_leads_there(weekly, site):
    told = replace(weekly.items[0], seen_in="2026-01-05-daily")
    issue = replace(weekly, items=(told, *weekly.items[1:]))
    mail = compile_issue(issue, Language.KOREAN, site)
    assert "지난 호에서 자세히 소개한 논문입니다." in Page(mail.html).words
    assert f"{site.base_url}/issues/2026-01-05-daily/" in Page(mail.html).links
    assert "기존 학습 코드에서" not in Page(mail.html).words
    assert "기존 학습 코드에서" in compile_issue(weekly, Language.KOREAN, site).text


def test_a_paper_told_before_says_its_korean_words_before_the_english_ones(weekly, site):
    told = replace(weekly.items[0], seen_in="2026-01-05-daily")
    mail = compile_issue(replace(weekly, items=(told,)), Language.BOTH, site)
    korean, english = (
        next(s.text for s in told.sections if s.lang == lang).replace("**", "")[:20]
        for lang in ("ko", "en")
    )
    assert mail.text.partition(korean)[0].rstrip().endswith("]"), "under its heading"
    assert mail.text.index(korean) < mail.text.index(english)


def test_a_paper_without_id_votes_authors_or_text_still_has_its_card(weekly, site):
    bare = replace(
        weekly.items[0],
        arxiv_id=None, votes=None, authors=(), institution="", image="",
        sections=(), links=(), credits=(), title_ko="",
    )  # fmt: skip
    for style in STYLES:
        mail = compile_issue(replace(weekly, items=(bare,), style=style), Language.KOREAN, site)
        assert bare.title in Page(mail.html).words
        assert "None" not in mail.html + mail.text
        assert "arxiv.org" not in mail.html


def test_a_picture_has_a_fixed_size_and_no_idle_words_and_only_https_pictures_are_shown(
    daily, site
):
    relative = replace(daily.items[1], image="images/local.png")
    plain = replace(daily.items[2], image="http://pictures.example/a.png")
    issue = replace(daily, items=(daily.items[0], relative, plain))
    mail = compile_issue(issue, Language.KOREAN, site)
    assert Page(mail.html).pictures == [daily.items[0].image]
    tag = re.search(r"<img[^>]+>", mail.html)[0]
    assert 'width="320"' in tag
    assert 'height="172"' in tag
    assert 'alt=""' in tag, "a reader by ear has the title already"


def test_the_line_beside_the_subject_names_the_first_papers(weekly, site):
    html = compile_issue(weekly, Language.KOREAN, site).html
    assert "GDPO, 학습하는 승수, RL-AWB 등 논문 10편을 소개합니다" in html
    preheader = re.search(r"<div style=\"([^\"]*display:none[^\"]*)\"", html)[1]
    assert "color:#ffffff" not in preheader, "hidden white text is what spammers write"


def test_the_same_content_makes_the_same_mail(weekly, site):
    assert compile_issue(weekly, Language.KOREAN, site) == compile_issue(
        weekly, Language.KOREAN, site
    )


def test_tokens_belong_to_the_content_and_stand_whole_in_addresses(weekly, site):
    mail = compile_issue(weekly, Language.KOREAN, site)
    other = compile_issue(replace(weekly, subject="다른 제목"), Language.KOREAN, site)
    assert mail.tokens != other.tokens
    assert f'href="{site.base_url}/u/{mail.tokens.unsubscribe}"' in mail.html


def test_the_subject_is_the_editors_and_one_line(weekly, site):
    issue = replace(weekly, subject="이번 주\r\nBcc: someone@example.org\x00")
    subject = compile_issue(issue, Language.KOREAN, site).subject
    assert subject == "이번 주 Bcc: someone@example.org"


def test_the_text_part_fits_a_terminal(weekly, site):
    from newsletter.render.text import columns

    text = compile_issue(weekly, Language.BOTH, site).text
    for line in text.splitlines():
        assert columns(line) <= 72 or "://" in line
    assert "**" not in text
    assert "<" not in text
    assert "\n\n\n" not in text


def test_an_unknown_style_is_refused_and_never_becomes_a_path(weekly, site):
    for name in ("nowhere", "../mail/top5", "_base", "confirm"):
        with pytest.raises(NotFound) as refused:
            compile_issue(weekly.in_style(name), Language.KOREAN, site)
        assert refused.value.code == "style.unknown"


def test_the_source_is_the_mjml_that_the_mail_was_made_from(weekly, site):
    source = issue_mjml(weekly, Language.KOREAN, site)
    assert source.startswith('<mjml lang="ko">')
    assert source.endswith("</mjml>")
    assert weekly.items[0].title_ko in source


@pytest.mark.parametrize(("language", "word"), [("ko", "정정합니다"), ("en", "Correction")])
def test_a_withdrawn_paper_of_an_earlier_issue_is_corrected_at_the_top(
    weekly, site, language, word
):
    told = Correction("A Paper <b>Taken</b> Back", "2512.00001", "2025-12-29-weekly")
    mail = compile_issue(replace(weekly, corrections=(told,)), Language(language), site)
    for part in (mail.html, mail.text):
        assert word in part
        assert "/issues/2025-12-29-weekly/" in part
    assert "A Paper &lt;b&gt;Taken&lt;/b&gt; Back" in mail.html
