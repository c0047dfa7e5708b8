from dataclasses import replace
from datetime import date

import pytest

from newsletter.collect.digests.digest import Link, Section
from newsletter.common.cadence import Cadence
from newsletter.common.findings import Severity
from newsletter.issues import gate
from newsletter.issues.content import IssueContent, ItemContent
from newsletter.issues.known import Background
from newsletter.issues.prose_check import hangul_share
from tests.factories import KOREAN


def an_item(number, **changes):
    item = ItemContent(number, f"Paper {number}", f"2601.0000{number}", sections=(KOREAN,))
    return replace(item, **changes)


def an_issue(*items, subject="이번 주의 논문"):
    items = items or tuple(an_item(number) for number in range(1, 5))
    week = (date(2026, 1, 5), date(2026, 1, 11))
    return IssueContent(Cadence.WEEKLY, "2026-01-05-weekly", "제목", subject, "top5", *week, items)


def codes(content, background=None):
    return {(finding.code, finding.severity) for finding in gate.check(content, background)}


def with_text(text, lang="ko"):
    return an_issue(
        *[an_item(n) for n in (1, 2, 3)], an_item(4, sections=(Section("요약", lang, text),))
    )


def test_a_good_issue_raises_nothing():
    assert gate.check(an_issue()) == ()


def test_an_empty_issue_does_not_leave():
    empty = replace(an_issue(), items=())
    assert ("issue.empty", Severity.ERROR) in codes(empty)


def test_the_same_paper_twice_does_not_leave():
    twice = an_issue(an_item(1), an_item(2), an_item(3), an_item(4, arxiv_id="2601.00001"))
    assert ("item.repeated", Severity.ERROR) in codes(twice)


def test_the_list_of_last_time_does_not_leave():
    earlier = Background(earlier=frozenset({"2601.00001", "2601.00002", "2601.00003"}))
    assert ("issue.repeated", Severity.ERROR) in codes(an_issue(), earlier)
    assert gate.check(an_issue(), Background(earlier=frozenset({"2601.00001"}))) == ()


def english_only(number):
    return an_item(number, sections=(Section("Abstract", "en", "A method that works well."),))


def test_a_paper_without_korean_text_is_shown_to_the_editor():
    (finding,) = gate.check(an_issue(english_only(1), an_item(2), an_item(3)))
    assert (finding.code, finding.severity) == ("item.not_korean", Severity.WARNING)
    assert finding.place == "2601.00001"


def test_an_issue_of_which_less_than_half_is_korean_does_not_leave():
    half = an_issue(an_item(1), an_item(2), english_only(3), english_only(4))
    less = an_issue(an_item(1), english_only(2), english_only(3))
    assert "issue.not_korean" not in {code for code, _ in codes(half)}
    assert ("issue.not_korean", Severity.ERROR) in codes(less)


@pytest.mark.parametrize(
    "sentence",
    [
        "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.",
        "정보 부족",
        "요약 실패: 레이트 리밋으로 인해 생성하지 못했다.",
        "<think> 먼저 논문을 보자",
        "Join the discussion on this paper page",
        "_(한국어 해설 생성 실패. 원문 abstract:)_",
        "한국어 요약을 생성하지 못했습니다.",
        "죄송합니다. 요청하신 내용을 처리할 수 없습니다.",
        "undefined",
        "- Goal: 정보 부족\n- Motivation: 정보 부족",
    ],
)
def test_an_error_sentence_in_the_place_of_a_summary_does_not_leave(sentence):
    assert ("item.error_sentence", Severity.ERROR) in codes(with_text(sentence))


def test_broken_characters_do_not_leave():
    assert ("item.broken_characters", Severity.ERROR) in codes(with_text("논문\ufffd입니다"))


