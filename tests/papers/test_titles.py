"""By which title a paper goes."""

import pytest

from newsletter.papers.titles import Told, agreed, are_two_papers, is_title

GDPO = "GDPO: Group reward-Decoupled Normalization Policy Optimization"


def told(*titles: str) -> list[Told]:
    """Each title by a source of its own."""
    return [Told(source, title) for source, title in enumerate(titles)]


def test_the_own_title_of_arxiv_stands_over_what_all_others_say():
    assert agreed(told("A", "A"), arxiv_title=r"LLM$\times$MapReduce") == "LLM×MapReduce"


def test_the_title_that_most_sources_give_is_the_paper_s():
    assert agreed(told("Another Paper", GDPO, GDPO.upper())) == GDPO


def test_a_source_has_one_vote_however_often_it_speaks_and_its_last_word_counts():
    wordy = [Told(1, "Another Paper"), Told(1, "Another Paper"), Told(2, GDPO), Told(3, GDPO)]
    assert agreed([*wordy, Told(1, "Another Paper")]) == GDPO
    assert agreed([Told(1, "A Typo"), Told(2, GDPO), Told(1, GDPO)]) == GDPO


def test_of_two_titles_with_as_many_votes_the_first_one_stays():
    assert agreed(told(GDPO, "Another Paper")) == GDPO


@pytest.mark.parametrize(
    "cut", ["GDPO: Group reward-Dec…", "GDPO: Group reward-Dec...", "GDPO […]"]
)
def test_a_title_that_was_cut_off_counts_for_the_fuller_one(cut):
    assert agreed(told("Another Paper", cut, GDPO)) == GDPO
    assert agreed(told(cut, "Another Paper")) == "Another Paper"
    assert agreed(told(cut)) == cut


def test_of_two_spellings_of_a_title_the_whole_one_is_shown():
    assert agreed(told("GDPO for Agents…", "GDPO for Agents")) == "GDPO for Agents"


def test_a_title_that_was_cut_off_twice_hands_all_its_votes_on():
    assert agreed(told("Another Paper", "Another Paper", "GDPO…", "GDPO: Group…", GDPO)) == GDPO


def test_words_of_sections_have_no_vote():
    assert agreed(told("arXiv Links", "arXiv Links", GDPO)) == GDPO


def test_a_paper_that_nobody_gave_a_title_keeps_its_own_if_that_is_one():
    assert agreed(told("Abstract"), own=GDPO) == GDPO
    assert not agreed(told("Abstract"), own="arXiv 2601.05242")


@pytest.mark.parametrize(
    "words",
    [
        "arXiv Links", "AI summary", "AI-generated Summary", "Abstract", "Summary", "요약", "초록", "핵심 기여",
        "한 줄 요약", "한줄요약", "3줄 요약", "📄 논문 링크", "Links", "PDF", "Authors", "Authors:", "TL;DR",
        "초록 (Abstract)", "Results and Discussion", "2. Related Work", "**Introduction**", "PDF / Code", "제목 없음",
        "2601.05242", "arXiv 2601.05242", "arXiv:2601.05242v2", "[2601.05242]", "cs/0701001", "12", "3.", "???", "",
        "https://arxiv.org/abs/2601.05242", "arxiv.org/abs/2601.05242", "www.example.org", "10.48550/arXiv.2601.05242",
        "번역 실패", "API 호출 오류", "Error: 503", "Rate limit exceeded", "None", "undefined", "정보 없음",
        "GDPO \N{REPLACEMENT CHARACTER}", "ë³´ìƒ",
    ],
)  # fmt: skip
def test_words_that_stand_in_the_place_of_a_title_are_none(words):
    assert not is_title(words)


@pytest.mark.parametrize(
    "title",
    [
        GDPO, "A", "GPT-4", "1.58-bit LLMs", "Abstract Reasoning in Robots", "Summarization of Code", "π0",
        "Attention Is All You Need", "Language Models", "The Llama 3 Herd of Models", "Links between Tasks",
        "Method of Moments", "Automated Paper Summaries with LLMs", "요약 모델의 평가", "보상을 나누어 학습하기",
        "Video Summary", "No Free Lunch...", "2 OLMo 2 Furious", "Qwen2.5 Technical Report", "Data Models of Results",
        "2601.05242 Group Rewards", "On the Failure of Translation: 번역 실패 사례 연구",
    ],
)  # fmt: skip
def test_titles_that_hold_such_words_are_titles(title):
    assert is_title(title)


@pytest.mark.parametrize(
    ("title", "are_two"),
    [
        ("Diffusion of Proteins in Water", True),
        ("GDPO: Group Reward Decoupled Policy Optimisation", False),
        ("GDPO", False),
        ("GDPO: Group…", False),
        ("보상을 나누어 정규화하는 정책 최적화", False),
        ("arXiv Links", False),
        ("2601.05242", False),
    ],
)
def test_two_titles_are_of_two_papers_only_if_they_can_be_compared_and_are_unlike(title, are_two):
    assert are_two_papers(title, GDPO) is are_two
    assert are_two_papers(GDPO, title) is are_two


def test_a_translation_never_stands_in_the_place_of_a_title_that_somebody_told():
    korean = "GDPO: 보상 그룹을 나누어 정규화하는 정책 최적화"
    assert agreed(told(korean, korean, GDPO)) == GDPO
    assert agreed(told(korean)) == korean
