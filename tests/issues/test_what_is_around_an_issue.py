"""What the gate knows beside an issue: its past, its sources, and the fate of papers."""

from datetime import date, datetime, timedelta

import pytest

from newsletter.collect.models import Source
from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.issues.window import window_around
from newsletter.papers import arxiv_facts
from newsletter.papers.models import Paper
from tests.factories import FRIDAY, a_weekly, an_entry, five_papers, listed, the_week
from tests.papers.test_arxiv_facts import Arxiv
from tests.papers.test_arxiv_facts import told as of_arxiv

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def codes(issue):
    return {finding.code for finding in editing.findings(issue)}


def places(issue, code):
    return [finding.place for finding in editing.findings(issue) if finding.code == code]


def three_weeks(*sources):
    for week in range(3):
        day = FRIDAY + week * WEEK
        for source in sources:
            listed(an_entry(f"2601.1000{week}", f"Paper {week}"), listed_on=day, source=source)
        assemble(the_week(day))


def the_fourth_week():
    day = FRIDAY + 3 * WEEK
    listed(an_entry("2601.10009", "Paper 9"), listed_on=day, source="steady")
    return assemble(the_week(day)).issue


def test_a_source_that_was_in_three_issues_is_missed_in_the_fourth():
    three_weeks("steady", "dying")
    assert places(the_fourth_week(), "issue.source_missing") == ["dying 다이제스트"]


def test_a_source_that_is_off_is_not_missed():
    three_weeks("steady", "off")
    Source.objects.filter(slug="off").update(enabled=False)
    assert places(the_fourth_week(), "issue.source_missing") == []


def test_on_a_holiday_no_source_is_missed():
    """24 to 26 September 2026 are 추석: three days on which nobody writes."""
    chuseok = date(2026, 9, 25)
    daily = [window_around(Cadence.DAILY, date(2026, 9, day), SEOUL) for day in (21, 22, 23)]
    for number, window in enumerate(daily):
        for source in ("steady", "resting"):
            entry = an_entry(f"2609.1000{number}", f"Paper {number}")
            listed(entry, listed_on=window.first_day, source=source)
        assemble(window)
    listed(an_entry("2609.10009", "Paper 9"), listed_on=chuseok, source="steady")
    issue = assemble(window_around(Cadence.DAILY, chuseok, SEOUL)).issue
    assert places(issue, "issue.source_missing") == []


def test_a_cancelled_issue_is_no_past():
    issue = a_weekly()
    Issue.objects.update(state=IssueState.CANCELLED)
    later = Issue.objects.create(
        cadence=issue.cadence,
        window_start=issue.window_end,
        window_end=issue.window_end + WEEK,
        slug="2026-01-12-weekly",
        title="다음 주",
        subject="다음 주",
        style="top5",
    )
    for item in issue.items.all():
        later.items.create(paper=item.paper, position=item.position)
    assert "issue.repeated" not in codes(later)
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENT)
    assert "issue.repeated" in codes(later)


@pytest.mark.parametrize(
    ("told", "is_another"),
    [
        ("A Paper on Rewards, Revisited", False),
        ("A Robot Learns", False),  # just as alike as two titles must be
        ("A Wall of Paper", True),
        ("Diffusion of Proteins in Water", True),
    ],
)
def test_a_digest_that_gave_an_id_quite_another_title_is_told(told, is_another):
    listed(an_entry("2601.05242", "A Paper on Rewards"), source="one")
    listed(an_entry("2601.05242", told), source="two")
    issue = assemble(the_week()).issue
    assert places(issue, "item.other_title") == (["2601.05242"] if is_another else [])


@pytest.mark.parametrize(
    ("told", "is_another"),
    [
        ("Attention Is All You Need", True),
        ("GDPO", False),  # how people call it for short
        ("GDPO: Group reward-Dec…", False),
        ("GDPO: Decoupled Normalization of Group Rewards for Policy Optimization", False),
        ("보상마다 따로 정규화하는 정책 최적화", False),  # may well be the same in Korean
        ("arXiv Links", False),
    ],
)
def test_a_title_is_told_that_is_quite_another_than_the_own_one_of_arxiv(told, is_another):
    listed(an_entry(title=told), source="one")
    arxiv_facts.fill(Arxiv(of_arxiv()), clock.now())
    issue = assemble(the_week()).issue
    assert places(issue, "item.other_title") == (["2601.05242"] if is_another else [])


def the_same_papers_a_week_later():
    later = FRIDAY + WEEK
    five_papers(later, source="again")
    return assemble(the_week(later)).issue


