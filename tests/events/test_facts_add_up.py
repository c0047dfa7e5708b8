"""The fold of what providers tell: any order, any repetition, the same fate."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.events.kinds import (
    NOTHING_KNOWN,
    EventKind,
    bounce_kind,
    fold,
    fold_all,
    knows,
    standing,
)

kinds = st.sampled_from(EventKind)
stories = st.lists(kinds, max_size=20)


@given(stories, st.randoms(use_true_random=False))
def test_f20_the_order_of_events_does_not_matter(story, chance):
    shuffled = chance.sample(story, len(story))
    assert fold_all(shuffled) == fold_all(story)


@given(stories)
def test_f20_events_told_again_change_nothing(story):
    assert fold_all([*story, *story[::-1]]) == fold_all(story)


@given(stories, stories, stories)
def test_f20_it_does_not_matter_how_events_are_bundled(one, two, three):
    assert fold_all([*one, *two]) | fold_all(three) == fold_all(one) | fold_all([*two, *three])


@given(stories, kinds)
def test_a_fact_once_known_stays_known(story, kind):
    assert knows(fold_all([kind, *story]), kind)
    assert fold(fold_all(story), kind) & fold_all(story) == fold_all(story)


def test_f20_a_thousand_permutations_end_in_one_state():
    story = [*EventKind, *EventKind]
    chance = random.Random(20)  # noqa: S311 - a seed, so that a failure can be repeated
    ends = {fold_all(chance.sample(story, len(story))) for _ in range(1000)}
    assert ends == {fold_all(EventKind)}


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_is_told_apart_from_every_other(kind):
    assert [other for other in EventKind if knows(fold(NOTHING_KNOWN, kind), other)] == [kind]


@pytest.mark.parametrize(
    ("story", "fate"),
    [
        ([], None),
        (["accepted", "deferred"], EventKind.DEFERRED),
        (["delivered", "deferred", "accepted"], EventKind.DELIVERED),
        (["delivered", "hard bounced"], EventKind.HARD_BOUNCED),
        (["soft bounced", "delivered"], EventKind.SOFT_BOUNCED),
        (["deferred", "opened"], EventKind.DELIVERED),
        (["complained"], EventKind.DELIVERED),
        (["accepted", "dropped"], EventKind.DROPPED),
    ],
)
def test_the_fate_of_a_letter_is_read_off_what_was_told(story, fate):
    assert standing(fold_all(map(EventKind, story))) is fate


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", EventKind.HARD_BOUNCED),
        ("5.1.10", EventKind.HARD_BOUNCED),
        ("5.2.1", EventKind.HARD_BOUNCED),
        ("5.2.2", EventKind.SOFT_BOUNCED),
        ("4.4.7", EventKind.SOFT_BOUNCED),
        ("5.0.0", EventKind.SOFT_BOUNCED),
        ("", EventKind.SOFT_BOUNCED),
        ("5.7.1", EventKind.BLOCKED),
        ("5.7.515", EventKind.BLOCKED),
        ("5.1.8", EventKind.BLOCKED),
    ],
)
def test_a_status_code_tells_whose_fault_it_is(status, kind):
    assert bounce_kind(status) is kind
