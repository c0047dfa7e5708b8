"""A digest that tells another one's list again is no second voice."""

import pytest

from newsletter.collect.voices import voice_of, voices

WTP, DERIVED, WEEKLY = "wtp", "pytorchkr-derived", "pytorchkr-weekly"


def test_a_derived_digest_and_its_origin_are_one_voice():
    assert voice_of(1, None, WTP) == voice_of(2, 1, WTP)
    assert voice_of(1, None, WTP) != voice_of(3, None, WTP)


def test_the_forums_weekly_and_what_is_made_of_it_are_one_voice_without_any_link():
    assert voice_of(1, None, WEEKLY) == voice_of(2, None, DERIVED) == voice_of(3, 1, DERIVED)
    assert voice_of(1, None, WEEKLY) != voice_of(2, None, WTP)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ([], 0),
        ([(1, None, WTP), (2, None, WTP)], 2),
        ([(1, None, WTP), (2, 1, WTP)], 1),
        ([(2, 1, WTP), (3, 1, WTP)], 1),
        ([(1, None, WEEKLY), (2, 1, WTP)], 1),
        ([(1, None, WEEKLY), (2, None, DERIVED), (3, None, WTP)], 2),
        ([(3, 2, WTP), (2, 1, WTP), (1, None, WTP)], 1),
        ([(1, None, WEEKLY), (1, None, "post"), (2, 1, WTP)], 1),
        ([(1, None, WTP), (1, None, "top5")], 1),
    ],
)
def test_voices_are_counted_and_not_digests(told, number):
    assert len(voices(told)) == number
    assert len(voices(reversed(told))) == number
