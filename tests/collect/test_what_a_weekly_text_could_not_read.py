"""Where the maker of a weekly text failed: told, and never taken for a paper."""

import pytest

from newsletter.collect.digests.failures import failed, gap_in
from tests.collect.posts import read_text
from tests.collect.test_other_shapes import WEEKLY_TXT

BROKEN = "--- 2. 항목 처리 실패 ---\n항목 처리 중 오류 발생: Read timed out.\n\n"


def test_an_item_that_failed_is_reported_and_no_paper():
    file = read_text(WEEKLY_TXT.replace("--- 2. LoRA", f"{BROKEN}--- 2. LoRA"))
    assert [entry.arxiv_id for entry in file.entries] == ["1706.03762", "2106.09685"]
    failures = [found.line for found in file.findings if found.code == "digest.failed_text"]
    assert len(failures) == 2


@pytest.mark.parametrize(
    "text",
    [
        "초록을 찾을 수 없습니다.",
        "번역할 텍스트가 없습니다.",
        "OpenAI 클라이언트가 설정되지 않았습니다.",
        "항목 처리 중 오류 발생: list index out of range",
    ],
)
def test_what_stands_for_a_text_that_is_missing_is_a_failure(text):
    assert failed(text)


@pytest.mark.parametrize(
    "text", ["초록을 찾을 수 없는 논문 12편을 뺐습니다.", "항목 처리 속도를 두 배로 높였습니다."]
)
def test_prose_about_missing_things_is_no_failure(text):
    assert not failed(text)


@pytest.mark.parametrize("text", ["정보 부족이다.", "정보 부족임", "정보가 부족하여 알 수 없다."])
def test_a_gap_may_be_a_whole_sentence(text):
    assert gap_in(text)
