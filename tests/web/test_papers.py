from datetime import datetime

import pytest
from django.contrib.auth.models import User

from newsletter.collect.digests.digest import Format, Link, Section
from newsletter.collect.models import Source
from newsletter.common.clock import SEOUL
from newsletter.papers.models import Paper, Summary
from tests.factories import ENGLISH, KOREAN, a_source, a_weekly, an_entry, listed
from tests.web.given import this_week_sent

pytestmark = pytest.mark.django_db

PAGE = "/papers/2601.05242/"


def test_a_paper_shows_what_every_source_said_of_it_and_who_said_it(client):
    a_source("top", credit="탑 다이제스트")
    listed(an_entry(votes=3, sections=(KOREAN, ENGLISH)), source="top")
    other = Section("소개", "ko", "다른 다이제스트의 소개 글입니다.")
    listed(an_entry(sections=(other,)), source="wtp", digest_format=Format.WTP)
    this_week_sent()
    page = client.get(PAGE).text
    assert "2곳에서 소개" in page
    for told in ("탑 다이제스트", "wtp 다이제스트", KOREAN.text, ENGLISH.text, other.text):
        assert told in page


@pytest.mark.parametrize("form", ["math/0309136", "MATH/0309136"])
def test_a_paper_of_the_old_days_is_found_however_its_id_is_written(client, form):
    listed(an_entry(arxiv_id="math/0309136", votes=3))
    this_week_sent()
    assert client.get(f"/papers/{form}/").status_code == 200


def test_an_address_that_can_be_no_papers_is_not_found(client):
    assert client.get("/papers/a-b/9901001/").status_code == 404


def test_a_text_that_may_not_be_passed_on_is_credited_and_not_shown(client):
    listed(an_entry(votes=3), source="ours")
    closed = Section("요약", "ko", "배포할 수 없는 글입니다.")
    source = a_source("closed", may_be_mailed=False, credit="닫힌 다이제스트")
    source.address = "https://closed.example/feed"
    source.save()
    listed(an_entry(sections=(closed,)), source="closed")
    this_week_sent()
    page = client.get(PAGE).text
    assert closed.text not in page
    assert "닫힌 다이제스트" in page
    assert 'href="https://closed.example/feed"' in page
    assert "글은 싣지 않고" in page


def test_a_source_goes_by_the_name_and_the_licence_that_are_known_today(client):
    listed(an_entry(votes=3))
    this_week_sent()
    Summary.objects.update(credit="어느 글에 적힌 문장입니다.", licence="MIT")
    Source.objects.update(credit="지은", licence="CC BY 4.0")
    page = client.get(PAGE).text
    assert "지은" in page
    assert "CC BY 4.0" in page
    for old in ("어느 글에 적힌 문장입니다.", "MIT"):
        assert old not in page


def test_whose_list_a_source_tells_again_is_named_with_a_link(client):
    origin = a_source("first", credit="처음 쓴 이")
    Source.objects.filter(slug="first").update(address="https://first.example/posts")
    listed(an_entry(votes=3), source="copy")
    Source.objects.filter(slug="copy").update(derived_from=origin)
    this_week_sent()
    page = client.get(PAGE).text
    assert "다른 소스의 목록을 옮긴 글입니다" in page
    Source.objects.filter(slug="first").update(address="javascript:alert(1)")
    assert "javascript:" not in client.get(PAGE).text
    assert '<a href="https://first.example/posts" rel="noopener noreferrer">처음 쓴 이</a>' in page
    listed(an_entry(), source="first")
    assert "다른 소스의 목록을 옮긴 글입니다" not in client.get(PAGE).text


def test_an_error_sentence_is_never_shown(client):
    failed = Section("요약", "ko", "번역 중 오류가 발생했습니다.")
    listed(an_entry(votes=3, sections=(failed,)), source="broken")
    listed(an_entry(), source="ours")
    this_week_sent()
    page = client.get(PAGE).text
    assert failed.text not in page
    assert "글 없이 목록에만" in page


