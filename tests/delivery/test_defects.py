"""What stops an issue for a person to look at, and what only has to be tried again."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from newsletter.common.errors import Refused
from newsletter.delivery.defects import is_defect, told_as_broken

PASSES = [OperationalError("gone"), InterfaceError("closed"), SoftTimeLimitExceeded()]


@pytest.mark.parametrize("error", PASSES, ids=lambda error: type(error).__name__)
def test_trouble_that_passes_is_not_blamed_on_the_letter(error):
    assert not is_defect(error)
    with pytest.raises(type(error)), told_as_broken(7, "ko full"):
        raise error


def test_what_would_be_the_same_the_next_time_is_a_broken_letter():
    with pytest.raises(Refused) as refused, told_as_broken(7, "ko full"):
        raise ZeroDivisionError
    assert (refused.value.code, refused.value.place) == ("letter.broken", "ko full")
