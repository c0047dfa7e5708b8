from hypothesis import given
from hypothesis import strategies as st

from newsletter.issues.ranking import Candidate, rank

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        paper_id=st.integers(1, 10**6),
        key=st.uuids().map(str),
        votes=st.none() | st.integers(0, 500),
        source_count=st.integers(1, 6),
        best_rank=st.integers(1, 30),
        pinned=st.booleans(),
    ),
    max_size=30,
)


def test_votes_decide_then_the_number_of_digests_then_the_best_place():
    many = Candidate(1, "a", votes=50, source_count=1, best_rank=9)
    told_twice = Candidate(2, "b", votes=20, source_count=2, best_rank=5)
    told_once = Candidate(3, "c", votes=20, source_count=1, best_rank=1)
    uncounted = Candidate(4, "d", votes=None, source_count=4, best_rank=1)
    ranked = rank([uncounted, told_once, told_twice, many], limit=10)
    assert [place.candidate.key for place in ranked] == ["a", "b", "c", "d"]


def test_what_the_editor_pinned_comes_first_and_is_never_cut():
    pinned = Candidate(1, "pinned", votes=0, source_count=1, best_rank=30, pinned=True)
    popular = [
        Candidate(n, f"p{n}", votes=100 + n, source_count=1, best_rank=1) for n in range(2, 9)
    ]
    ranked = rank([*popular, pinned], limit=3)
    assert [place.candidate.key for place in ranked] == ["pinned", "p8", "p7"]


def test_each_place_says_why_in_both_languages():
    (place,) = rank([Candidate(1, "a", votes=1117, source_count=4, best_rank=1)], limit=5)
    assert place.reason_ko == "추천 1,117 · 4곳에서 소개"
    assert place.reason_en == "1,117 votes · introduced by 4 digests"


@given(CANDIDATES, st.randoms())
def test_the_order_does_not_depend_on_the_order_they_came_in(candidates, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert rank(shuffled, 10) == rank(candidates, 10)


@given(CANDIDATES, st.integers(1, 12))
def test_places_are_counted_from_one_without_a_gap(candidates, limit):
    ranked = rank(candidates, limit)
    assert [place.position for place in ranked] == [*range(1, len(ranked) + 1)]
    assert len(ranked) == min(len(candidates), max(limit, sum(one.pinned for one in candidates)))
