"""The first track briefs: one line with an emoji stands for each heading below the table."""

from tests.collect.posts import codes, read_text

BRIEF = """# 📚 AI/Robotics 논문 데일리 브리핑 - 2026-03-20

> 자동 생성 | 로봇

## 📋 논문 목록

| # | 제목 | 저자 | 카테고리 | 링크 |
|---|------|------|----------|------|
| 1 | Attention Is All You Need | Ashish Vaswani, Noam Shazeer 외 | VLA | [arXiv](https://arxiv.org/abs/1706.03762v1) |
| 2 | LoRA: Low-Rank Adaptation | Edward Hu | VLA | [arXiv](https://arxiv.org/abs/2106.09685) |

## 📝 상세 요약


📄 *1. Attention Is All You Need*

🔗 https://arxiv.org/abs/1706.03762v1

🏢 *어느 연구소* (아시시 바스와니 등)

🔬 *메소드*: 순환 없이 주의 집중만으로 배운다.

💡 *컨트리뷰션*: 병렬로 배울 수 있다.

⭐ **순환을 버린 구조**


📄 *2. LoRA: Low-Rank Adaptation*

🔗 https://arxiv.org/abs/2106.09685

🔬 *메소드*:
- 적은 수만 배운다.
- 나머지는 그대로 둔다.

📌 *금주 트렌드 요약*
가벼운 학습이 늘었다.
"""


def test_what_is_told_of_a_paper_belongs_to_it():
    file = read_text(BRIEF)
    first, second = file.entries
    assert [entry.arxiv_id for entry in file.entries] == ["1706.03762", "2106.09685"]
    assert first.title == "Attention Is All You Need"
    assert [(part.heading, part.text) for part in first.sections] == [
        ("", "🏢 *어느 연구소* (아시시 바스와니 등)"),
        ("🔬 메소드", "순환 없이 주의 집중만으로 배운다."),
        ("💡 컨트리뷰션", "병렬로 배울 수 있다."),
        ("", "⭐ **순환을 버린 구조**"),
    ]
    assert [(part.heading, part.text) for part in second.sections] == [
        ("🔬 메소드", "- 적은 수만 배운다.\n- 나머지는 그대로 둔다.")
    ]
    assert not codes(file)


def test_authors_are_those_of_the_table():
    first, second = read_text(BRIEF).entries
    assert first.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert second.authors == ("Edward Hu",)


def test_what_is_said_of_all_papers_belongs_to_none():
    digest = read_text(BRIEF).digests[0]
    assert [(part.heading, part.text) for part in digest.intro] == [
        ("", "자동 생성 | 로봇"),
        ("📌 금주 트렌드 요약", "가벼운 학습이 늘었다."),
    ]


def test_a_day_without_new_papers_says_so():
    above = BRIEF.split("| # |", maxsplit=1)[0]
    file = read_text(f"{above}새로운 논문이 없습니다.\n\n📌 *금주 트렌드 요약*\n조용했다.\n")
    assert codes(file) == {"digest.no_papers"}
    assert [part.heading for part in file.digests[0].intro] == ["", "", "📌 금주 트렌드 요약"]