@pytest.mark.parametrize(("language", "said"), [("ko", "AI 요약"), ("en", "machine-written")])
def test_the_web_version_says_where_a_machine_has_written(client, language, said):
    source = a_source("ours")
    source.written_by = "machine"
    source.save()
    listed(an_entry(votes=3))
    page = client.get(f"/issues/{this_week_sent().slug}/?lang={language}").text
    assert f'<span class="tag">{said}</span>' in page


def test_of_a_partly_failed_text_the_rest_is_shown(client):
    broken = Section("요약", "ko", f"{KOREAN.text}\n\n번역 중 오류가 발생했습니다.")
    listed(an_entry(votes=3, sections=(broken,)))
    this_week_sent()
    page = client.get(PAGE).text
    assert KOREAN.text in page
    assert "오류가 발생" not in page


def test_votes_over_time_are_drawn_and_stand_in_a_table(client):
    for day, votes in ((5, 10), (6, 40), (7, 117)):
        counted = datetime(2026, 1, day, 12, tzinfo=SEOUL)
        listed(an_entry(votes=votes), observed_at=counted, listed_on=counted.date())
    this_week_sent()
    page = client.get(PAGE).text
    assert 'points="0,950 500,800 1000,415"' in page
    for votes in ("10", "40", "117"):
        assert f'<td class="figure">{votes}</td>' in page


def test_one_count_is_no_course_and_is_not_drawn(client):
    listed(an_entry(votes=7))
    this_week_sent()
    page = client.get(PAGE).text
    assert "<polyline" not in page
    assert '<td class="figure">7</td>' in page


def test_the_issues_that_carried_it_are_named_and_hidden_ones_are_not(client):
    listed(an_entry(votes=3), an_entry("2601.05243", "Other", votes=2))
    issue = this_week_sent()
    assert f"/issues/{issue.slug}/" in client.get(PAGE).text
    issue.items.filter(paper__arxiv_id="2601.05242").update(hidden=True)
    assert client.get(PAGE).status_code == 404


def test_a_paper_that_no_issue_has_carried_is_only_for_editors(client):
    a_weekly()
    assert client.get("/papers/2601.05241/").status_code == 404
    assert client.get("/papers/2601.05241/bibtex").status_code == 404
    client.force_login(User.objects.create_user("minji"))
    page = client.get("/papers/2601.05241/").text
    assert "편집자에게만" in page
    assert "noindex" in page


def test_every_name_of_a_paper_leads_to_one_page(client):
    listed(an_entry(votes=3))
    this_week_sent()
    number = Paper.objects.get().pk
    for path in ("/papers/2601.05242v2/", f"/papers/t/{number}/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, PAGE)


@pytest.mark.parametrize("path", ["/papers/9999.99999/", "/papers/t/999/", "/papers/nonsense/"])
def test_an_unknown_paper_is_a_kind_404(client, path):
    page = client.get(path)
    assert page.status_code == 404
    assert "페이지를 찾을 수 없습니다" in page.text


def test_hostile_links_and_markup_do_nothing(client):
    listed(
        an_entry(
            title="</h1><script>alert(1)</script>",
            votes=3,
            links=(Link("x", "javascript:alert(1)"), Link("Code", "https://github.com/a/b")),
        )
    )
    this_week_sent()
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "javascript:" not in page
    assert "https://github.com/a/b" in page


def test_the_citation_is_plain_text(client):
    listed(an_entry(votes=3, authors=("Minji Kim", "Wei Zhang")))
    this_week_sent()
    answer = client.get(PAGE + "bibtex")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("@misc{kim2026paper,")
    assert "author        = {Minji Kim and Wei Zhang}" in answer.text
    assert "eprint        = {2601.05242}" in answer.text


def test_a_withdrawn_paper_says_so(client):
    listed(an_entry(votes=3))
    this_week_sent()
    Paper.objects.update(withdrawn_at=datetime(2026, 1, 20, tzinfo=SEOUL))
    assert "저자가 철회한 논문" in client.get(PAGE).text


def test_a_paper_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    for source in ("a", "b", "c", "d"):
        listed(an_entry(votes=3), source=source)
    this_week_sent()
    with django_assert_max_num_queries(6):
        client.get(PAGE)
