"""Authors as digests write them: with commas, with words between, and with how many more there are."""

import pytest

from newsletter.collect.digests import prose


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ann Lee, Bo Kim, and Cy Park", ("Ann Lee", "Bo Kim", "Cy Park")),
        ("Ann Lee, Bo Kim 외", ("Ann Lee", "Bo Kim")),
        ("Ann Lee, Bo Kim 외 12명", ("Ann Lee", "Bo Kim")),
        ("Ann Lee et al.", ("Ann Lee",)),
        ("Anders Andersen, Andy Oh", ("Anders Andersen", "Andy Oh")),
    ],
)
def test_names_are_parted_from_the_words_around_them(written, names):
    assert prose.names(written) == names
