"""F25 and its neighbours: pause, resume, cancel, too many errors, and answers that are not yes."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from newsletter.common import clock
from newsletter.common.errors import Refused
from newsletter.delivery import sending
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    PermanentSendError,
    TransientSendError,
)
from newsletter.delivery.ledger import counts
from newsletter.delivery.models import Batch, Delivery, Notice
from newsletter.delivery.reconcile import batches_to_publish, mark_published, reconcile
from newsletter.delivery.send import MAX_ATTEMPTS, deliver_batch
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import Subscriber
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all

pytestmark = pytest.mark.django_db


def wait_over():
    Batch.objects.update(not_before=None)


def test_f25_after_a_pause_at_most_the_slice_in_hand_leaves():
    issue, way = an_issue_being_sent(30), Mailbox(slice_size=5)
    way.before[8] = lambda: sending.pause(issue.pk, "잠깐만")
    told = deliver_all(way, issue)
    assert (told.accepted, told.queued) == (10, 20)
    assert (issue.state, issue.pause_reason) == (IssueState.PAUSED, "잠깐만")
    assert batches_to_publish(issue.pk) == []


def test_f25_a_resumed_issue_goes_on_without_repeating_anybody():
    issue, way = an_issue_being_sent(30), Mailbox(slice_size=5)
    way.before[8] = lambda: sending.pause(issue.pk, "잠깐만")
    deliver_all(way, issue)
    sending.resume(issue.pk, "지은")
    told = deliver_all(way, issue)
    assert told.accepted == 30
    assert len(set(way.accepted)) == len(way.accepted) == 30
    assert (issue.state, issue.pause_reason) == (IssueState.SENT, "")


def test_f25_cancel_ends_whoever_was_not_written_to_and_they_stay_so():
    issue, way = an_issue_being_sent(30), Mailbox(slice_size=5)
    way.before[8] = lambda: sending.cancel(issue.pk, "지은")
    told = deliver_all(way, issue)
    assert (told.accepted, told.cancelled, told.queued) == (10, 20, 0)
    reconcile(way)
    with pytest.raises(Refused):
        sending.resume(issue.pk, "지은")
    assert deliver_all(way, issue).cancelled == 20
    assert len(way.accepted) == 10


def test_a_letter_that_was_put_off_while_its_issue_was_cancelled_is_cancelled_too():
    issue, way = an_issue_being_sent(5), Mailbox(slice_size=5)
    way.before[2] = lambda: sending.cancel(issue.pk, "지은")
    way.answers[4] = TransientSendError("busy")
    told = deliver_all(way, issue)
    assert (told.accepted, told.cancelled, told.queued) == (4, 1, 0)


def test_a_resumed_issue_goes_into_the_queue_at_once():
    issue, way = an_issue_being_sent(3), Mailbox()
    mark_published(batches_to_publish(issue.pk))
    sending.pause(issue.pk, "잠깐만")
    deliver_batch(Batch.objects.get().pk, way)
    sending.resume(issue.pk, "지은")
    assert deliver_all(way, issue).accepted == 3


@pytest.mark.parametrize("move", ["pause", "resume", "cancel"])
def test_f25_pressing_twice_is_pressing_once(move):
    issue = an_issue_being_sent(3)
    if move == "resume":
        sending.pause(issue.pk, "잠깐만")
    for actor in ("지은", "민수"):
        getattr(sending, move)(issue.pk, actor)
    expected = {"pause": "paused", "resume": "sending", "cancel": "cancelled"}
    assert Issue.objects.get().state == expected[move]


def test_a_move_that_comes_too_late_is_refused():
    issue, way = an_issue_being_sent(2), Mailbox()
    deliver_all(way, issue)
    for move in (sending.pause, sending.cancel):
        with pytest.raises(Refused):
            move(issue.pk, "지은")


def test_a_halt_pauses_the_issue_tells_the_editors_and_uses_up_no_attempt(settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue, way = an_issue_being_sent(20), Mailbox(slice_size=5)
    way.answers = dict.fromkeys(range(3, 100), HaltSending("http 401"))
    told = deliver_all(way, issue)
    assert (told.accepted, told.queued) == (2, 18)
    assert way.handed == 5, "no second slice after a halt"
    assert issue.state == IssueState.PAUSED
    assert issue.pause_reason == "mailbox: http 401"
    assert set(Delivery.objects.filter(status="queued").values_list("attempts", flat=True)) == {0}
    (notice,) = Notice.objects.all()
    assert notice.address == "editor@example.com"
    assert "http 401" in notice.context["body"]


class Defective(Mailbox):
    """A backend with a defect: it takes up the letters of its first call, and breaks."""

    error: type[Exception] = KeyError

    def send(self, letter, messages, *, until=float("inf")):
        self.handed += len(list(messages))
        raise self.error("a defect")


def test_a_defect_in_a_backend_stops_the_issue_and_leaves_one_slice_in_doubt(settings):
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue, way = an_issue_being_sent(30), Defective(slice_size=5, knows=False)
    for _ in range(3):
        for batch_id in reconcile(way):
            with pytest.raises(KeyError):
                deliver_batch(batch_id, way)
    issue.refresh_from_db()
    told = counts(issue)
    assert (told.uncertain, told.queued, way.handed) == (5, 25, 5)
    assert (issue.state, issue.pause_reason) == (IssueState.PAUSED, "mailbox: KeyError")
    assert "mailbox: KeyError" in Notice.objects.get().context["body"]


def test_a_database_that_is_away_for_a_moment_stops_no_issue():
    issue, way = an_issue_being_sent(10), Defective(slice_size=5)
    way.error = OperationalError
    with pytest.raises(OperationalError):
        deliver_batch(Batch.objects.get().pk, way)
    assert Issue.objects.get(pk=issue.pk).state == IssueState.SENDING


def test_too_many_refused_readers_pause_the_issue(settings):
    settings.MAX_SEND_ERRORS = 7
    settings.EDITOR_ADDRESSES = ["editor@example.com"]
    issue, way = an_issue_being_sent(40), Mailbox(slice_size=5)
    way.answers = dict.fromkeys(range(1, 100), PermanentSendError("rcpt 550"))
    told = deliver_all(way, issue)
    assert (told.rejected, told.queued) == (10, 30)
    assert issue.state == IssueState.PAUSED
    assert Notice.objects.count() == 1


def test_in_a_large_list_one_refused_reader_in_a_hundred_is_no_trouble(settings):
    settings.MAX_SEND_ERRORS = 2
    issue, way = an_issue_being_sent(500), Mailbox(slice_size=50)
    way.answers = dict.fromkeys((1, 2, 320, 420, 480), PermanentSendError("rcpt 550"))
    told = deliver_all(way, issue)
    assert (told.rejected, issue.state) == (5, IssueState.SENT)


def test_in_a_large_list_two_in_a_hundred_are(settings):
    settings.MAX_SEND_ERRORS = 2
    issue, way = an_issue_being_sent(500), Mailbox(slice_size=50)
    way.answers = dict.fromkeys(range(1, 501, 50), PermanentSendError("rcpt 550"))
    told = deliver_all(way, issue)
    assert (told.rejected, issue.state) == (3, IssueState.PAUSED)
    sending.resume(issue.pk, "지은")
    assert deliver_all(way, issue).rejected > 5, "what a person has seen stops nothing any more"


def test_the_rows_are_not_counted_after_each_refusal():
    issue, way = an_issue_being_sent(200), Mailbox(slice_size=5)
    way.answers = dict.fromkeys(range(1, 201, 5), PermanentSendError("rcpt 550"))
    with CaptureQueriesContext(connection) as queries:
        deliver_all(way, issue)
    assert issue.state == IssueState.SENT
    counting = [query for query in queries if '"handed_over"' in query["sql"]]
    assert len(counting) == 1


def test_a_few_refused_readers_do_not():
    issue, way = an_issue_being_sent(10), Mailbox()
    way.answers = {3: PermanentSendError("rcpt 550 5.1.1")}
    told = deliver_all(way, issue)
    assert (told.accepted, told.rejected, issue.state) == (9, 1, IssueState.SENT)
    assert Delivery.objects.get(status="rejected").reason == "rcpt 550 5.1.1"


def test_what_was_put_off_is_tried_again_after_a_while_and_only_that():
    issue, way = an_issue_being_sent(10), Mailbox(slice_size=5)
    way.answers = {3: TransientSendError("rcpt 451", retry_after=120)}
    told = deliver_all(way, issue)
    assert (told.accepted, told.queued, issue.state) == (9, 1, IssueState.SENDING)
    wait = Batch.objects.get().not_before - clock.now()
    assert timedelta(seconds=110) < wait <= timedelta(seconds=120)
    assert batches_to_publish(issue.pk) == []
    wait_over()
    assert deliver_all(way, issue).accepted == 10
    assert way.handed == 11


def test_a_server_in_trouble_is_not_shown_the_whole_list():
    issue, way = an_issue_being_sent(50), Mailbox(slice_size=5)
    way.answers = dict.fromkeys(range(1, 1000), TransientSendError("connect"))
    deliver_all(way, issue)
    assert way.handed == 5


def test_a_letter_that_is_always_put_off_is_given_up_in_the_end():
    issue, way = an_issue_being_sent(1), Mailbox()
    way.answers = dict.fromkeys(range(1, 100), TransientSendError("rcpt 450"))
    for _ in range(MAX_ATTEMPTS):
        told = deliver_all(way, issue)
        wait_over()
    assert (told.rejected, told.queued, issue.state) == (1, 0, IssueState.SENT)
    assert Delivery.objects.get().reason == "gave up: rcpt 450"
    assert way.handed == MAX_ATTEMPTS


def test_f10_a_letter_in_doubt_is_held_and_the_issue_never_calls_itself_sent():
    issue, way = an_issue_being_sent(6), Mailbox(knows=False)
    way.answers = {2: AmbiguousSendError("no answer")}
    told = deliver_all(way, issue)
    assert (told.accepted, told.uncertain, issue.state) == (5, 1, IssueState.SENDING)
    assert reconcile(way) == []
    issue.refresh_from_db()
    assert (counts(issue).uncertain, issue.state) == (1, IssueState.SENDING)
    assert way.handed == 6


def test_f23_a_template_that_fails_stops_the_issue_before_anything_leaves():
    issue, way = an_issue_being_sent(5), Mailbox()
    content = {**issue.revision.content, "style": "no-such-style"}
    type(issue.revision).objects.update(content=content, content_hash="0" * 64)
    told = deliver_all(way, issue)
    assert (told.queued, way.handed) == (5, 0)
    assert issue.state == IssueState.PAUSED


def test_i3_who_leaves_between_two_slices_is_not_written_to():
    issue, way = an_issue_being_sent(10), Mailbox(slice_size=5)
    leaver = Subscriber.objects.order_by("pk")[7]
    way.before[3] = lambda: Subscriber.objects.filter(pk=leaver.pk).update(status="left")
    told = deliver_all(way, issue)
    assert (told.accepted, told.skipped) == (9, {"left": 1})
    assert leaver.email not in way.addresses


def test_i4_every_letter_of_an_issue_carries_one_content(settings):
    settings.DELIVERY_BATCH_SIZE = 3
    issue, way = an_issue_being_sent(9), Mailbox(slice_size=2)
    way.before[4] = lambda: Issue.objects.update(title="바뀐 제목", subject="바뀐 제목")
    deliver_all(way, issue)
    assert len(set(way.letters)) == 1
    assert {key.split(".")[1] for key in way.accepted} == {issue.revision.content_hash[:12]}
