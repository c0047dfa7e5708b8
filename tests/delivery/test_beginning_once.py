"""A send begins once: whoever asks again changes nothing, and what was approved is looked at again."""

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common import clock
from newsletter.common.errors import Declined, Refused
from newsletter.delivery import preflight, sending
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.states import IssueState
from tests.delivery.given import Mailbox, an_approved_issue, an_issue_being_sent, readers
from tests.factories import a_weekly, an_entry, listed, the_week

pytestmark = pytest.mark.django_db


def sent(number):
    """An issue of which every letter has left."""
    issue = an_issue_being_sent(number)
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, Mailbox())
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT
    return issue


def paused(number):
    issue = an_issue_being_sent(number)
    sending.pause(issue.pk, "잠깐만")
    issue.refresh_from_db()
    return issue


def everything(issue):
    """All that is known of an issue and its letters."""
    issue.refresh_from_db()
    told = (issue.state, issue.started_at, issue.finished_at, issue.pause_reason)
    return told, list(Delivery.objects.values()), list(Batch.objects.values())


@pytest.mark.parametrize("begun", [an_issue_being_sent, paused, sent])
def test_to_start_what_has_begun_writes_to_nobody_who_joined_since(begun):
    issue = begun(3)
    readers(2)
    before = everything(issue)
    assert sending.start(issue.pk, "민수") is False
    assert everything(issue) == before


def test_a_sent_issue_is_not_resumed_and_so_cannot_be_cancelled():
    issue = sent(3)
    before = everything(issue)
    for move in (sending.resume, sending.pause, sending.cancel):
        with pytest.raises(Refused, match=r"issue\.wrong_state"):
            move(issue.pk, "민수")
    assert everything(issue) == before


def test_resuming_does_not_begin_what_was_never_started():
    issue = an_approved_issue(3)
    with pytest.raises(Refused, match=r"issue\.not_begun"):
        sending.resume(issue.pk, "민수")
    issue.refresh_from_db()
    assert (issue.state, Delivery.objects.count()) == (IssueState.APPROVED, 0)


@pytest.mark.parametrize("number", range(2))
def test_neither_a_draft_nor_a_cancelled_issue_is_resumed(number):
    issue = a_weekly()
    if number:
        sending.cancel(issue.pk, "지은")
    with pytest.raises(Refused, match=r"issue\.wrong_state"):
        sending.resume(issue.pk, "민수")


def withdraw_first_paper(issue):
    paper = issue.items.first().paper
    paper.withdrawn_at = clock.now()
    paper.save()
    return paper


def test_a_paper_withdrawn_after_the_approval_keeps_the_issue_from_leaving():
    issue = an_approved_issue(3)
    withdraw_first_paper(issue)
    with pytest.raises(Declined, match=r"gate\.closed") as refused:
        sending.start(issue.pk, "지은")
    assert "다시 승인" in refused.value.ko
    assert "approve it again" in refused.value.en
    issue.refresh_from_db()
    assert (issue.state, Delivery.objects.count()) == (IssueState.APPROVED, 0)


def test_approved_again_it_leaves_without_that_paper():
    issue = an_approved_issue(3)
    paper = withdraw_first_paper(issue)
    editing.withdraw_approval(issue, "지은")
    editing.approve(issue, "지은")
    assert sending.start(issue.pk, "지은")
    shown = {item.arxiv_id for item in editing.content_of(issue).items}
    assert shown
    assert paper.arxiv_id not in shown
    assert counts(issue).queued == 3


def test_an_error_that_an_editor_let_pass_with_a_reason_keeps_nothing_from_leaving():
    english = Section("Abstract", "en", "A method that nobody has put into Korean yet.")
    listed(*[an_entry(f"2601.0000{n}", f"Paper {n}", sections=(english,)) for n in range(5)])
    issue = assemble(the_week()).issue
    readers(2)
    with pytest.raises(Declined, match=r"gate\.closed"):
        preflight.approve(issue, "지은")
    preflight.approve(issue, "지은", read=True, reason="영어 특집호입니다.")
    assert sending.start(issue.pk, "지은")
