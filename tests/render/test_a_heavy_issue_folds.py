from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.render.compile import compile_issue, issue_mjml
from newsletter.render.environment import source
from newsletter.render.folding import Fold, plans
from newsletter.render.weight import estimated_bytes
from tests.render.page import Page
from tests.sample_mails import an_issue

SENTENCE = (
    "이 문장은 접히는 규칙을 시험하려고 쓴 것이며 꽤 길어서 여러 번 되풀이하면 무거워집니다. "
)


def _with_texts(issue, sentences, papers=None):
    text = SENTENCE * sentences + "마지막 문장입니다."
    items = [
        replace(item, sections=(Section("논문 소개", "ko", text),))
        for item in (papers or issue.items)
    ]
    return replace(issue, items=tuple(items))


def _size(mail):
    return len(mail.html.encode())


def test_a_light_issue_is_told_in_full(weekly, site):
    page = Page(compile_issue(weekly, Language.KOREAN, site).html)
    assert "이어서 읽기" not in page.words
    for item in weekly.items:
        assert item.sections[0].text[-20:].strip("- ") in page.words


def test_a_heavy_issue_folds_the_papers_with_the_fewest_votes_first(weekly, site):
    issue = _with_texts(weekly, 40)
    mail = compile_issue(issue, Language.KOREAN, site)
    page = Page(mail.html)
    folded = [f"{site.base_url}/issues/{issue.slug}/#paper-{n}" in page.links for n in range(1, 11)]
    assert _size(mail) <= 80_000
    assert True in folded
    assert folded == sorted(folded), "the sample is in the order of its votes"
    assert folded[0] is False
    assert page.words.count("마지막 문장입니다.") == folded.count(False)
    assert SENTENCE.strip() in page.words


def test_no_more_is_folded_than_has_to_be(weekly, site):
    mail = compile_issue(_with_texts(weekly, 40), Language.KOREAN, site)
    one_paper = len(SENTENCE.encode()) * 40
    assert _size(mail) > 80_000 - one_paper - 1_000


def test_a_paper_that_nobody_counted_folds_before_one_with_no_votes(weekly):
    uncounted = replace(weekly.items[0], votes=None)
    zero = replace(weekly.items[1], votes=0)
    last = replace(weekly.items[2], votes=0)
    issue = replace(weekly, items=(uncounted, zero, last))
    steps = [plan.items for plan in plans(issue)]
    assert steps[:4] == [
        (Fold.FULL, Fold.FULL, Fold.FULL),
        (Fold.FOLDED, Fold.FULL, Fold.FULL),
        (Fold.FOLDED, Fold.FULL, Fold.FOLDED),
        (Fold.FOLDED, Fold.FOLDED, Fold.FOLDED),
    ]
    assert steps[-1] == (Fold.LEFT_OUT,) * 3


@pytest.mark.parametrize("style", ["top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly"])
@pytest.mark.parametrize("papers", [1, 40, 120])
@pytest.mark.parametrize("sentences", [1, 200])
def test_no_issue_is_too_heavy_for_a_mail(weekly, site, style, papers, sentences):
    many = [
        replace(weekly.items[number % 10], position=number + 1, votes=number)
        for number in range(papers)
    ]
    issue = _with_texts(weekly, sentences, many)
    issue = replace(issue, intro=(Section("흐름", "ko", SENTENCE * sentences),) * 30)
    mail = compile_issue(issue.in_style(style), Language.KOREAN, site)
    assert _size(mail) <= 80_000
    assert mail.tokens.unsubscribe in mail.html
    assert mail.html.endswith("</html>\n") or mail.html.endswith("</html>")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("style", ["top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly"])
@pytest.mark.parametrize("sample", ["daily", "weekly", "imrlc", "wtp"])
def test_the_weight_is_known_before_the_mail_is_compiled(site, sample, style, language):
    issue = an_issue(sample)
    estimate = estimated_bytes(
        issue_mjml(issue.in_style(style), language, site), source("mail/_base/inline.css")
    )
    weight = _size(compile_issue(issue.in_style(style), language, site))
    assert abs(estimate - weight) < 0.02 * weight


def test_papers_that_do_not_fit_at_all_are_counted_and_found_on_the_web(weekly, site):
    many = [replace(weekly.items[0], position=n + 1, votes=500 - n) for n in range(200)]
    mail = compile_issue(replace(weekly, items=tuple(many)), Language.KOREAN, site)
    page = Page(mail.html)
    shown = sum(f"paper-{n}" in page.ids for n in range(1, 201))
    assert 0 < shown < 200
    assert f"웹에서 논문 {200 - shown}편 더 보기" in page.words
    assert "논문 200편" in page.words
    assert "paper-1" in page.ids


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(alphabet=st.characters(codec="utf-8"), max_size=3_000),
    repeat=st.integers(1, 30),
)
def test_whatever_the_text_the_mail_is_light_and_can_be_encoded(weekly, site, text, repeat):
    items = tuple(
        replace(item, sections=(Section(text[:50], "ko", text * repeat),)) for item in weekly.items
    )
    mail = compile_issue(replace(weekly, items=items), Language.KOREAN, site)
    assert _size(mail) <= 80_000
    mail.text.encode()