def test_english_where_korean_is_due_is_shown_to_the_editor():
    english = with_text("This whole summary was never translated at all.")
    assert ("item.not_korean", Severity.WARNING) in codes(english)
    never = with_text("This is in English, and there is no Korean text at all.", lang="en")
    assert codes(never) == {("item.not_korean", Severity.WARNING)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("이 방법은 \\textbf{DAPO}를 개선한 것입니다.", "item.left_over_markup"),
        ("정확도는 $10^{-3} \\times 5$ 수준입니다.", "item.left_over_markup"),
        ("자세한 내용은 [코드](https://github.com/a/b)에 있습니다.", "item.left_over_markup"),
        ("모델은 \\alpha 값을 조절합니다.", "item.left_over_markup"),
        ("모델은 \\emph{강조}를 씁니다.", "item.left_over_markup"),
        ("복잡도는 $O(n^2)$ 수준입니다.", "item.left_over_markup"),
        ("변수 $x_i$를 씁니다.", "item.left_over_markup"),
        ("![그림](images/a.png)을 봅니다.", "item.left_over_markup"),
        ("| 모델 | 점수 |\n|---|---|\n| 가 | 1 |", "item.left_over_markup"),
        ("첫 줄입니다.<br>둘째 줄입니다.", "item.left_over_markup"),
        ("AT&amp;T와 &lt;b&gt;를 씁니다.", "item.left_over_markup"),
        ("__밑줄__을 그었습니다.", "item.left_over_markup"),
        ("함수 `forward`를 부릅니다.", "item.left_over_markup"),
        ("이 논문은 새로운 방법을 제안하며, 실험 결과를 통해", "item.cut_off"),
        ("이 논문은 새로운 방법을 제안합니다. 실험 결과 기존 모델보다 우수한 성", "item.cut_off"),
        ("안정적인 학습을 이룬다. 특히 Vision Transf", "item.cut_off"),
        ("- 새로운 방법이다.\n- 빠르다.\n- 병렬 코드 실행", "item.cut_off"),
        ("- 이 방법은 빠릅니다\n- 그러나 정확하지 않다", "item.mixed_endings"),
        ("이 방법은 빠릅니다. 정확도를 개선함. 기존보다 우수함.", "item.mixed_endings"),
        (
            "이 방법은 빠릅니다. 그러나 정확하지는 않다. 그래서 더 연구해야 합니다.",
            "item.mixed_endings",
        ),
    ],
)
def test_an_editor_is_asked_to_look_at_a_text_that_reads_badly(text, code):
    assert code in {found for found, severity in codes(with_text(text)) if severity != "error"}


def test_a_good_korean_text_with_terms_formulas_and_prices_raises_nothing():
    text = (
        "GDPO(Group reward-Decoupled Normalization)는 O(n log n)에 끝나며 ~5% 더 정확합니다.\n"
        "- 가격은 $5에서 $10 사이입니다.\n- **핵심**은 분리입니다.\n"
        "- 이것은 결코 작은 문제가 아닙니다 (C:D 비율은 3:1)."
    )
    assert codes(with_text(text)) == set()


def test_a_number_that_the_english_text_does_not_know_is_shown_to_the_editor():
    korean = Section("초록", "ko", "정확도가 83.8%에서 91.2%로 올랐고 3개 벤치마크에서 앞섰습니다.")
    english = Section("Abstract", "en", "Accuracy rises to 91.2% on three benchmarks.")
    told = an_issue(an_item(1, sections=(korean, english)), an_item(2), an_item(3))
    (finding,) = gate.check(told)
    assert (finding.code, "83.8" in finding.ko, "91.2" in finding.ko) == (
        "item.unknown_numbers",
        True,
        False,
    )


def test_numbers_are_compared_with_the_abstract_and_the_title():
    korean = Section("초록", "ko", "정확도가 91.2%이고 128개 과제에서 99.9%를 얻었습니다.")
    item = an_item(
        1, title="A Bench of 128 Tasks", abstract="Accuracy is 91.2%.", sections=(korean,)
    )
    (finding,) = gate.check(an_issue(item, an_item(2), an_item(3)))
    assert finding.code == "item.unknown_numbers"
    assert finding.ko.endswith(": 99.9")


def test_a_language_counts_small_things_in_words():
    korean = Section("초록", "ko", "모델 3개를 4개 과제에서 비교하고 12개 조건을 살핍니다.")
    item = an_item(
        1, abstract="Three models on four tasks, under 12 conditions.", sections=(korean,)
    )
    assert gate.check(an_issue(item, an_item(2), an_item(3))) == ()
    without = replace(item, abstract="Three models on four tasks.")
    (finding,) = gate.check(an_issue(without, an_item(2), an_item(3)))
    assert finding.ko.endswith(": 12")


def test_a_text_is_korean_from_a_quarter_of_its_letters_on():
    just = Section("요약", "ko", "가나다라마" + " abcdefghijklmno")
    below = Section("요약", "ko", "가나다라" + " abcdefghijklmnop")
    assert gate.check(an_issue(an_item(1, sections=(just,)), an_item(2), an_item(3))) == ()
    told = gate.check(an_issue(an_item(1, sections=(below,)), an_item(2), an_item(3)))
    assert [finding.code for finding in told] == ["item.not_korean"]


