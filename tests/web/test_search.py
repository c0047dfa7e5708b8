from importlib import import_module

import pytest
from django.apps import apps

from newsletter.collect.digests.digest import Section
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from newsletter.web.models import SearchEntry
from tests.factories import KOREAN, a_weekly, an_entry, listed
from tests.web.given import a_sent_weekly, sent, this_week_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    listed(
        an_entry("2601.05242", "GDPO", votes=9, title_ko="보상 논문", authors=("Minji Kim",)),
        an_entry("2601.05243", "Depth", votes=8, sections=(Section("요약", "ko", "깊이를 읽는 강화 학습입니다."),)),
        an_entry(None, "A Paper Without an Id", votes=7),
    )  # fmt: skip
    return this_week_sent()


def found(client, asked: str) -> str:
    page = client.get("/search/", {"q": asked})
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize("asked", ["강화학습", "강화", "깊이", "Depth", "depth", "2601.05243"])
def test_a_paper_is_found_by_a_word_of_it_and_by_its_id(client, issue, asked):
    page = found(client, asked)
    assert "논문 1편" in page
    assert 'href="/papers/2601.05243/"' in page
    assert f'href="/issues/{issue.slug}/#paper-2"' in page


@pytest.mark.parametrize("asked", ["Minji Kim", "kim", "보상 논문"])
def test_a_paper_is_found_by_its_author_and_by_its_korean_title(client, issue, asked):
    assert 'href="/papers/2601.05242/"' in found(client, asked)


def test_a_paper_without_an_id_has_a_page_too(client, issue):
    page = found(client, '"without an id"')
    path = page.split('href="/papers/t/')[1].split('"')[0]
    assert client.get(f"/papers/t/{path}").status_code == 200


def test_a_paper_is_led_to_under_the_title_that_it_had_when_the_issue_left(client, issue):
    own = {"title": "Its Own Title", "title_key": "itsowntitle"}
    Paper.objects.filter(arxiv_id=None).update(**own)
    page = found(client, '"without an id"')
    path = page.split('href="/papers/t/')[1].split('"')[0]
    assert "Its Own Title" in client.get(f"/papers/t/{path}").text


def test_what_is_found_in_a_title_comes_before_what_is_found_in_a_text(client):
    listed(
        an_entry("2601.05242", "First by Votes", votes=9, sections=(Section("요약", "ko", "주의 기제를 씁니다."),)),
        an_entry("2601.05243", "Second", votes=8, title_ko="주의 기제"),
    )  # fmt: skip
    this_week_sent()
    page = found(client, "주의 기제")
    assert page.index("2601.05243") < page.index("2601.05242")


def test_one_paper_is_one_result_with_every_issue_that_carried_it(client, issue):
    again = Issue.objects.create(
        cadence="daily", window_start=issue.window_start, window_end=issue.window_end,
        slug="2026-01-09-daily", title="오늘", subject="오늘", style="top5",
    )  # fmt: skip
    again.items.create(paper=issue.items.first().paper, position=1)
    sent(again)
    page = found(client, "2601.05242")
    assert "논문 1편" in page
    assert "/issues/2026-01-09-daily/#paper-1" in page
    assert f"/issues/{issue.slug}/#paper-1" in page


def test_what_has_not_left_cannot_be_found(client):
    issue = a_weekly()
    assert "논문 5편" not in found(client, "Paper")
    assert not SearchEntry.objects.exists()
    sent(issue)
    assert "논문 5편" in found(client, "Paper")


def test_an_issue_is_found_by_what_it_says_however_often_it_was_approved_before(client):
    issue = a_weekly()
    third = issue.items.get(paper__title="Paper Number 3")
    for hidden in (False, True):
        editing.set_hidden(third, hidden)
        editing.approve(issue, "지은")
        editing.withdraw_approval(issue, "지은")
    editing.set_hidden(third, False)
    editing.approve(issue, "지은")
    Issue.objects.update(state=IssueState.SENT)
    assert "논문 5편" in found(client, "Paper")


def test_an_issue_that_was_cancelled_cannot_be_found(client, issue):
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.CANCELLED)
    assert "맞는 논문이 없습니다" in found(client, "강화학습")


@pytest.mark.parametrize("asked", ["", "   ", "%", '"', "'; DROP TABLE x; --", "\x00", "a" * 5000])
def test_odd_questions_get_a_kind_answer(client, issue, asked):
    page = found(client, asked)
    assert "<h1>지난 호 검색</h1>" in page
    assert "<mark>" not in page


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_does_not_exist_is_the_nearest_one(client, page):
    a_sent_weekly()
    assert "논문 5편" in client.get("/search/", {"q": "Paper", "page": page}).text


def test_markup_is_found_as_text_and_shown_as_text(client):
    text = "정렬 <script>alert(1)</script> 기법"
    listed(an_entry("2601.05242", votes=1, sections=(Section("요약", "ko", text),)))
    this_week_sent()
    page = found(client, "<script>alert")
    assert "<script>alert" not in page
    assert "2601.05242" in page


def test_a_page_of_results_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    a_sent_weekly()
    with django_assert_max_num_queries(4):
        found(client, "Paper")


def test_a_search_is_not_for_search_engines_but_its_form_is(client, issue):
    assert 'content="noindex, follow"' in found(client, KOREAN.text[:2])
    assert "noindex" not in client.get("/search/").text


def test_what_was_sent_before_there_was_a_search_is_found_too(client, issue):
    SearchEntry.objects.all().delete()
    import_module("newsletter.web.migrations.0002_find_what_was_sent").fill(apps, None)
    assert "논문 1편" in found(client, "강화학습")
