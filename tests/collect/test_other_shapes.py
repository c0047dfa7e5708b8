"""Digests in other shapes than the five: read as well, and their failures told."""

from datetime import UTC, date, datetime

from newsletter.collect.digests.digest import Link, Listing
from tests.collect.posts import codes, read_text

WEEKLY_TXT = """Hugging Face 주간 인기 논문 Top 10 (2025-W33) - 번역본
출처: https://huggingface.co/papers/week/2025-W33

--- 1. Attention Is
  All You Need ---
Link: https://huggingface.co/papers/1706.03762

## Abstract (Original)
We propose a network that is
wrapped by hand.
  It has a second paragraph.

## 초록 (Korean)
손으로 줄을 나눈 글도
한 문단으로 읽습니다.

--- 2. LoRA: Low-Rank Adaptation ---
Link: https://huggingface.co/papers/2106.09685

## Abstract (Original)
We adapt large models.

## 초록 (Korean)
번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.
"""

FENCED = """# 📰 Hugging Face Daily Papers – 2025-05-06

## 1706.03762
🔗 https://huggingface.co/papers/1706.03762

**Summary**:
```markdown
# 논문 요약: "주의 집중만으로 충분하다"

## 1. 핵심 동기

순환 없이 배웁니다.

## 2. 기여

- 빠릅니다.
```

---

## 2106.09685
🔗 https://huggingface.co/papers/2106.09685

**Summary**:
이 논문은 적은 수로 미세 조정합니다.

**주요 기여:**

- 메모리를 덜 씁니다.

---

## 1512.03385
🔗 https://huggingface.co/papers/1512.03385

**Summary**:
죄송합니다만, 제공된 링크의 논문을 확인할 수 없었습니다.
"""

REPORT = """# 2026-02-10 Daily Paper Report

> 하루의 흐름을 봅니다.

## 📚 오늘의 논문 (1편)

---

### 1. Attention Is All You Need ⭐⭐⭐⭐

**arXiv**: [1706.03762](https://arxiv.org/abs/1706.03762)
**PDF**: [다운로드](https://arxiv.org/pdf/1706.03762.pdf)
**GitHub**: [https://github.com/a/b](https://github.com/a/b)
**매칭 키워드**: agent, reasoning

## 한 줄 요약
주의 집중만 씁니다.

## 방법론
### 1. Multi-Head Attention
여러 갈래로 나눕니다.

---

## 📋 기타 주목할 논문

| # | 논문 | 키워드 | 카테고리 | 한줄 요약 |
|---|------|--------|----------|-----------|
| 1 | [LoRA: Low-Rank](https://arxiv.org/abs/2106.09685) | `agent` | agent | 적은 수로 배웁니다. |

---

*Generated at 2026-02-10 18:36:20*
"""

BRIEF = """# 📚 AI/LLM 논문 데일리 브리핑 - 2026-03-26

> 자동 생성 | 5개 트랙

## 📋 논문 목록

| # | 제목 | 트랙 | 소스 | 링크 |
|---|------|------|------|------|
| 1 | Attention Is All You Need | Agents | Fresh | [arXiv](https://arxiv.org/abs/1706.03762) |
| 2 | [Pool] 2106.09685 | Agents | Pool | [arXiv](https://arxiv.org/abs/2106.09685) |
| 3 | Deep Residual Learning | Vision | Fresh | [arXiv](https://arxiv.org/abs/1512.03385) |

## 📝 상세 분석

### 1. Attention Is All You Need

**트랙**: Agents | **링크**: [arXiv](https://arxiv.org/abs/1706.03762)

📋 Problem Definition

순환은 느립니다.

🔬 Main Methodology

주의 집중만 씁니다.

### 2. [Pool] 2106.09685

**트랙**: Agents | **링크**: [arXiv](https://arxiv.org/abs/2106.09685)

_분석 생성 실패_
"""


def sections(entry):
    return [(part.heading, part.lang) for part in entry.sections]


RETOLD = """---
layout: post
title: "[2026/06/08 ~ 14] 이번 주에 살펴볼 만한 AI/ML 논문 모음"
date: 2026-08-05
weekly_source: "어느 모임"
---

> 큐레이션 출처: [어느 모임](https://example.org/topic?id=1). 초록만 보고 다시 썼습니다.

## 이번 주 트렌드

_(트렌드 도입 생성 실패)_

---


## 1. Attention Is All You Need

*Ada Kim, Grace Lee 외 · `cs.CL` · 2017-06-12*

주의 집중만으로 배웁니다.

> **Abstract.** We propose a network that…

🔗 [arXiv](https://arxiv.org/abs/1706.03762v1) · [Code](https://github.com/a/b)

---


## 2. LoRA: Low-Rank Adaptation

*Ada Kim · `cs.LG` · 2021-06-17*

_(한국어 해설 생성 실패. 원문 abstract:)_

We adapt large models.

> **Abstract.** We adapt…

🔗 [arXiv](https://arxiv.org/abs/2106.09685v1)

---

### 출처

이번 주의 선정은 [어느 모임](https://example.org/topic?id=1)을 따랐습니다.
"""


