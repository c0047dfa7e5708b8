"""Who stands in for beat: whoever works, when three rounds were missed, and not before."""

from datetime import timedelta

import pytest
from django.conf import settings

from newsletter.common import clock
from newsletter.delivery import turns
from newsletter.delivery.models import Reconciler
from newsletter.tasks import standing_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_server")]


def rounds_ago(number):
    turns.take().end([])
    ended = clock.now() - number * timedelta(seconds=settings.RECONCILE_SECONDS)
    Reconciler.objects.update(ended_at=ended)


@pytest.mark.parametrize(("rounds", "stands_in"), [(0, False), (2, False), (4, True), (-4, True)])
def test_it_is_done_after_three_missed_rounds_and_where_the_clock_was_put_back(rounds, stands_in):
    rounds_ago(rounds)
    assert standing_in.stand_in() is stands_in
    assert (turns.ago() < settings.RECONCILE_SECONDS) is (stands_in or rounds == 0)


def test_it_is_done_where_nobody_ever_has():
    assert standing_in.stand_in()
    assert turns.ago() is not None


def test_it_is_left_to_who_is_at_it():
    rounds_ago(9)
    assert turns.take()
    assert not standing_in.stand_in()
