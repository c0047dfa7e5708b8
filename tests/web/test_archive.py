from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from newsletter.collect.digests.digest import Link, Section
from newsletter.common import clock
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from tests.factories import ENGLISH, FRIDAY, KOREAN, a_weekly, an_entry, listed, the_week
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


def sent(issue: Issue) -> Issue:
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENT)
    issue.refresh_from_db()
    return issue


def test_an_issue_that_was_sent_is_in_the_archive_and_on_the_front_page(client):
    issue = sent(a_weekly())
    for page in ("/", "/issues/", "/issues/?cadence=weekly"):
        assert f"/issues/{issue.slug}/" in client.get(page).text
    assert issue.slug not in client.get("/issues/?cadence=daily").text


@pytest.mark.parametrize("state", [IssueState.DRAFT, IssueState.APPROVED, IssueState.CANCELLED])
def test_what_was_not_sent_is_only_for_editors(client, state):
    issue = a_weekly()
    Issue.objects.filter(pk=issue.pk).update(state=state)
    assert issue.slug not in client.get("/issues/").text
    assert client.get(f"/issues/{issue.slug}/").status_code == 404
    client.force_login(User.objects.create_user("minji"))
    assert client.get(f"/issues/{issue.slug}/").status_code == 200


@pytest.mark.parametrize("state", [IssueState.SENDING, IssueState.PAUSED, IssueState.SENT])
def test_what_has_begun_to_leave_can_be_read_by_all(client, state):
    issue = a_weekly()
    Issue.objects.filter(pk=issue.pk).update(state=state)
    page = client.get(f"/issues/{issue.slug}/")
    assert page.status_code == 200
    for number in range(1, 6):
        assert f"Paper Number {number}" in page.text
        assert f'id="paper-{number}"' in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", "정정합니다. 지난 호에서 소개한 “Paper Number 5”"),
        ("en", "Correction: the authors of “Paper Number 5”"),
    ],
)
def test_a_withdrawn_paper_of_an_earlier_issue_is_corrected_on_the_page_too(
    client, language, words
):
    earlier = sent(a_weekly())
    Paper.objects.filter(arxiv_id="2601.05245").update(withdrawn_at=clock.now())
    week = FRIDAY + timedelta(days=7)
    listed(an_entry("2601.11111", "New"), listed_on=week)
    issue = sent(assemble(the_week(week)).issue)
    page = client.get(f"/issues/{issue.slug}/?lang={language}").text
    assert words in page
    assert f'<a href="/issues/{earlier.slug}/">' in page


def test_each_language_has_its_own_text_first(client):
    listed(an_entry(title_ko="보상에 관한 논문", votes=3, sections=(KOREAN, ENGLISH)))
    issue = sent(assemble(the_week()).issue)
    korean = client.get(f"/issues/{issue.slug}/").text
    english = client.get(f"/issues/{issue.slug}/?lang=en").text
    assert korean.index(KOREAN.text) < korean.index(ENGLISH.text)
    assert english.index(ENGLISH.text) < english.index(KOREAN.text)
    assert "보상에 관한 논문" in korean


def test_links_of_a_paper_lead_on_and_hostile_ones_do_not(client):
    entry = an_entry(
        votes=3,
        links=(Link("Code", "https://github.com/a/b"), Link("Bad", "javascript:alert(1)")),
    )
    listed(entry)
    issue = sent(assemble(the_week()).issue)
    page = client.get(f"/issues/{issue.slug}/").text
    assert 'href="https://github.com/a/b"' in page
    assert "https://arxiv.org/abs/2601.05242" in page
    assert "javascript:" not in page


def test_markup_in_a_title_is_shown_as_text(client):
    listed(an_entry(title="</h2><script>alert(1)</script> {{ 7*7 }}", votes=3))
    issue = sent(assemble(the_week()).issue)
    page = client.get(f"/issues/{issue.slug}/").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


def test_an_unknown_issue_is_a_kind_404(client):
    page = client.get("/issues/2001-01-01-weekly/")
    assert page.status_code == 404
    assert "페이지를 찾을 수 없습니다" in page.text


def test_the_archive_asks_the_database_a_fixed_number_of_times(
    client, django_assert_max_num_queries
):
    sent(a_weekly())
    with django_assert_max_num_queries(3):
        client.get("/issues/")


