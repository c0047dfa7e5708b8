"""A digest whose count had failed is imported again once it counts, and its zeros go."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.collect.digests.problems import Problem
from newsletter.papers.models import VoteObservation
from tests.factories import an_entry, listed

pytestmark = pytest.mark.django_db

FAILED = (Problem.ALL_VOTES_ZERO.at(),)
IDS = [f"2601.0000{number}" for number in range(1, 9)]


def counted(*votes: int | None, source: str = "ours", **file: object) -> None:
    entries = [
        an_entry(arxiv_id, f"Paper {arxiv_id}", votes=value)
        for arxiv_id, value in zip(IDS, votes, strict=False)
    ]
    listed(*entries, source=source, **file)


def known(source: str = "ours") -> list[int]:
    rows = VoteObservation.objects.filter(source__slug=source).order_by("paper__arxiv_id")
    return list(rows.values_list("value", flat=True))


def test_a_later_count_of_the_same_day_comes_in_place_of_the_zeros():
    counted(0, 0, findings=FAILED)
    counted(7, 0, 3)
    assert known() == [7, 0, 3]


def test_zeros_that_were_counted_stay():
    counted(0, 5)
    counted(7, 9)
    assert known() == [0, 5]


def test_a_zero_that_a_sound_digest_told_too_stays():
    counted(0, 0, findings=FAILED)
    counted(0, 4)
    counted(6, 6)
    assert known() == [0, 4]


def test_the_zeros_of_another_source_or_moment_stay():
    counted(0, 0, findings=FAILED, source="other")
    counted(0, 0, findings=FAILED, observed_at=datetime(2026, 1, 9, 3, tzinfo=UTC))
    counted(7, 8)
    assert known("other") == [0, 0]
    assert sorted(known()) == [0, 0, 7, 8]


def test_more_zeros_take_no_more_statements():
    def statements(*votes: int, source: str) -> int:
        counted(*[0] * len(votes), source=source, findings=FAILED)
        with CaptureQueriesContext(connection) as asked:
            counted(*votes, source=source)
        return len(asked)

    counted(*range(1, 9), source="so-that-all-are-known")
    few, many = statements(1, 2, source="few"), statements(*range(1, 9), source="many")
    assert few == many
    assert known("many") == list(range(1, 9))
