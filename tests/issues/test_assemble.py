import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from newsletter.collect import terms
from newsletter.collect.digests.digest import Format, Section
from newsletter.collect.models import Source
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.common.errors import NotFound, Refused
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState
from newsletter.issues.window import window_around
from tests.factories import (
    FRIDAY,
    KOREAN,
    a_source,
    a_weekly,
    a_weekly_post,
    an_entry,
    five_papers,
    listed,
    the_week,
)

pytestmark = pytest.mark.django_db


def shown(issue):
    return [item.paper.arxiv_id for item in issue.items.select_related("paper")]


def test_the_weekly_ranks_the_papers_of_its_week_by_votes():
    assert shown(a_weekly()) == [f"2601.0524{number}" for number in (5, 4, 3, 2, 1)]


def test_a_paper_of_the_next_monday_belongs_to_the_next_week():
    five_papers()
    listed(an_entry("2601.09999", "Later", votes=999), listed_on=date(2026, 1, 12))
    assert "2601.09999" not in shown(assemble(the_week()).issue)


def test_votes_are_counted_at_the_cut_off():
    cut_off = datetime(2026, 1, 12, tzinfo=SEOUL)
    before, after = cut_off - timedelta(seconds=1), cut_off
    listed(an_entry(votes=80), observed_at=before)
    listed(an_entry(votes=500), observed_at=after, source="late")
    (item,) = assemble(the_week()).issue.items.all()
    assert item.votes == 80
    assert item.source_count == 2


def test_asking_again_finds_the_same_issue():
    issue = a_weekly()
    again = assemble(the_week())
    assert (again.issue.pk, again.created) == (issue.pk, False)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_calls_at_once_make_one_issue():
    five_papers()
    barrier = threading.Barrier(100)
    made = []

    def run():
        try:
            barrier.wait()
            made.append(assemble(the_week()))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 100
    assert sum(one.created for one in made) == 1
    assert Issue.objects.get().items.count() == 5


def test_a_quiet_day_makes_no_issue():
    with pytest.raises(Refused) as refusal:
        assemble(window_around(Cadence.DAILY, FRIDAY, SEOUL))
    assert refusal.value.code == "issue.empty"
    assert not Issue.objects.exists()


@pytest.mark.parametrize("state", [IssueState.APPROVED, *BEGUN])
def test_what_last_weeks_issue_carried_is_not_carried_again(state):
    a_weekly()
    Issue.objects.update(state=state)
    next_friday = FRIDAY + timedelta(days=7)
    five_papers(next_friday, source="again")
    listed(an_entry("2601.11111", "New"), listed_on=next_friday)
    assert shown(assemble(the_week(next_friday)).issue) == ["2601.11111"]


@pytest.mark.parametrize("state", [IssueState.DRAFT, IssueState.CANCELLED])
def test_what_no_reader_was_sent_can_still_be_carried(state):
    a_weekly()
    Issue.objects.update(state=state)
    next_friday = FRIDAY + timedelta(days=7)
    five_papers(next_friday, source="again")
    assert len(shown(assemble(the_week(next_friday)).issue)) == 5


def test_the_trends_come_from_a_source_that_wrote_them():
    trends = Section("이번 주 동향", "ko", "- 강화 학습 연구가 많았습니다.")
    a_weekly_post(an_entry(), digest_format=Format.PYTORCHKR_WEEKLY, intro=(trends,))
    credit = Section("", "ko", "이 글은 ours 다이제스트에서 썼습니다.")
    assert editing.content_of(assemble(the_week()).issue).intro == (trends, credit)


def test_the_trends_of_a_source_that_may_be_mailed_no_more_leave_the_draft_at_once():
    trends = Section("이번 주 동향", "ko", "- 강화 학습 연구가 많았습니다.")
    a_weekly_post(an_entry(), digest_format=Format.PYTORCHKR_WEEKLY, intro=(trends,))
    issue = assemble(the_week()).issue
    terms.confirm(Source.objects.get(), terms.Terms(may_be_mailed=False), "지은")
    assert editing.content_of(issue).intro == ()


def test_what_was_written_of_one_day_is_not_told_of_the_week():
    of_the_day = Section("오늘의 동향", "ko", "오늘은 정렬 연구가 많았습니다.")
    listed(an_entry(), listed_on=the_week().last_day, intro=(of_the_day,))
    assert editing.content_of(assemble(the_week()).issue).intro == ()


def test_what_was_written_of_a_month_is_not_told_of_its_last_week():
    of_the_month = Section("이달의 동향", "ko", "이달에는 정렬 연구가 많았습니다.")
    week = the_week()
    five_papers(source="another")
    listed(
        an_entry(), period_start=date(2026, 1, 1), listed_on=week.last_day, intro=(of_the_month,)
    )
    assert editing.content_of(assemble(week).issue).intro == ()


def test_trends_in_chinese_are_shown_to_nobody():
    chinese = Section("", "zh", "这是一段自己编写的中文文字。")
    a_weekly_post(an_entry(), intro=(chinese,))
    assert editing.content_of(assemble(the_week()).issue).intro == ()


def test_a_text_that_may_not_be_mailed_is_credited_and_linked_but_not_shown():
    a_source("nc", may_be_mailed=False, credit="어느 다이제스트 (CC BY-NC 4.0)")
    listed(an_entry(sections=(Section("What's New", "ko", "빌려 온 글입니다."),)), source="nc")
    (item,) = editing.content_of(assemble(the_week()).issue).items
    assert item.sections == ()
    assert [credit.name for credit in item.credits] == ["어느 다이제스트 (CC BY-NC 4.0)"]


def test_one_digest_speaks_for_a_paper_and_all_are_credited():
    short = Section("Abstract", "ko", "짧은 소개입니다.")
    listed(an_entry(sections=(short,)), source="ranking", digest_format=Format.HF_RANKING)
    listed(an_entry(sections=(KOREAN,)), source="top")
    (item,) = editing.content_of(assemble(the_week()).issue).items
    assert item.sections == (KOREAN,)
    assert len(item.credits) == 2


def test_an_error_sentence_falls_back_to_another_digest_and_is_told_to_the_editor():
    failed = Section(
        "요약", "ko", "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다."
    )
    good = Section("Introduction", "ko", "이 논문은 새로운 방법을 제안합니다.")
    listed(an_entry(sections=(failed,)), source="broken", digest_format=Format.PYTORCHKR_WEEKLY)
    listed(an_entry(sections=(good,)), source="notes", digest_format=Format.IMRLC)
    issue = assemble(the_week()).issue
    (item,) = editing.content_of(issue).items
    assert item.sections == (good,)
    assert "item.error_sentence" in {finding.code for finding in editing.findings(issue)}


def test_the_editor_chooses_which_digest_speaks():
    notes = Section("Introduction", "ko", "노트가 쓴 소개입니다.")
    listed(an_entry(), source="top")
    listed(an_entry(sections=(notes,)), source="notes", digest_format=Format.IMRLC)
    issue = assemble(the_week()).issue
    editing.set_speaker(issue.items.get(), "notes")
    assert editing.content_of(issue).items[0].sections == (notes,)
    editing.set_speaker(issue.items.get(), "")
    assert editing.content_of(issue).items[0].sections == (KOREAN,)


def test_a_source_that_wrote_nothing_cannot_speak():
    issue = a_weekly()
    a_source("silent")
    with pytest.raises(NotFound, match=r"source\.silent"):
        editing.set_speaker(issue.items.first(), "silent")
