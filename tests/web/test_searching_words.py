"""How words are folded: what a reader types meets what a digest wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.searching import Excerpt, excerpt, fold, terms


def finds(asked: str, text: str) -> bool:
    return bool(terms(asked)) and all(term in fold(text) for term in terms(asked))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("강화학습", "이 논문은 강화 학습을 안정시킵니다."),
        ("강화 학습", "이 논문은 강화학습을 안정시킵니다."),
        ("보상", "보상마다 따로"),
        ("GRPO", "기존 GRPO를 고칩니다."),
        ("gpt를", "한국어GPT를 씁니다"),
        ("Müller", "Jana Muller"),
        ("muller", "Jana Müller"),
        ("multi-reward", "Multi Reward RL"),
        ("2601.05242", "arXiv 2601.05242"),
        ("arXiv:2601.05242v3", "arXiv 2601.05242"),
        ("https://arxiv.org/abs/2601.05242v1", "arXiv 2601.05242"),
        ("MATH.gt/0309136v2", "arXiv math.GT/0309136"),
        ("https://huggingface.co/papers/2601.05242", "arXiv 2601.05242"),
        ("ＲＥＷＡＲＤ", "A reward"),
        ('"sparse attention"', "Native Sparse Attention"),
    ],
)
def test_it_is_found(asked, text):
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("RAG", "a paragraph of fragments"),
        ("보상 없음", "보상마다 따로"),
        ('"sparse attention"', "attention that is sparse"),
        ("2601.05242", "2601.05243"),
        ("!!! ???", "anything"),
    ],
)
def test_it_is_not_found(asked, text):
    assert not finds(asked, text)


@given(st.text(max_size=300))
def test_nothing_that_can_be_typed_is_too_odd(asked):
    assert len(terms(asked)) <= 8
    assert all(term.strip() for term in terms(asked))


@given(st.text(alphabet="가나다 abc.-", min_size=1, max_size=40))
def test_a_text_is_found_by_itself(text):
    assert not terms(text) or finds(text, text)


def test_an_excerpt_shows_the_word_as_it_was_written():
    told = excerpt("앞의 글 " * 40 + "강화 학습을 말합니다. " + "뒤의 글 " * 40, terms("강화학습"))
    assert told.match == "강화 학습"
    assert told.before.startswith("…")
    assert told.after.endswith("…")


def test_where_the_word_is_not_in_the_text_the_excerpt_is_its_beginning():
    assert excerpt("짧은 글입니다.", terms("Kim")) == Excerpt("짧은 글입니다.", "", "")
