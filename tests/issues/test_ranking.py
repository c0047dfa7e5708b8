"""Which papers an issue shows, in which order, why, and what those lacked that it leaves out."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.issues import reasons
from newsletter.issues.ranking import Candidate, Lack, Told, Withheld, rank

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        paper_id=st.integers(1, 10**6),
        key=st.uuids().map(str),
        votes=st.none() | st.integers(0, 500),
        source_count=st.integers(1, 6),
        best_rank=st.integers(1, 30),
        standing=st.floats(0, 1),
        told=st.sampled_from(Told),
        fresh=st.booleans(),
        pinned=st.booleans(),
    ),
    max_size=30,
)


def a_candidate(key, *, told=Told.KOREAN, standing=0.5, voices=1, best_rank=1, **more):
    return Candidate(
        paper_id=hash(key),
        key=key,
        votes=more.pop("votes", None),
        source_count=voices,
        best_rank=best_rank,
        standing=standing,
        told=told,
        **more,
    )


def keys(ranking):
    return [place.candidate.key for place in ranking.placed]


def test_votes_weigh_most_then_independent_digests_then_newness_then_the_best_place():
    most_votes = a_candidate("a", standing=0.9, voices=1, fresh=False)
    three_digests = a_candidate("b", standing=0.5, voices=3, fresh=False)
    new = a_candidate("c", standing=0.5, best_rank=2)
    further_down = a_candidate("d", standing=0.5, best_rank=7)
    old = a_candidate("e", standing=0.5, fresh=False)
    everybody = [old, further_down, new, three_digests, most_votes]
    assert keys(rank(everybody, limit=10)) == ["a", "b", "c", "d", "e"]


def test_what_is_told_in_korean_comes_before_what_has_more_votes_and_no_korean_text():
    korean = [a_candidate(f"k{n}", standing=n / 100) for n in range(10)]
    famous = a_candidate("famous", told=Told.ENGLISH, standing=1.0, voices=4)
    ranking = rank([famous, *korean], limit=10)
    assert sorted(keys(ranking)) == sorted(one.key for one in korean)
    assert [(one.key, one.lack) for one in ranking.outside] == [("famous", Lack.KOREAN)]


def test_an_issue_takes_no_more_others_than_it_has_papers_told_in_korean():
    korean = [a_candidate(f"k{n}") for n in range(3)]
    english = [a_candidate(f"e{n}", told=Told.ENGLISH, standing=n / 10) for n in range(2)]
    untold = [a_candidate(f"u{n}", told=Told.NOT, standing=1.0) for n in range(5)]
    assert keys(rank([*untold, *english, *korean], limit=10)) == [
        "k0", "k1", "k2", "e1", "e0", "u0",
    ]  # fmt: skip


def test_where_nothing_is_told_in_korean_an_issue_takes_what_there_is():
    english = [a_candidate(f"e{n}", told=Told.ENGLISH) for n in range(2)]
    untold = [a_candidate(f"u{n}", told=Told.NOT, standing=1.0) for n in range(3)]
    assert keys(rank([*untold, *english], limit=4)) == ["e0", "e1", "u0", "u1"]


def test_what_the_editor_pinned_comes_first_and_is_never_cut():
    pinned = [a_candidate(f"p{n}", told=Told.NOT, standing=0.0, pinned=True) for n in range(2)]
    korean = [a_candidate(f"k{n}") for n in range(9)]
    assert keys(rank([*korean, *pinned], limit=3)) == ["p0", "p1", "k0"]
    assert keys(rank([*korean, *pinned], limit=1)) == ["p0", "p1"]


def test_what_was_pinned_without_a_korean_text_counts_among_the_others():
    pinned = a_candidate("p", told=Told.NOT, pinned=True)
    korean = [a_candidate(f"k{n}") for n in range(2)]
    others = [a_candidate(f"u{n}", told=Told.NOT) for n in range(5)]
    assert keys(rank([pinned, *korean, *others], limit=10)) == ["p", "k0", "k1", "u0"]


def test_each_place_says_why_in_both_languages():
    one = a_candidate("a", standing=0.8, voices=4, votes=1117)
    assert reasons.for_readers(one).ko == "추천 1,117 · 4곳에서 소개"
    assert reasons.for_readers(one).en == "1,117 votes · introduced by 4 digests"
    assert reasons.for_editors(one).ko == "한국어 글 · 86점 (추천 56 + 소개한 곳 20 + 처음 소개 10)"
    assert (
        reasons.for_editors(one).en == "told in Korean · 86 points (votes 56 + digests 20 + new 10)"
    )


def test_each_that_is_left_out_says_what_it_lacked():
    lacking = {
        a_candidate("fewer"): Lack.POINTS,
        a_candidate("english", told=Told.ENGLISH): Lack.KOREAN,
        a_candidate("silent", told=Told.NOT): Lack.TEXT,
        a_candidate("failed", told=Told.NOT, withheld=Withheld.FAILED): Lack.SOUND_TEXT,
        a_candidate("closed", told=Told.ENGLISH, withheld=Withheld.FORBIDDEN): Lack.LEAVE,
        a_candidate("unasked", told=Told.NOT, withheld=Withheld.UNCONFIRMED): Lack.CONFIRMATION,
    }
    assert {one: one.lack for one in lacking} == lacking
    assert len({reasons.why_outside(one) for one in lacking}) == len(lacking)


@given(CANDIDATES, st.randoms())
def test_the_order_does_not_depend_on_the_order_they_came_in(candidates, random):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert rank(shuffled, 10) == rank(candidates, 10)


@given(CANDIDATES, st.integers(1, 12))
def test_places_are_counted_from_one_and_nobody_is_lost(candidates, limit):
    ranking = rank(candidates, limit)
    placed = [place.candidate for place in ranking.placed]
    assert [place.position for place in ranking.placed] == [*range(1, len(placed) + 1)]
    assert len(placed) <= max(limit, sum(one.pinned for one in candidates))
    assert sorted([*placed, *ranking.outside], key=repr) == sorted(candidates, key=repr)


@given(CANDIDATES, st.integers(1, 12))
def test_a_draft_is_korean_enough_to_leave_wherever_that_is_possible(candidates, limit):
    free = [one for one in candidates if not one.pinned]
    placed = [place.candidate for place in rank(free, limit).placed]
    korean = sum(one.told is Told.KOREAN for one in placed)
    if any(one.told is Told.KOREAN for one in free):
        assert korean * 2 >= len(placed)
        assert korean == min(limit, sum(one.told is Told.KOREAN for one in free))
