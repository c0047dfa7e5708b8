import pytest

from newsletter.collect.models import Source, SourceFinding
from newsletter.common import clock
from tests.brokers import broker_at
from tests.factories import a_source, an_entry, five_papers, listed

pytestmark = pytest.mark.django_db


def finding(source: Source, code: str, severity: str = "error", **told: object) -> None:
    SourceFinding.objects.create(
        source=source, code=code, severity=severity, ko=f"{code} 문제", en=f"{code} trouble",
        remedy_ko="주소를 확인해 주세요.", remedy_en="Check the address.", **told,
    )  # fmt: skip


def sources(editor) -> str:
    return editor.get("/desk/sources/").text


def test_a_desk_without_sources_leads_to_adding_one(editor):
    assert "/desk/sources/add/" in sources(editor)


def test_each_source_tells_its_health_and_its_terms(editor):
    source = a_source("blog", may_be_mailed=False)
    source.interval, source.failures_in_a_row, source.last_error = "daily", 4, "fetch.timeout"
    source.licence = "CC BY-NC 4.0"
    source.save()
    finding(source, "source.failing")
    page = sources(editor)
    for told in ("blog 다이제스트", "4번 연속 (fetch.timeout)", "CC BY-NC 4.0", "링크만 싣기",
                 "source.failing 문제", "주소를 확인해 주세요."):  # fmt: skip
        assert told in page
    assert "source.failing trouble" in editor.get("/desk/sources/?lang=en").text


def test_what_has_passed_is_told_no_more(editor):
    finding(a_source("blog"), "source.silent", passed_at=clock.now())
    page = sources(editor)
    assert "source.silent" not in page
    assert "정상" in page


def test_a_source_that_was_never_read_is_not_called_well(editor):
    source = a_source("new")
    source.interval = "daily"
    source.save()
    assert "아직 읽지 않음" in sources(editor)
    assert "정상" not in sources(editor)
    source.last_success_at = clock.now()
    source.save()
    assert "정상" in sources(editor)


def test_those_that_need_somebody_come_first(editor):
    finding(a_source("second"), "source.silent", "warning")
    a_source("third")
    finding(a_source("first"), "source.failing", "error")
    page = sources(editor)
    assert page.index("first 다") < page.index("second 다") < page.index("third 다")


def test_a_source_that_is_off_says_so_and_asks_for_nobody(editor):
    source = a_source("old")
    source.enabled = False
    source.save()
    finding(source, "source.failing")
    page = sources(editor)
    assert "꺼짐" in page
    assert "source.failing" not in page


def test_sources_cost_a_fixed_number_of_queries(editor, django_assert_max_num_queries):
    for number in range(12):
        finding(a_source(f"s{number}"), "source.failing")
    with django_assert_max_num_queries(6):
        sources(editor)


def test_each_source_tells_how_many_papers_it_has_given(editor):
    five_papers(source="blog")
    listed(an_entry("2601.05241", "Paper Number 1", votes=99), source="blog")
    assert "<dt>논문</dt><dd>5</dd>" in sources(editor)


def test_a_source_is_put_away_and_taken_up_again(editor):
    source = a_source("blog")
    page = editor.post("/desk/sources/blog/switch/", {"deed": "off"}, follow=True).text
    source.refresh_from_db()
    assert not source.enabled
    assert "다시 사용" in page
    page = editor.post("/desk/sources/blog/switch/", {"deed": "on"}, follow=True).text
    source.refresh_from_db()
    assert source.enabled
    assert "사용 중지" in page


def test_reading_now_says_so_when_the_queue_is_away(editor, tmp_path):
    source = a_source("blog")
    source.interval, source.address = "daily", "https://blog.example/feed.xml"
    source.save()
    assert "지금 읽기" in sources(editor)
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        page = editor.post("/desk/sources/blog/read/", follow=True).text
    assert "작업 대기열에 닿지 않아 읽지 못했습니다" in page


def test_what_is_fed_by_files_or_off_is_not_read(editor):
    a_source("blog")
    assert "지금 읽기" not in sources(editor)
    page = editor.post("/desk/sources/blog/read/", follow=True).text
    assert "파일로만 가져오는 소스" in page


def test_looking_at_an_address_of_a_deed_changes_nothing(editor):
    source = a_source("blog")
    assert editor.get("/desk/sources/blog/switch/").status_code == 405
    source.refresh_from_db()
    assert source.enabled


def test_sources_are_for_editors(client):
    assert client.get("/desk/sources/").status_code == 302