def test_both_languages_stand_side_by_side_where_that_is_asked(client):
    listed(an_entry(title_ko="보상에 관한 논문", votes=3, sections=(KOREAN, ENGLISH)))
    issue = sent(assemble(the_week()).issue)
    page = client.get(f"/issues/{issue.slug}/?read=both").text
    assert page.index(KOREAN.text) < page.index(ENGLISH.text)
    assert "<details>" not in page
    assert 'href="?read=both" aria-current="page"' in page


def test_an_issue_leads_to_the_ones_before_and_after_it(client):
    weeks = [sent(a_week(number)) for number in range(3)]
    page = client.get(f"/issues/{weeks[1].slug}/").text
    assert f'rel="prev" href="/issues/{weeks[0].slug}/"' in page
    assert f'rel="next" class="after" href="/issues/{weeks[2].slug}/"' in page
    assert 'rel="next"' not in client.get(f"/issues/{weeks[2].slug}/").text


def test_each_paper_leads_to_its_page_and_its_citation(client):
    issue = sent(a_weekly())
    page = client.get(f"/issues/{issue.slug}/").text
    for number in range(1, 6):
        assert f'href="/papers/2601.0524{number}/"' in page
        assert f'href="/papers/2601.0524{number}/bibtex"' in page
    assert "소개한 곳:" in page


@pytest.mark.parametrize("query", ["", "?lang=en", "?read=both"])
def test_the_page_of_a_very_heavy_issue_stays_light_and_leads_to_the_rest(client, query):
    korean = Section("초록", "ko", "가나다라마바사 아자차카타파하. " * 400)
    english = Section("Abstract", "en", "A sentence of an abstract. " * 600)
    entries = [
        an_entry(f"2601.0000{n}", f"Paper {n}", votes=100 - n, sections=(korean, english))
        for n in range(10)
    ]
    listed(*entries)
    issue = sent(assemble(the_week()).issue)
    page = client.get(f"/issues/{issue.slug}/{query}")
    assert len(page.content) < 150_000
    assert page.text.count('<section class="paper"') == 10
    assert '<p><a href="/papers/2601.00009/">' in page.text
    assert '<p><a href="/papers/2601.00000/">' not in page.text


def a_week(number: int) -> Issue:
    day = FRIDAY + timedelta(weeks=number)
    papers = [an_entry(f"260{number}.0000{n}", f"Paper {number}{n}", votes=n) for n in range(1, 5)]
    listed(*papers, listed_on=day)
    return assemble(the_week(day)).issue


def test_a_page_names_an_issue_in_its_own_language_and_its_days_once(client):
    issue = sent(a_weekly())
    korean = client.get(f"/issues/{issue.slug}/?lang=ko").text
    english = client.get(f"/issues/{issue.slug}/?lang=en").text
    assert "<h1>이번 주의 주요 ML 논문</h1>" in korean
    assert "<h1>Top ML Papers of the Week</h1>" in english
    listed_in_english = client.get("/issues/?lang=en").text
    assert "Top ML Papers of the Week" in listed_in_english
    assert "이번 주의" not in listed_in_english


def test_the_contents_of_an_issue_tell_the_votes_of_each_paper(client):
    listed(an_entry(votes=1234))
    issue = sent(assemble(the_week()).issue)
    page = client.get(f"/issues/{issue.slug}/").text
    contents = page[page.index('class="contents"') : page.index('id="paper-1"')]
    assert "▲&nbsp;1,234" in contents


def test_the_overview_at_alphaxiv_is_in_the_language_of_the_page(client):
    listed(an_entry(votes=3))
    issue = sent(assemble(the_week()).issue)
    for page in (f"/issues/{issue.slug}/", "/papers/2601.05242/"):
        assert "alphaxiv.org/ko/overview/" in client.get(f"{page}?lang=ko").text
        assert "alphaxiv.org/overview/" in client.get(f"{page}?lang=en").text


def test_an_issue_that_was_stopped_stays_for_those_who_got_it(client):
    issue = a_weekly()
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.CANCELLED)
    letter = Delivery(issue=issue, subscriber=a_reader("haru@example.com"), language="ko")
    letter.status = DeliveryStatus.ACCEPTED
    letter.save()
    page = client.get(f"/issues/{issue.slug}/")
    assert page.status_code == 200
    assert "발송이 중단된 호입니다." in page.text
    assert "noindex" in page.text
    assert issue.slug not in client.get("/issues/").text
