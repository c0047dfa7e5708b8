"""The weekly of the forum as it is copied, kept and delivered, in weeks of any year."""

import json
from datetime import date

import pytest

from newsletter.collect.digests.read import read
from tests.collect.posts import ATTENTION, LORA, PAPERS, only_entry, pytorchkr, read_text

ONE = "우리말 제목 1 / Attention Is All You Need"


@pytest.mark.parametrize(
    ("written", "korean", "english"),
    [
        ("지식 / 추론(Knowledge / Reasoning) / Scaling", "지식 / 추론(Knowledge / Reasoning)", "Scaling"),
        ("균형 / Depth / Width", "균형", "Depth / Width"),
        ("생각하는 기계(Machine): 조사 / Machines: A Survey", "생각하는 기계(Machine): 조사", "Machines: A Survey"),
        ("다르지 않습니다/Not So Different", "다르지 않습니다", "Not So Different"),
        ("3. 균형 / Balance", "균형", "Balance"),
        ("버전 2/Version Two", "버전 2", "Version Two"),
        ("균형 ／ Balance", "균형", "Balance"),
        ("Balance / 균형", "균형", "Balance"),
        ("Only English", "", "Only English"),
    ],
)  # fmt: skip
def test_a_title_is_parted_into_its_two_languages(written, korean, english):
    entry = only_entry(pytorchkr([ATTENTION]).replace(ONE, written))
    assert (entry.title_ko, entry.title) == (korean, english)


@pytest.mark.parametrize(
    "pair",
    ["코드 / Code", "GitHub 저장소 / Repository", "a/1: 구현 / Code of it", "[코드 / Code](https://github.com/x/y)"],
)  # fmt: skip
@pytest.mark.parametrize("above", ["https://arxiv.org/abs/1706.03762", "https: //github.com/a/1"])
def test_a_pair_among_the_links_is_no_paper(pair, above):
    file = read_text(pytorchkr().replace(above, f"{above}\n\n{pair}", 1))
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    assert not file.findings


def test_a_pair_in_the_trends_is_no_paper():
    file = read_text(pytorchkr().replace(ONE, f"이번 주 / This week\n\n{ONE}"))
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    assert "이번 주 / This week" in file.digests[0].intro[0].text


def test_a_line_between_title_and_label_is_no_title():
    first = next(iter(read_text(pytorchkr().replace(ONE, f"{ONE}\n\n김에이다 씀", 1)).entries))
    assert (first.title, first.title_ko) == ("Attention Is All You Need", "우리말 제목 1")
    assert first.sections[0].text == "김에이다 씀"


def test_a_paper_without_its_first_label_is_a_paper():
    first, second, third = read_text(
        pytorchkr()[::-1].replace("논문 소개\n\n"[::-1], "", 1)[::-1]
    ).entries
    assert [first.title, second.title, third.title] == [paper.title for paper in PAPERS]
    assert [part.heading for part in third.sections][:2] == ["", ""]


def test_a_heading_between_the_labels_is_a_section():
    post = pytorchkr([ATTENTION]).replace("논문 링크", "### 핵심 내용\n\n핵심입니다.\n\n논문 링크")
    entry = only_entry(post)
    assert entry.arxiv_id == ATTENTION.id
    assert (entry.sections[-1].heading, entry.sections[-1].text) == ("핵심 내용", "핵심입니다.")


def test_a_title_may_be_a_link():
    linked = f"## [{ONE}](https://arxiv.org/abs/1706.03762v2)"
    post = (
        pytorchkr([ATTENTION])
        .replace(ONE, linked)
        .replace("https://arxiv.org/abs/1706.03762\n", "")
    )
    entry = only_entry(post)
    assert (entry.title_ko, entry.title) == ("우리말 제목 1", ATTENTION.title)
    assert entry.arxiv_id == ATTENTION.id


def test_a_numbered_trend_with_a_slash_is_no_paper():
    post = pytorchkr().replace("  • 이번 주", "1. 에이전트 / reasoning models\n\n이번 주")
    file = read_text(post)
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    assert "1. 에이전트 / reasoning models" in file.digests[0].intro[0].text


def test_trends_in_two_languages_are_two_sections():
    english = "  • Reinforcement learning stands out among the papers of this week."
    first, second = read_text(
        pytorchkr().replace("  • 이번", f"{english}\n\n  • 이번")
    ).digests[0].intro  # fmt: skip
    assert (first.lang, first.text) == ("ko", "- 이번 주에는 강화 학습이 눈에 띕니다.")
    assert (second.lang, second.text) == ("en", f"- {english.strip(' •')}")


def test_a_bare_title_among_korean_trends_stays_where_it_is():
    post = pytorchkr().replace(
        "  • 이번", "  • 먼저 볼 논문입니다.\n\n  • Attention Is All You Need\n\n  • 이번"
    )
    (intro,) = read_text(post).digests[0].intro
    assert intro.lang == "ko"
    assert intro.text.split("\n")[1] == "- Attention Is All You Need"


def test_the_languages_of_a_text_are_told_apart_without_a_blank_line():
    long = "이 논문은 긴 글을 처음부터 끝까지 읽고 그 뜻을 헤아리는 새로운 방법을 하나하나 차근차근 제안합니다 그리고 비교합니다."
    also = "This paper proposes a new way to read long contexts from their beginning to their end."
    post = pytorchkr([ATTENTION]).replace(
        "긴 글을 읽는 법을 연구합니다.\n\nWe study long contexts.", f"{long}\n{also}"
    )
    abstracts = [part for part in only_entry(post).sections if "초록" in part.heading]
    assert [(part.lang, part.text) for part in abstracts] == [("ko", long), ("en", also)]


@pytest.mark.parametrize("mark", ["📖 ", ":books: ", "**", "### "])
def test_labels_are_known_behind_their_marks(mark):
    post = pytorchkr([ATTENTION, LORA])
    for label in ("논문 소개", "논문 초록(Abstract)", "논문 링크", "더 읽어보기"):
        post = post.replace(f"\n{label}\n", f"\n{mark}{label}{'**' if mark == '**' else ''}\n")
    file = read_text(post)
    assert [entry.arxiv_id for entry in file.entries] == [ATTENTION.id, LORA.id]
    assert {part.heading for entry in file.entries for part in entry.sections} == {
        "논문 소개",
        "논문 초록(Abstract)",
    }


def test_the_json_of_a_topic_is_read_by_its_first_post():
    cooked = (
        "<p>이번 주는 조용합니다.</p><h2>주의 집중 / Attention Is All You Need</h2>"
        "<h3>논문 소개</h3><p>주의 집중만 씁니다.</p><h3>논문 링크</h3>"
        '<aside class="onebox" data-onebox-src="https://arxiv.org/abs/1706.03762"><h3>GitHub</h3></aside>'
    )
    topic = {
        "title": "[2026/06/08 ~ 14] 이번 주에 살펴볼 만한 AI/ML 논문 모음",
        "post_stream": {
            "posts": [
                {"cooked": cooked, "created_at": "2026-06-14T21:30:00.000Z"},
                {"cooked": "<h2>답글 / Reply</h2>"},
            ]
        },
    }
    file = read(json.dumps(topic).encode(), "10709.json")
    (digest,) = file.digests
    (entry,) = digest.entries
    assert (entry.title_ko, entry.arxiv_id) == ("주의 집중", "1706.03762")
    assert (digest.period_start, digest.listed_on) == (date(2026, 6, 8), date(2026, 6, 14))
    assert not file.findings
