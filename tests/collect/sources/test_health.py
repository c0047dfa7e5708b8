"""When an editor hears of a source: failures, silence, error sentences, the same list again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.collect.health import CheckFacts, Outcome, findings
from newsletter.collect.schedule import Interval, next_check
from newsletter.common.findings import Severity

FRIDAY = datetime(2026, 1, 9, 1, tzinfo=UTC)  # ten in the morning in Seoul
DAY = timedelta(days=1)


def read(at: datetime, *papers: str, **more: object) -> CheckFacts:
    told = {"newest": frozenset(papers), "papers_new": len(papers), "listed_on": at.date()}
    return CheckFacts(at, Outcome.READ, **{"formats": frozenset({"top5"}), **told, **more})


def failed(at: datetime) -> CheckFacts:
    return CheckFacts(at, Outcome.FAILED, error="feed.timeout")


def weekdays(weeks: int, until: datetime = FRIDAY) -> list[CheckFacts]:
    """A source that had something new on each weekday, and was asked at weekends too."""
    days = [until - DAY * ago for ago in range(7 * weeks, -1, -1)]
    return [
        read(day, f"paper of {day:%m-%d}")
        if day.weekday() < 5
        else CheckFacts(day, Outcome.UNCHANGED)
        for day in days
    ]


def codes(
    checks: list[CheckFacts], interval: Interval | None = Interval.DAILY, **more: object
) -> list[str]:
    return [finding.code for finding in findings(checks, interval, **more)]


def test_a_source_that_is_well_is_not_spoken_of():
    assert codes(weekdays(5)) == []
    assert codes([]) == []


def test_a_failure_is_told_at_once_and_gets_worse_when_it_lasts():
    severities = [
        findings([failed(FRIDAY + DAY * number) for number in range(times)], Interval.DAILY)[
            0
        ].severity
        for times in (1, 2, 3)
    ]
    assert severities == [Severity.WARNING, Severity.WARNING, Severity.ERROR]


def test_a_failure_that_has_passed_is_not_told_any_more():
    assert codes([*weekdays(4), failed(FRIDAY + DAY), read(FRIDAY + DAY * 3, "new")]) == []


@pytest.mark.parametrize("outcome", [Outcome.READ, Outcome.UNCHANGED])
def test_a_day_that_always_brought_something_and_brings_nothing_is_told_that_day(outcome):
    silent = CheckFacts(FRIDAY, outcome)
    assert codes([*weekdays(4)[:-1], silent]) == ["source.silent"]


def test_a_weekend_that_never_brought_anything_is_expected():
    saturday = CheckFacts(FRIDAY + DAY, Outcome.UNCHANGED)
    assert codes([*weekdays(4), saturday]) == []


def test_a_holiday_is_expected_where_the_calendar_knows_it():
    silent = [*weekdays(4)[:-1], CheckFacts(FRIDAY, Outcome.UNCHANGED)]
    assert codes(silent, quiet=frozenset({date(2026, 1, 9)})) == []


def test_a_source_that_is_new_has_no_habit_yet():
    assert codes([*weekdays(2)[:-1], CheckFacts(FRIDAY, Outcome.UNCHANGED)]) == []


def test_a_source_asked_every_hour_is_judged_by_the_day_that_is_over():
    morning = [*weekdays(4)[:-1], CheckFacts(FRIDAY, Outcome.UNCHANGED)]
    assert codes(morning, Interval.HOURLY) == []
    next_day = [*morning, CheckFacts(FRIDAY + DAY, Outcome.UNCHANGED)]
    assert codes(next_day, Interval.HOURLY) == ["source.silent"]


def test_a_weekly_source_may_be_a_day_late_but_not_two():
    weeks = [read(FRIDAY - timedelta(weeks=ago), f"week {ago}") for ago in range(4, -1, -1)]
    late = [*weeks, CheckFacts(FRIDAY + DAY * 7 + timedelta(hours=12), Outcome.UNCHANGED)]
    too_late = [*late, CheckFacts(FRIDAY + DAY * 8 + timedelta(hours=1), Outcome.UNCHANGED)]
    assert codes(late, Interval.WEEKLY) == []
    assert codes(too_late, Interval.WEEKLY) == ["source.silent"]


def quiet_after(checks: list[CheckFacts], days: int) -> list[CheckFacts]:
    """The same source, dead since: it still answers every day, and nothing is new."""
    last = checks[-1].at
    return [*checks, *(CheckFacts(last + DAY * n, Outcome.UNCHANGED) for n in range(1, days + 1))]


@pytest.mark.parametrize("days", [3, 7, 8, 28, 139])
def test_f22_a_dead_daily_source_is_told_for_as_long_as_it_is_dead(days):
    dead = quiet_after(weekdays(5), days)
    assert codes(dead) == ["source.silent"]
    assert f"{days} day(s)" in findings(dead, Interval.DAILY)[0].en
    assert codes([*dead, read(FRIDAY + DAY * (days + 1), "at last")]) == []


@pytest.mark.parametrize("days", [9, 28, 139])
def test_f22_a_dead_weekly_source_is_told_for_as_long_as_it_is_dead(days):
    weeks = [read(FRIDAY - timedelta(weeks=ago), f"week {ago}") for ago in range(4, -1, -1)]
    dead = quiet_after(weeks, days)
    assert codes(dead, Interval.WEEKLY) == ["source.silent"]
    assert codes([*dead, read(FRIDAY + DAY * (days + 1), "at last")], Interval.WEEKLY) == []


def test_f22_a_dead_source_that_is_asked_every_hour_is_told_the_day_after_and_for_ever():
    dead = quiet_after(weekdays(5), 2)
    assert codes(dead, Interval.HOURLY) == []
    for days in (4, 28, 139):
        assert codes(quiet_after(weekdays(5), days), Interval.HOURLY) == ["source.silent"]


def test_a_silence_goes_on_while_the_source_cannot_be_read():
    dead = [*quiet_after(weekdays(5), 5), failed(FRIDAY + DAY * 6)]
    assert codes(dead) == ["source.failing", "source.silent"]


def test_a_day_on_which_a_source_could_not_be_read_is_no_silence_of_it():
    assert codes([*weekdays(5), failed(FRIDAY + DAY * 3)]) == ["source.failing"]


def test_a_holiday_long_ago_does_not_end_a_habit():
    checks = [check for check in weekdays(5) if check.at.date() != date(2025, 12, 29)]
    dead = quiet_after(checks, 3)
    assert codes(dead, quiet=frozenset({date(2025, 12, 29)})) == ["source.silent"]


def test_a_weekly_source_whose_day_moves_has_a_habit_all_the_same():
    posts = [read(FRIDAY - DAY * ago, f"post {ago}") for ago in (20, 14, 6, 0)]
    assert codes(quiet_after(posts, 9), Interval.WEEKLY) == ["source.silent"]


def test_a_source_that_never_came_weekly_is_not_missed():
    posts = [read(FRIDAY - DAY * ago, f"post {ago}") for ago in (60, 30, 0)]
    assert codes(quiet_after(posts, 9), Interval.WEEKLY) == []


def test_a_list_without_a_day_repeats_no_other():
    bare = read(FRIDAY + DAY * 2, "a", "b", papers_new=0, listed_on=None)
    assert codes([read(FRIDAY, "a", "b"), bare]) == []


def test_a_list_of_error_sentences_only_is_told_the_first_time():
    assert codes([read(FRIDAY, "a", "b", failed_texts=2)]) == ["source.only_errors"]
    assert codes([read(FRIDAY, "a", "b", failed_texts=1)]) == []


def test_fridays_list_under_sundays_date_is_told():
    friday, sunday = read(FRIDAY, "a", "b"), read(FRIDAY + DAY * 2, "a", "b", papers_new=0)
    assert codes([friday, sunday]) == ["source.repeats"]


def test_the_same_list_of_the_same_day_read_again_is_no_repetition():
    again = read(FRIDAY + timedelta(hours=5), "a", "b", papers_new=0, listed_on=FRIDAY.date())
    assert codes([read(FRIDAY, "a", "b"), again]) == []


def test_another_format_than_before_is_told():
    other = read(FRIDAY + DAY, "b", formats=frozenset({"wtp"}))
    assert "source.format_changed" in codes([read(FRIDAY, "a"), other])


def test_every_finding_speaks_both_languages_and_says_what_to_do():
    checks = [
        read(FRIDAY, "a", failed_texts=1),
        read(FRIDAY + DAY, "a", failed_texts=1, formats=frozenset()),
    ]
    for finding in (*findings(checks, None), *findings([failed(FRIDAY)], None)):
        assert finding.ko
        assert finding.en
        assert finding.remedy_ko
        assert finding.remedy_en


def test_after_a_failure_a_source_is_asked_sooner_then_later_and_later():
    waits = [next_check(Interval.DAILY, FRIDAY, failures=times) - FRIDAY for times in range(1, 9)]
    assert waits[0] == timedelta(minutes=15)
    assert waits == sorted(waits)
    assert waits[-1] == DAY


def test_a_server_that_names_a_moment_is_not_asked_before_it():
    assert next_check(Interval.HOURLY, FRIDAY, failures=1, retry_after=7200) == FRIDAY + timedelta(
        hours=2
    )
    far = next_check(Interval.HOURLY, FRIDAY, failures=1, retry_after=10.0**12)
    assert far == FRIDAY + timedelta(weeks=1)
