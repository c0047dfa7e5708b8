"""Wrong use of the command line: one line that says what and where, in Korean and in English."""

import re

import pytest

from tests.commands.run import newsletter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("asemble", "usage.unknown_command [asemble]"),
        ("subscribers ad", "usage.unknown_command [ad]"),
        ("assemble", "usage.missing [CADENCE]"),
        ("send", "usage.missing [ISSUE]"),
        ("assemble monthly", "usage.choice"),
        ("render 2026-01-05-weekly --as pdf", "usage.choice [--as]"),
        ("render 2026-01-05-weekly --style fancy", "usage.choice [--style]"),
        ("assemble daily --for 내일", "usage.date [--for]"),
        ("assemble daily --for 0001-01-01", "time.invalid [0001-01-01]"),
        ("assemble weekly --for 9999-12-31", "time.invalid [9999-12-31]"),
        ("import /no/such/place", "usage.path [PATHS]"),
        ("bounces /no/such/place", "usage.path [FILES]"),
        ("status 2026-01-05-weekly more", "usage.wrong"),
        ("status --jsn", "usage.unknown_option [--jsn]"),
        ("render 2026-01-05-weekly -o", "usage.option [-o]"),
        ("status --json=3 x", "usage.option [--json]"),
        ("decide 2026-01-05-weekly", "usage.missing [--retry / --leave]"),
        ("subscribers add bora@example.com", "usage.missing [--daily / --weekly]"),
    ],
)
def test_wrong_use_is_one_line_in_both_languages_and_exit_code_2(typed, told):
    ran = newsletter(*typed.split())
    (line,) = ran.err.splitlines()
    assert (ran.code, ran.out) == (2, "")
    assert line.startswith(f"newsletter: {told}")
    korean, english = line.split(": ", 2)[2].split(" / ", 1)
    assert re.search("[가-힣]", korean)
    assert re.search("[A-Za-z]{3}", english)


def test_a_slip_of_the_hand_is_told_what_it_was_near_to():
    assert "Did you mean assemble?" in newsletter("asemble").err
    assert "혹시 add?" in newsletter("subscribers", "ad").err


@pytest.mark.parametrize("group", [(), ("sources",), ("subscribers",), ("editors",)])
def test_help_says_in_both_languages_what_each_command_is_for_and_cuts_nothing(group):
    ran = newsletter(*group, "--help")
    rows = ran.out.split("Commands:\n")[1].splitlines()
    assert ran.code == 0
    for row in rows:
        assert re.search("[가-힣].* / .*[a-z]", row), row
        assert "..." not in row


def test_no_words_at_all_show_how_it_is_used():
    ran = newsletter()
    assert ran.code == 2
    assert "Commands:" in ran.err
