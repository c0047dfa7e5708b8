import pytest

from newsletter.collect.digests.failures import failed, gap_in, told_apart
from newsletter.collect.digests.problems import Problem


@pytest.mark.parametrize(
    "text",
    [
        "번역 실패",
        "번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.",
        "요약 실패: 레이트 리밋으로 인해 생성하지 못했다.",
        "_분석 생성 실패_",
        "_(트렌드 도입 생성 실패)_",
        "_(한국어 해설 생성 실패. 원문 abstract:)_",
        "한국어 요약을 생성하지 못했습니다.",
        "죄송합니다. 요청하신 내용을 처리할 수 없습니다.",
        "API 호출 중 오류가 발생했습니다.",
        "오류가 발생했습니다.",
        "Error code: 429 - Rate limit reached for gpt-4o",
        "openai.RateLimitError: too many requests",
        '{"error":"Sorry, we can\'t find the page you are looking for."}',
        "<think> 먼저 논문을 보자",
        "Join the discussion on this paper page",
        "I'm sorry, but I can't help with that.",
        "- **Goal**: 번역 실패",
    ],
)
def test_an_error_sentence_is_known(text):
    assert failed(text)
    assert told_apart(text)[0] == ""


@pytest.mark.parametrize(
    "text",
    ["정보 부족", "- Goal: 정보 부족", "정보가 부족하다.", "undefined", "None", "- **목표**: null"],
)
def test_a_gap_is_no_text_and_no_failure(text):
    assert gap_in(text)
    assert not failed(text)
    assert told_apart(text)[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "번역 실패 사례를 유형별로 분석합니다.",
        "번역 중 오류를 줄이는 방법을 제안합니다.",
        "요약 실패율이 3% 줄었습니다.",
        "API 호출 오류를 스스로 고치는 에이전트입니다.",
        "모델 오류가 발생하는 조건을 밝힙니다.",
        "기존 모델은 정보 부족으로 답하지 못했습니다.",
        "<think>와 </think> 토큰 사이의 추론을 학습합니다.",
        "None of the models pass the test.",
        "- **Error analysis**: 오류를 다섯 가지로 나눕니다.",
        "네트워크 연결에 장애가 있어도 동작합니다.",
        "오류 발생률을 줄였습니다.",
        "We study when a rate limit is worth having.",
    ],
)
def test_prose_that_speaks_of_failures_is_prose(text):
    assert told_apart(text) == (text, ())
    assert not failed(text)


def test_a_line_that_failed_is_dropped_and_the_others_stay():
    told = "- Goal: 정보 부족\n- Motivation: 학습이 느립니다.\n- Contribution: 번역 실패"
    assert told_apart(told) == ("- Motivation: 학습이 느립니다.", ("정보 부족", "번역 실패"))


@pytest.mark.parametrize("problem", [Problem.ALL_VOTES_ZERO, Problem.BAD_VOTES])
def test_votes_have_one_name_in_korean(problem):
    assert "추천 수" in problem.at().ko
