"""An issue with nothing to read does not leave, and its editor is told what is at hand."""

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.collect.models import Source
from newsletter.common.errors import Declined
from newsletter.common.findings import Finding, Severity, gathered
from newsletter.issues import editing
from newsletter.issues.assemble import assemble, refresh
from newsletter.issues.outside import outsiders, take_in
from newsletter.issues.states import IssueState
from tests.factories import ENGLISH, KOREAN, a_source, an_entry, listed, the_week

pytestmark = pytest.mark.django_db


def papers(number, sections, start=0):
    return [
        an_entry(f"2601.{start + n:05}", f"Paper {start + n}", sections=sections)
        for n in range(number)
    ]


def found(issue, code):
    return next((one for one in editing.findings(issue) if one.code == code), None)


def an_empty_issue(number=10):
    listed(*papers(number, ()))
    return assemble(the_week()).issue


def test_an_issue_without_a_single_text_does_not_leave():
    issue = an_empty_issue()
    finding = found(issue, "issue.no_text")
    assert (finding.severity, finding.place) == (Severity.ERROR, "2026-01-05-weekly")
    assert "10편 가운데" in finding.ko
    assert "한 편도 없습니다" in finding.ko
    with pytest.raises(Declined) as refusal:
        editing.approve(issue, "지은", read=True)
    assert refusal.value.code == "gate.closed"


def test_with_a_reason_in_words_it_leaves_and_the_reason_is_kept():
    issue = an_empty_issue()
    editing.approve(issue, "지은", read=True, reason="이번 주는 목록만 보냅니다.")
    assert issue.state == IssueState.APPROVED
    assert issue.approved_despite["reason"] == "이번 주는 목록만 보냅니다."
    assert ("issue.no_text", Severity.WARNING) in {
        (one.code, one.severity) for one in editing.findings(issue)
    }


@pytest.mark.parametrize(("told", "leaves"), [(5, True), (4, False)])
def test_half_of_the_papers_is_enough(told, leaves):
    listed(*papers(told, (KOREAN,)), *papers(10 - told, (), start=50))
    issue = assemble(the_week()).issue
    take_in(issue, [one.paper.arxiv_id for one in outsiders(issue)])
    assert issue.items.count() == 10
    assert (found(issue, "issue.no_text") is None) == leaves


@pytest.mark.parametrize(("percent", "leaves"), [(0, True), (100, False)])
def test_how_much_is_enough_is_a_setting(settings, percent, leaves):
    settings.LEAST_TOLD_PERCENT = percent
    listed(*papers(3, (KOREAN,)), *papers(3, (), start=50))
    issue = assemble(the_week()).issue
    assert found(issue, "issue.no_text") is None
    take_in(issue, [one.paper.arxiv_id for one in outsiders(issue)])
    assert (found(issue, "issue.no_text") is None) == leaves


def test_the_remedy_names_the_korean_texts_that_are_at_hand_and_how_to_take_them_in():
    issue = an_empty_issue()
    listed(*papers(4, (KOREAN,), start=50), source="late")
    finding = found(issue, "issue.no_text")
    assert "한국어 글이 있는 후보 4편" in finding.remedy_ko
    assert "newsletter assemble weekly --for 2026-01-05 --refresh" in finding.remedy_en
    refresh(issue)
    assert found(issue, "issue.no_text") is None


def test_an_issue_in_english_names_them_as_well():
    listed(*papers(6, (ENGLISH,)))
    issue = assemble(the_week()).issue
    assert "번역이 통째로 실패" in found(issue, "issue.not_korean").remedy_ko
    listed(*papers(4, (KOREAN,), start=50), source="late")
    assert "후보 4편" in found(issue, "issue.not_korean").remedy_ko


def test_a_text_called_korean_without_hangul_is_not_korean():
    listed(*papers(4, (Section("요약", "ko", ENGLISH.text),)))
    assert found(assemble(the_week()).issue, "issue.not_korean") is not None


