"""Digests come late: a draft takes them in, and keeps what an editor has decided."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

import celeryconfig
from newsletter.celery import app
from newsletter.collect.digests.digest import Format, Section
from newsletter.common.clock import SEOUL
from newsletter.common.errors import Refused
from newsletter.issues import editing
from newsletter.issues.assemble import assemble, refresh
from newsletter.tasks.assemble import refresh_drafts
from tests.commands.run import newsletter
from tests.factories import FRIDAY, a_weekly, a_weekly_post, an_entry, five_papers, listed, the_week

pytestmark = pytest.mark.django_db

SUNDAY = date(2026, 1, 11)
TRENDS = Section("이번 주 동향", "ko", "강화 학습 연구가 많았습니다.")


def titles(issue):
    return [item.title for item in editing.content_of(issue).items]


def item(issue, number):
    return issue.items.get(paper__title=f"Paper Number {number}")


def a_late_digest(*, votes=35):
    """A digest of the whole week, which appears on Monday morning."""
    a_weekly_post(
        an_entry("2601.07777", "Late", votes=votes),
        an_entry("2601.05241", "Paper Number 1"),
        digest_format=Format.HF_RANKING,
        intro=(TRENDS,),
        source="late",
    )


def test_a_late_digest_enters_a_draft_with_its_papers_its_text_and_its_trends():
    issue = a_weekly()
    a_late_digest()
    done = refresh(issue)
    assert (done.added, done.removed) == (1, 0)
    assert titles(issue) == [f"Paper Number {n}" for n in (5, 4)] + ["Late"] + [
        f"Paper Number {n}" for n in (3, 2, 1)
    ]
    assert item(issue, 1).reason["ko"] == "추천 10 · 2곳에서 소개"
    assert editing.content_of(issue).intro[0] == TRENDS


def test_where_nothing_came_nothing_is_written_and_little_is_read():
    issue = a_weekly()
    editing.set_pinned(item(issue, 3), True)
    refresh(issue)
    before = editing.content_of(issue)
    with CaptureQueriesContext(connection) as asked:
        assert refresh(issue).added == 0
    verbs = [statement["sql"].split()[0] for statement in asked]
    assert not {"INSERT", "UPDATE", "DELETE"}.intersection(verbs)
    assert verbs.count("SELECT") <= 8
    assert editing.content_of(issue) == before


def test_a_paper_that_an_issue_approved_meanwhile_carries_leaves_the_draft_after_it():
    earlier, later = a_weekly(), FRIDAY + timedelta(weeks=1)
    five_papers(later, source="again")
    listed(an_entry("2601.11111", "New"), listed_on=later)
    issue = assemble(the_week(later)).issue
    editing.approve(earlier, "지은")
    assert refresh(issue).removed == 5
    assert titles(issue) == ["New"]


def test_votes_are_still_those_of_the_cut_off():
    issue = a_weekly()
    listed(
        an_entry("2601.05241", "Paper Number 1", votes=900),
        observed_at=datetime(2026, 1, 12, 9, tzinfo=SEOUL),
        source="afterwards",
    )
    refresh(issue)
    assert titles(issue)[-1] == "Paper Number 1"


def test_what_an_editor_decided_stays():
    issue = a_weekly()
    editing.set_pinned(item(issue, 1), True)
    editing.set_pinned(item(issue, 2), True)
    editing.set_hidden(item(issue, 5), True)
    editing.move(item(issue, 3), 3)
    editing.set_speaker(item(issue, 4), "ours")
    before = titles(issue)
    a_late_digest(votes=45)
    refresh(issue)
    assert before == [f"Paper Number {n}" for n in (2, 1, 3, 4)]
    assert titles(issue) == [
        "Paper Number 2",
        "Paper Number 1",
        "Paper Number 3",
        "Late",
        "Paper Number 4",
    ]
    assert item(issue, 5).hidden
    assert item(issue, 4).speaker == "ours"


def test_the_last_paper_gives_way_to_one_with_more_votes_unless_an_editor_wants_it(settings):
    settings.WEEKLY_PAPERS = 5
    issue = a_weekly()
    editing.set_speaker(item(issue, 1), "ours")
    a_late_digest()
    done = refresh(issue)
    assert (done.added, done.removed) == (1, 0)
    editing.set_speaker(item(issue, 1), "")
    assert refresh(issue).removed == 1
    assert "Paper Number 1" not in titles(issue)


def test_who_unpins_a_paper_leaves_its_place_to_the_votes_again():
    issue = a_weekly()
    editing.move(item(issue, 1), 1)
    editing.set_pinned(item(issue, 1), True)
    editing.set_pinned(item(issue, 1), False)
    refresh(issue)
    assert titles(issue)[-1] == "Paper Number 1"


def test_an_approved_issue_is_not_refreshed():
    issue = a_weekly()
    editing.approve(issue, "지은")
    a_late_digest()
    with pytest.raises(Refused, match=r"issue\.frozen"):
        refresh(issue)
    assert "Late" not in titles(issue)


def scheduled(word):
    """The tasks of the schedule whose entry says this word."""
    return [app.tasks[e["task"]] for name, e in celeryconfig.beat_schedule.items() if word in name]


def test_the_newest_drafts_take_in_by_themselves_what_came_late():
    issue = a_weekly()
    a_late_digest()
    with time_machine.travel(datetime(2026, 1, 12, 8, tzinfo=SEOUL), tick=False):
        for task in scheduled("drafts take in"):
            task()
    assert "Late" in titles(issue)


def test_a_draft_that_was_left_lying_is_left_alone():
    issue = a_weekly()
    a_late_digest()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=SEOUL), tick=False):
        refresh_drafts()
    assert "Late" not in titles(issue)


def test_the_command_refreshes_when_asked_to():
    a_weekly()
    a_late_digest()
    asked = ["assemble", "weekly", "--for", FRIDAY.isoformat(), "--json"]
    assert "2601.07777" not in json.loads(newsletter(*asked).out)["papers"]
    told = json.loads(newsletter(*asked, "--refresh").out)
    assert "2601.07777" in told["papers"]
    assert (told["added"], told["removed"]) == (1, 0)


def test_the_daily_of_the_weekend_is_made_before_the_weekly_that_has_to_know_it():
    def minute(name):
        schedule = celeryconfig.beat_schedule[name]["schedule"]
        return (min(schedule.hour), min(schedule.minute))

    assert minute("assemble the daily on weekday mornings") < minute(
        "assemble the weekly on monday morning"
    )