def test_text_in_a_wrong_encoding_does_not_leave():
    assert ("item.broken_characters", Severity.ERROR) in codes(with_text("ì´ë² ì£¼ì ì£¼ì ML ë¼ë¬¸"))
    assert codes(with_text("Müller와 Gómez, Sørensen, Çelik가 쓴 논문입니다.")) == set()


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"title": " "}, "item.no_title", Severity.ERROR),
        ({"title": "Very Long " * 2_000}, "item.title_too_long", Severity.WARNING),
        ({"title": "논문\ufffd"}, "item.broken_title", Severity.ERROR),
        (
            {"title_ko": "번역 중 오류 발생: 연결에 실패했습니다."},
            "item.broken_title",
            Severity.ERROR,
        ),
        ({"institution": "undefined"}, "item.broken_title", Severity.ERROR),
        ({"title": "LLM$\\times$MapReduce"}, "item.left_over_markup", Severity.WARNING),
        ({"title_ko": "\\textbf{제목}"}, "item.left_over_markup", Severity.WARNING),
        ({"institution": "AT&amp;T"}, "item.left_over_markup", Severity.WARNING),
    ],
)
def test_titles_and_institutions_are_looked_at_too(changes, code, severity):
    assert codes(an_issue(an_item(1, **changes), an_item(2), an_item(3))) == {(code, severity)}


def test_a_subject_that_turns_letters_around_does_not_leave():
    told = gate.check(an_issue(subject="이번 주 \u202egnp.exe"))
    assert [(f.code, f.severity) for f in told] == [("subject.control_chars", Severity.ERROR)]


def test_half_of_the_papers_may_be_those_of_last_time():
    ids = [f"2601.0000{number}" for number in range(1, 5)]
    assert gate.check(an_issue(), Background(earlier=frozenset(ids[:2]))) == ()
    assert ("issue.repeated", Severity.ERROR) in codes(
        an_issue(), Background(earlier=frozenset(ids[:3]))
    )


def test_a_thin_issue_is_shown_to_the_editor():
    (finding,) = gate.check(an_issue(an_item(1), an_item(2)))
    assert (finding.code, finding.severity) == ("issue.few_papers", Severity.WARNING)


def test_an_error_sentence_in_the_introduction_does_not_leave():
    failed = replace(an_issue(), intro=(Section("동향", "ko", "번역 실패"),))
    assert ("item.error_sentence", Severity.ERROR) in codes(failed)


def test_an_id_that_was_looked_up_by_title_is_told():
    looked_up = Background(unsure_ids=frozenset({"2601.00001"}))
    assert ("item.id_unsure", Severity.NOTICE) in codes(an_issue(), looked_up)


def test_a_withdrawn_paper_does_not_leave():
    withdrawn = Background(withdrawn=frozenset({"2601.00002"}))
    assert ("item.withdrawn", Severity.ERROR) in codes(an_issue(), withdrawn)


def test_a_source_that_was_always_there_is_missed():
    told = gate.check(an_issue(), Background(absent_sources=("좋아요 순위",)))
    assert [(finding.code, finding.place) for finding in told] == [
        ("issue.source_missing", "좋아요 순위")
    ]


def test_an_id_with_another_papers_title_is_shown_to_the_editor():
    mixed_up = Background(other_titles={"2601.00001": "Something Else Entirely"})
    assert ("item.other_title", Severity.WARNING) in codes(an_issue(), mixed_up)


@pytest.mark.parametrize(
    "image", ["images/a_img.jpg", "http://example.com/a.png", "data:image/png;base64,AA"]
)
def test_a_picture_that_is_not_on_the_web_does_not_leave(image):
    pictured = an_issue(an_item(1, image=image), an_item(2), an_item(3))
    assert ("item.bad_image", Severity.ERROR) in codes(pictured)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "images/fig.png",
        "http://127.0.0.1/x",
        "http://localhost:4000/p",
        "//evil.example",
        "https://[bad",
        "http://10.0.0.1/",
    ],
)
def test_a_link_that_readers_cannot_open_does_not_leave(url):
    linked = an_issue(an_item(1, links=(Link("코드", url),)), an_item(2), an_item(3))
    assert ("item.bad_link", Severity.ERROR) in codes(linked)


def test_a_paper_without_id_or_text_is_shown_to_the_editor():
    bare = an_issue(an_item(1, arxiv_id=None, sections=()), an_item(2), an_item(3))
    assert {code for code, _ in codes(bare)} == {"item.no_id", "item.no_text"}


def test_every_finding_says_where_and_speaks_both_languages():
    bad = replace(with_text("정보 부족"), subject="")
    for finding in gate.check(bad):
        assert finding.place
        assert finding.remedy_ko
        assert finding.remedy_en
        assert hangul_share(finding.ko) > 0.3
        assert hangul_share(finding.en) < 0.3