def test_the_weekly_text_is_read_over_its_hard_line_breaks():
    file = read_text(WEEKLY_TXT, "huggingface_top_10.txt")
    first, second = file.entries
    assert file.format == Listing.HF_WEEKLY_TXT
    assert (first.title, first.arxiv_id) == ("Attention Is All You Need", "1706.03762")
    assert [part.text for part in first.sections] == [
        "We propose a network that is wrapped by hand.\n\nIt has a second paragraph.",
        "손으로 줄을 나눈 글도 한 문단으로 읽습니다.",
    ]
    assert second.title == "LoRA: Low-Rank Adaptation"
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2025, 8, 11), date(2025, 8, 17))


def test_an_error_sentence_in_place_of_a_translation_is_told_with_its_line():
    file = read_text(WEEKLY_TXT, "huggingface_top_10.txt")
    assert [(found.code, found.line) for found in file.findings] == [("digest.failed_text", 17)]


def test_an_answer_in_a_fence_keeps_its_own_headings_inside_its_paper():
    file = read_text(FENCED)
    first, second, third = file.entries
    assert file.format == Listing.KO_FENCED
    assert file.digests[0].listed_on == date(2025, 5, 6)
    assert (first.arxiv_id, first.title_ko) == ("1706.03762", "주의 집중만으로 충분하다")
    assert sections(first) == [("1. 핵심 동기", "ko"), ("2. 기여", "ko")]
    assert (second.title, sections(second)) == (
        "arXiv 2106.09685",
        [("", "ko"), ("주요 기여", "ko")],
    )
    assert third.arxiv_id == "1512.03385"


def test_an_answer_that_excuses_itself_is_no_summary():
    told = [(found.code, found.line) for found in read_text(FENCED).findings]
    assert ("digest.failed_text", 33) in told


def test_a_report_gives_its_papers_and_those_of_the_table_below():
    file = read_text(REPORT)
    first, second = file.entries
    assert file.format == Listing.PDA_DAILY
    assert (first.title, first.arxiv_id) == ("Attention Is All You Need", "1706.03762")
    assert [link.label for link in first.links] == ["arXiv", "PDF", "GitHub"]
    assert [part.heading for part in first.sections] == ["매칭 키워드", "한 줄 요약", "방법론"]
    assert first.sections[2].text == "**1. Multi-Head Attention**\n\n여러 갈래로 나눕니다."
    assert (second.title, second.arxiv_id) == ("LoRA: Low-Rank", "2106.09685")
    assert [part.text for part in second.sections] == ["agent", "agent", "적은 수로 배웁니다."]
    assert file.digests[0].observed_at == datetime(2026, 2, 10, 9, 36, 20, tzinfo=UTC)
    assert file.digests[0].intro[0].text == "하루의 흐름을 봅니다."


def test_a_briefing_gives_its_analyses_and_the_papers_that_are_only_listed():
    file = read_text(BRIEF)
    first, second, third = file.entries
    assert file.format == Listing.TRACK_BRIEF
    assert [part.heading for part in first.sections] == [
        "트랙",
        "📋 Problem Definition",
        "🔬 Main Methodology",
    ]
    assert (second.arxiv_id, second.title) == ("2106.09685", "arXiv 2106.09685")
    assert (third.arxiv_id, third.title) == ("1512.03385", "Deep Residual Learning")
    assert codes(file) == {"digest.failed_text", "digest.no_title"}


def test_a_week_told_again_is_read_and_what_could_not_be_told_is_reported():
    file = read_text(RETOLD)
    (digest,) = file.digests
    first, second = digest.entries
    assert digest.format == Listing.PYTORCHKR_DERIVED
    assert (digest.period_start, digest.listed_on) == (date(2026, 6, 8), date(2026, 6, 14))
    assert digest.credit == "이번 주의 선정은 어느 모임을 따랐습니다."
    assert digest.origin == Link("어느 모임", "https://example.org/topic?id=1")
    assert (first.arxiv_id, first.authors) == ("1706.03762", ("Ada Kim", "Grace Lee"))
    assert [(part.heading, part.lang, part.text) for part in first.sections] == [
        ("", "en", "cs.CL · 2017-06-12"),
        ("", "ko", "주의 집중만으로 배웁니다."),
        ("Abstract", "en", "We propose a network that…"),
    ]
    assert [link.label for link in first.links] == ["arXiv", "Code"]
    assert second.sections[1].text == "We adapt large models."
    assert [(f.code, f.line) for f in file.findings] == [
        ("digest.failed_text", 12),
        ("digest.failed_text", 34),
    ]


def test_the_origin_of_a_week_told_again_has_the_name_and_the_address_of_its_post():
    bare = RETOLD.replace('weekly_source: "어느 모임"\n', "")
    quoted = bare[: bare.index("### 출처")]
    for text in (bare, quoted):
        (digest,) = read_text(text).digests
        assert digest.origin == Link("어느 모임", "https://example.org/topic?id=1")


def test_an_origin_without_an_address_is_none():
    nobody = RETOLD.replace("(https://example.org/topic?id=1)", "")
    (digest,) = read_text(nobody).digests
    assert digest.origin is None