def test_a_draft_that_never_left_does_not_close_the_gate_on_its_papers():
    a_weekly()
    issue = the_same_papers_a_week_later()
    assert issue.items.count() == 5
    assert "issue.repeated" not in codes(issue)


def test_an_id_that_was_looked_up_by_a_title_not_quite_the_same_is_told():
    issue = a_weekly()
    Paper.objects.filter(arxiv_id="2601.05245").update(id_confidence=0.93)
    Paper.objects.filter(arxiv_id="2601.05244").update(id_confidence=1.0)
    assert places(issue, "item.id_unsure") == ["2601.05245"]


def withdraw(arxiv_id, at):
    Paper.objects.filter(arxiv_id=arxiv_id).update(withdrawn_at=at)


def test_a_withdrawn_paper_is_dropped_from_a_draft_and_the_editor_is_told():
    issue = a_weekly()
    withdraw("2601.05245", datetime(2026, 1, 10, tzinfo=SEOUL))
    assert "2601.05245" not in [item.arxiv_id for item in editing.content_of(issue).items]
    assert places(issue, "item.dropped") == ["2601.05245"]


def sent():
    issue = a_weekly()
    Issue.objects.update(state=IssueState.SENT)
    withdraw("2601.05245", datetime(2026, 1, 14, tzinfo=SEOUL))
    return issue


def the_issue_after(weeks):
    day = FRIDAY + weeks * WEEK
    listed(an_entry(f"2601.1111{weeks}", f"New {weeks}"), listed_on=day)
    return assemble(the_week(day)).issue


def corrected(issue):
    return [correction.arxiv_id for correction in editing.content_of(issue).corrections]


def test_a_paper_withdrawn_after_it_was_sent_becomes_a_correction_of_the_next_issue():
    earlier, issue = sent(), the_issue_after(1)
    content = editing.content_of(issue)
    assert [(c.arxiv_id, c.issue) for c in content.corrections] == [("2601.05245", earlier.slug)]
    assert IssueContent.from_json(content.to_json()) == content


def test_a_week_without_an_issue_loses_no_correction():
    sent()
    assert corrected(the_issue_after(3)) == ["2601.05245"]


def test_a_correction_is_told_once():
    sent()
    editing.approve(the_issue_after(1), "지은", read=True)
    assert corrected(the_issue_after(2)) == []


def withdrawn_since_it_was_sent(number):
    listed(*[an_entry(f"2601.1200{n}", f"Taken back {n}") for n in range(number)])
    issue = assemble(the_week()).issue
    Issue.objects.update(state=IssueState.SENT)
    Paper.objects.update(withdrawn_at=datetime(2026, 1, 14, tzinfo=SEOUL))
    return list(issue.items.values_list("paper__arxiv_id", flat=True))


def test_what_a_mail_has_no_room_to_correct_the_next_one_corrects():
    wrong = withdrawn_since_it_was_sent(7)
    for weeks, told in ((1, wrong[:5]), (2, wrong[5:]), (3, [])):
        issue = the_issue_after(weeks)
        assert corrected(issue) == told
        editing.approve(issue, "지은", read=True)
        assert corrected(issue) == told


def test_an_issue_that_never_leaves_tells_no_correction():
    sent()
    first = the_issue_after(1)
    editing.approve(first, "지은", read=True)
    editing.move_to(first, IssueState.CANCELLED)
    assert corrected(the_issue_after(2)) == ["2601.05245"]


def test_an_approval_that_was_withdrawn_keeps_its_correction():
    sent()
    issue = the_issue_after(1)
    editing.approve(issue, "지은", read=True)
    editing.withdraw_approval(issue, "지은")
    assert corrected(issue) == ["2601.05245"]


@pytest.mark.parametrize("state", [IssueState.DRAFT, IssueState.APPROVED, IssueState.CANCELLED])
def test_what_no_reader_was_told_is_not_taken_back(state):
    sent()
    Issue.objects.update(state=state)
    assert corrected(the_issue_after(1)) == []


def test_what_was_dropped_before_an_issue_left_is_not_taken_back():
    a_weekly()
    withdraw("2601.05245", datetime(2026, 1, 10, tzinfo=SEOUL))
    Issue.objects.update(state=IssueState.SENT)
    assert corrected(the_issue_after(1)) == []


def test_an_issue_takes_nothing_back_that_a_later_one_carried():
    later = a_weekly(FRIDAY + WEEK)
    Issue.objects.update(state=IssueState.SENT)
    withdraw("2601.05245", later.window_end + WEEK)
    assert corrected(the_issue_after(0)) == []