def test_an_editor_who_hid_a_paper_is_not_asked_to_take_it_in():
    listed(*papers(4, (KOREAN,)), *papers(4, (ENGLISH,), start=50))
    issue = assemble(the_week()).issue
    for item in issue.items.filter(paper__arxiv_id__lt="2601.00050"):
        editing.set_hidden(item, True)
    assert "후보" not in found(issue, "issue.not_korean").remedy_ko


def test_findings_of_one_kind_are_told_once_with_their_number_the_gravest_first():
    told = [
        Finding("item.no_text", "글이 없습니다.", "No text.", place="a", remedy_ko="보세요."),
        Finding("item.cut_off", "끝: x", "End: x", place="a"),
        Finding("item.no_text", "글이 없습니다.", "No text.", place="b", remedy_ko="보세요."),
        Finding("issue.empty", "비었습니다.", "Empty.", Severity.ERROR),
        Finding("item.cut_off", "끝: y", "End: y", place="b"),
    ]
    kinds = gathered(told)
    assert [(one.finding.code, len(one.all), one.tells_one_thing) for one in kinds] == [
        ("issue.empty", 1, True),
        ("item.no_text", 2, True),
        ("item.cut_off", 2, False),
    ]
    assert kinds[1].places == ("a", "b")
    assert [one.remedy_ko for one in kinds[1].remedies] == ["보세요."]


def test_a_paper_that_failed_among_others_that_were_told_closes_nothing():
    listed(
        *papers(3, (KOREAN,)),
        an_entry("2601.00099", "Lost", sections=(Section("", "ko", "번역 실패"),)),
    )
    assert found(assemble(the_week()).issue, "issue.failed_texts") is None


def test_a_text_in_chinese_tells_nobody_anything():
    chinese = Section("摘要", "zh", "这是一段自己编写的中文文字，用来测试语言识别。")
    listed(*papers(10, (chinese,)))
    issue = assemble(the_week()).issue
    assert found(issue, "issue.no_text") is not None
    assert all(item.sections == () for item in editing.content_of(issue).items)


def test_a_digest_that_failed_outside_an_issue_that_is_told_is_a_warning():
    listed(*papers(10, (KOREAN,)))
    broken = (Section("", "ko", "번역 실패"),)
    listed(*papers(15, broken, start=50), source="broken")
    assert found(assemble(the_week()).issue, "issue.failed_texts").severity is Severity.WARNING


def test_only_sources_that_wrote_korean_are_asked_for():
    for slug in ("bare", "notes"):
        Source.objects.create(slug=slug, name=slug)
    listed(*papers(4, ()), source="bare")
    listed(*papers(4, (KOREAN,)), source="notes")
    remedy = found(assemble(the_week()).issue, "issue.no_text").remedy_en
    assert "newsletter sources confirm notes" in remedy
    assert "bare" not in remedy


def test_what_a_licence_bars_is_named_as_the_cause():
    a_source("closed", may_be_mailed=False)
    listed(*papers(4, (KOREAN,)), source="closed")
    assert (
        "라이선스가 메일에 싣는 것을"
        in found(assemble(the_week()).issue, "issue.no_text").remedy_ko
    )


def test_what_was_taken_in_is_counted_again():
    listed(*papers(2, (KOREAN,)), an_entry("2601.00099", "Late", votes=1, sections=()))
    listed(*papers(3, (), start=50))
    issue = assemble(the_week()).issue
    take_in(issue, [one.paper.arxiv_id for one in outsiders(issue)])
    listed(an_entry("2601.00099", "Late", votes=5), source="late")
    refresh(issue)
    item = issue.items.get(paper__arxiv_id="2601.00099")
    assert (item.votes, item.reason["told"]) == (5, 2)


def test_a_candidate_can_be_called_by_its_address_and_one_that_is_in_is_left_alone():
    listed(*papers(1, (KOREAN,)), *papers(3, (), start=50))
    issue = assemble(the_week()).issue
    assert take_in(issue, ["https://arxiv.org/abs/2601.00052", "2601.00000"]) == 1
