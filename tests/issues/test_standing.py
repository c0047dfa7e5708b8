"""Votes of different sources on one scale."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.collect.digests.digest import Format, Listing
from newsletter.issues.standing import Count, scale_of, standings

FORUM, RANKING, TOP5 = 1, 2, 3


def counts(source, votes, scale=None):
    return [Count(paper, source, scale or source, value) for paper, value in votes.items()]


def test_a_paper_stands_where_its_votes_stand_among_those_of_its_scale():
    found = standings(counts(RANKING, {1: 10, 2: 20, 3: 30, 4: 40}))
    assert found == {1: 0.125, 2: 0.375, 3: 0.625, 4: 0.875}


def test_equals_stand_alike():
    assert standings(counts(RANKING, {1: 5, 2: 5, 3: 9})) == {1: 1 / 3, 2: 1 / 3, 3: 5 / 6}


def test_the_thousands_of_a_forum_do_not_drown_the_votes_of_hugging_face():
    found = standings([*counts(FORUM, {1: 9000, 2: 8000}), *counts(RANKING, {3: 10, 4: 50, 5: 90})])
    assert found[5] > found[1] > found[4] > found[2] > found[3]


def test_a_paper_without_votes_is_not_last_where_its_source_has_none():
    found = standings([*counts(FORUM, {1: None}), *counts(RANKING, {2: 3, 3: 50})])
    assert found[3] > found[1] > found[2]


def test_a_paper_without_votes_is_last_where_its_source_counts_the_others():
    assert standings(counts(RANKING, {1: None, 2: 0, 3: 50}))[1] == 0


def test_a_number_counts_more_than_that_another_source_has_none():
    found = standings([*counts(FORUM, {1: None}), *counts(RANKING, {1: 1, 2: 2, 3: 3})])
    assert found[1] < 0.5


def test_sources_that_tell_the_same_votes_are_compared_as_they_are_and_the_highest_counts():
    same = "the same"
    found = standings([*counts(TOP5, {1: 60, 2: 40}, same), *counts(RANKING, {2: 90, 3: 50}, same)])
    assert found[2] > found[1] > found[3]


@pytest.mark.parametrize(
    ("formats", "others", "alike"),
    [
        ([Format.TOP5], [Listing.HF_API], True),
        ([Format.HF_RANKING], [Listing.KO_JSON], True),
        ([Format.PYTORCHKR_WEEKLY], [Format.TOP5], False),
        ([Listing.POST], [Listing.POST], False),
    ],
)
def test_formats_that_tell_the_votes_of_hugging_face_count_alike(formats, others, alike):
    assert (scale_of(1, formats) == scale_of(2, others)) == alike


@given(st.dictionaries(st.integers(1, 50), st.none() | st.integers(0, 500), min_size=1))
def test_more_votes_never_stand_lower(votes):
    found = standings(counts(RANKING, votes))
    assert all(0 <= standing <= 1 for standing in found.values())
    told = sorted((value, paper) for paper, value in votes.items() if value is not None)
    assert all(found[one] <= found[other] for (_, one), (_, other) in itertools.pairwise(told))
