"""Code inside a post: a remark in it is no heading, whatever stands before it."""

import pytest

from tests.collect.posts import read_text
from tests.collect.test_other_shapes import FENCED, REPORT

CODE = """
**핵심 코드**:
```python
def build(index):
    # 없으면 만든다
    return index
# ... (14줄 더)
```

**사용 라이브러리**: pipeline
"""


def report(code):
    return next(iter(read_text(REPORT.replace("여러 갈래로 나눕니다.", code)).entries))


def test_a_remark_in_code_opens_no_section():
    entry = report(CODE)
    assert [part.heading for part in entry.sections][1:] == ["한 줄 요약", "방법론"]
    method = entry.sections[-1].text
    assert "# 없으면 만든다\nreturn index\n# ... (14줄 더)" in method
    assert method.endswith("**사용 라이브러리**: pipeline")


@pytest.mark.parametrize("fence", ["```", "```markdown", "```MD"])
def test_headings_in_a_fenced_answer_are_headings(fence):
    post = FENCED.replace("```markdown", fence)
    first = next(iter(read_text(post).entries))
    assert [part.heading for part in first.sections] == ["1. 핵심 동기", "2. 기여"]


def test_code_that_is_never_closed_hides_no_paper():
    post = FENCED.replace("순환 없이 배웁니다.", "```python\nx = 1").replace(
        "\n```\n\n---", "\n\n---"
    )
    assert len(list(read_text(post).entries)) == 3


def test_code_of_a_page_opens_no_section():
    page = (
        "<h2>[2026/06/08 ~ 14] 이번 주에 살펴볼 만한 AI/ML 논문 모음</h2>"
        "<h2>주의 집중 / Attention Is All You Need</h2><h3>논문 소개</h3><p>순환을 버립니다.</p>"
        "<pre><code># 설치\npip install attention</code></pre>"
        '<h3>논문 링크</h3><p><a href="https://arxiv.org/abs/1706.03762">arXiv</a></p>'
    )
    entry = next(iter(read_text(page).entries))
    assert {part.heading for part in entry.sections} == {"논문 소개"}
    assert "설치" in entry.sections[-1].text
