import pytest

from newsletter.collect.digests.digest import Format, Link, Section
from newsletter.common.findings import Severity
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from tests.factories import KOREAN, a_source, a_weekly_post, an_entry, five_papers, listed, the_week

pytestmark = pytest.mark.django_db


def told(issue):
    return {(finding.code, finding.severity) for finding in editing.findings(issue)}


def the_issue_with(**entry):
    five_papers()
    listed(an_entry("2601.09999", "A Damaged One", votes=99, **entry), source="damaged")
    return assemble(the_week()).issue


def the_damaged_one(issue):
    return editing.content_of(issue).items[0]


@pytest.mark.parametrize(
    "url", ["https://[bad", "http://[::1", "http://10.0.0.1/x", "http://nas.lan/", "x:y", ""]
)
def test_a_link_that_nobody_can_open_is_left_out_and_closes_nothing(url):
    good = Link("코드", "https://github.com/a/b")
    issue = the_issue_with(links=(Link("내부", url), good))
    assert the_damaged_one(issue).links == (good,)
    assert told(issue) == {("item.link_dropped", Severity.WARNING)}


def test_a_picture_that_no_mail_can_show_is_left_out():
    issue = the_issue_with(image="https://10.0.0.1/a.png")
    assert the_damaged_one(issue).image == ""
    assert told(issue) == {("item.picture_dropped", Severity.WARNING)}


def test_a_picture_in_the_digests_own_folder_is_no_fault():
    issue = the_issue_with(image="images/a_img.jpg")
    assert the_damaged_one(issue).image == ""
    assert told(issue) == set()


def test_a_korean_title_that_is_an_error_sentence_is_left_out():
    issue = the_issue_with(title_ko="번역 중 오류 발생: 3번의 시도 후에도 실패했습니다.")
    assert the_damaged_one(issue).title_ko == ""
    assert told(issue) == {("item.words_dropped", Severity.WARNING)}


@pytest.mark.parametrize("words", ["A Br\ufffdken One", "arXiv Links", "API 호출 오류"])
def test_words_that_are_no_title_are_no_part_of_a_draft(words):
    five_papers()
    listed(an_entry("2601.09999", words, votes=99), source="damaged")
    issue = assemble(the_week()).issue
    assert the_damaged_one(issue).title == "2601.09999"
    listed(an_entry("2601.09999", "A Whole One"), source="whole")
    assert the_damaged_one(issue).title == "A Whole One"
    assert told(issue) == set()


def test_a_bullet_that_failed_is_left_out_and_the_others_stay():
    text = "- Goal: 정보 부족\n- Motivation: 학습이 느려 새 방법을 찾습니다."
    issue = the_issue_with(sections=(Section("Introduction", "ko", text),))
    (section,) = the_damaged_one(issue).sections
    assert section.text == "- Motivation: 학습이 느려 새 방법을 찾습니다."
    assert told(issue) == {("item.error_sentence", Severity.WARNING)}


def test_an_error_sentence_in_the_trends_is_left_out_and_the_issue_can_leave():
    good = Section("동향", "ko", "강화 학습 연구가 많았습니다.")
    failed = Section("요약", "ko", "_(트렌드 도입 생성 실패)_")
    a_weekly_post(
        *[an_entry(f"2601.0100{n}", f"Paper {n}") for n in range(3)],
        digest_format=Format.PYTORCHKR_WEEKLY,
        intro=(good, failed),
    )
    issue = assemble(the_week()).issue
    assert [part.heading for part in editing.content_of(issue).intro] == ["동향", ""]
    assert editing.content_of(issue).intro[0] == good
    assert ("item.error_sentence", Severity.WARNING) in told(issue)
    editing.approve(issue, "지은", read=True)


def test_a_good_digest_is_left_as_it_is():
    issue = the_issue_with()
    assert the_damaged_one(issue).sections == (KOREAN,)
    assert told(issue) == set()


@pytest.mark.parametrize(("failed", "leaves"), [(2, True), (3, False)])
def test_a_digest_that_failed_as_a_whole_keeps_the_issue_from_leaving(failed, leaves):
    no_text = (Section("요약", "ko", "번역 실패"),)
    texts = [no_text] * failed + [(KOREAN,)] * (4 - failed)
    listed(
        *[
            an_entry(f"2601.0000{number}", f"Paper {number}", sections=sections)
            for number, sections in enumerate(texts)
        ]
    )
    issue = assemble(the_week()).issue
    assert (("issue.failed_texts", Severity.ERROR) not in told(issue)) == leaves


def test_words_that_may_not_be_mailed_are_no_failure():
    a_source("lent", may_be_mailed=False)
    listed(*[an_entry(f"2601.0000{n}", f"Paper {n}") for n in range(4)], source="lent")
    assert told(assemble(the_week()).issue) == {
        ("item.no_text", Severity.WARNING),
        ("issue.no_text", Severity.ERROR),
    }
