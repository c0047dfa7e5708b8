"""The scored report: what stands behind a title, and what is told above the papers."""

import pytest

from tests.collect.posts import read_text
from tests.collect.test_other_shapes import REPORT


@pytest.mark.parametrize(
    "marks", ["⭐⭐⭐⭐", "⭐⭐⭐⭐ [GitHub ✓]", " [GitHub ✓]", "⭐️⭐️ [GitHub ✗]"]
)
def test_marks_behind_a_title_are_no_part_of_it(marks):
    entry = next(iter(read_text(REPORT.replace("⭐⭐⭐⭐", marks)).entries))
    assert entry.title == "Attention Is All You Need"


@pytest.mark.parametrize("title", ["Giga-0.5M*: a Model", "A Survey [Extended]"])
def test_what_belongs_to_a_title_stays(title):
    entry = next(iter(read_text(REPORT.replace("Attention Is All You Need", title)).entries))
    assert entry.title == title


def test_a_part_above_the_papers_keeps_its_heading():
    post = REPORT.replace(
        "## 📚", "## 📈 트렌드 브리핑 (창 7일)\n\n**키워드**: agent 40\n\n## 📚", 1
    )
    intro = read_text(post).digests[0].intro
    assert [(part.heading, part.text) for part in intro] == [
        ("", "하루의 흐름을 봅니다."),
        ("📈 트렌드 브리핑 (창 7일)", "**키워드**: agent 40"),
    ]
