from hypothesis import given
from hypothesis import strategies as st

from newsletter.papers.identity import title_key


def test_two_spellings_of_a_title_meet():
    assert title_key("LLM$\\times$MapReduce: Simplified") == title_key("LLM×MapReduce: simplified")
    assert title_key("LLMtimesMapReduce: Simplified") == title_key("LLM×MapReduce - Simplified")


@given(st.text())
def test_folding_a_title_twice_changes_nothing(title):
    assert title_key(title_key(title)) == title_key(title)
