"""Delivers one batch: claims it, hands it over slice by slice, and writes what became of it.

A worker may be killed at any line of this module. Before a slice is marked nothing
was sent; while it is marked, its rows say so; afterwards each has its outcome. So
nothing is lost, and nothing is repeated that was not plainly refused.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from threading import Lock

from django.db import InterfaceError, OperationalError, connection

from newsletter.common import leaving
from newsletter.common.cadence import Variant
from newsletter.common.errors import Refused
from newsletter.delivery import leases, limits, recalls, sending, slices, too_many_errors, waiting
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    Letter,
    MailBackend,
    NotHandedOver,
    OutgoingMessage,
    PermanentSendError,
    SendError,
    SendReceipt,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.defects import is_defect, told_as_broken
from newsletter.delivery.leases import Lease
from newsletter.delivery.letters import issue_letter, site
from newsletter.delivery.limits import Grant, Turn
from newsletter.delivery.models import Batch
from newsletter.delivery.slices import Slice, Verdict
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue, Revision
from newsletter.render.mail import Site

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# Well under the time limit of a task; what is left of the batch is claimed again.
_TURN_SECONDS = 150
# For so long a worker waits itself for a limit; for longer, its batch does.
_PATIENCE_SECONDS = 5
# How long outcomes are kept when the database is away: with the turn and a lease that is
# still within the time limit of a task.
_KEEP_SECONDS = 60

_KEPT_BACK = (HaltSending, NotHandedOver, Throttled, Unavailable)
Results = dict[int, SendReceipt | SendError | None]


def deliver_batch(batch_id: int, backend: MailBackend) -> None:
    """Deliver what is queued in a batch, unless somebody else holds it or the issue stopped."""
    lease = leases.claim(batch_id)
    if lease is None:
        return
    try:
        _deliver(lease, backend)
    finally:
        lease.release()
        leases.close(lease.batch)
    sending.finish(lease.batch.issue_id)


def _deliver(lease: Lease, backend: MailBackend) -> None:
    """Deliver slice after slice, as the limits allow, until the turn ends or trouble begins."""
    turn_ends = time.monotonic() + _TURN_SECONDS
    after = 0
    while time.monotonic() < turn_ends and not leaving.is_asked():
        grant = limits.ask(backend.slice_size)
        if not grant.number:
            if not _waited(grant.seconds, lease):
                return
            continue
        taken = slices.take(lease, after, grant.number)
        if taken is None:
            grant.give_back(grant.number)
            return
        going_on = _deliver_slice(taken, lease, backend, grant)
        if not going_on or taken.last_id == lease.batch.last_id:
            return
        after = taken.last_id


def _deliver_slice(taken: Slice, lease: Lease, backend: MailBackend, grant: Grant) -> bool:
    """Hand a slice over; tell whether it makes sense to go on with the next."""
    results: Results = {}
    turns: list[Turn] = []
    gate = _Gate(results)
    issue, until = lease.batch.issue, lease.safe_until
    try:
        for variant, messages in taken.messages.items():
            letter = letter_of(issue, variant)
            for turn in _in_turns(messages, lease):
                turns.append(turn)
                for outcome in backend.send(letter, gate.through(turn.now), until=until):
                    results[outcome.delivery_id] = outcome.result
    except Refused as error:
        sending.stop_by_itself(issue.pk, str(error))
        return False
    except Exception as error:
        _stop_for_a_defect(issue.pk, backend, error)
        raise
    finally:
        # A worker told to stop raises here; a backend that has threads of its own would send on.
        gate.shut()
        _record(taken, results)
        _give_back(grant, turns, results)
    return _may_go_on(taken, results, lease.batch, backend)


def _stop_for_a_defect(issue_id: int, backend: MailBackend, error: Exception) -> None:
    """Stop an issue at an error that nobody foresaw: each further slice would end in doubt too."""
    if is_defect(error):
        sending.stop_by_itself(issue_id, f"{backend.name}: {type(error).__name__}")


def _in_turns(messages: list[OutgoingMessage], lease: Lease) -> Iterator[Turn]:
    """Yield messages as the limits of their mailbox providers allow; the rest stays queued."""
    while messages:
        turn = limits.ask_mailboxes(messages)
        yield turn
        messages = turn.later
        if messages and not _waited(turn.seconds, lease):
            return


def _waited(seconds: float, lease: Lease) -> bool:
    """Wait for a limit, if that is soon; else let the batch wait, and return ``False``."""
    if seconds > _PATIENCE_SECONDS or time.monotonic() + seconds > lease.safe_until:
        waiting.park([lease.batch.pk], seconds)
        return False
    time.sleep(seconds)
    return True


def _give_back(grant: Grant, turns: Iterable[Turn], results: Results) -> None:
    """Let others use what the limits allowed and no server saw."""
    left = {pk for pk, result in results.items() if not isinstance(result, _KEPT_BACK)}
    grant.give_back(grant.number - len(left))
    for turn in turns:
        turn.give_back(left)


class _Gate:
    """Lets letters out, noting each that the backend took up: should it fail, they are in doubt."""

    def __init__(self, results: Results) -> None:
        self._results, self._lock, self._open = results, Lock(), True

    def through(self, messages: Iterable[OutgoingMessage]) -> Iterator[OutgoingMessage]:
        """Yield messages until the gate is shut."""
        for message in messages:
            with self._lock:
                if not self._open:
                    return
                self._results[message.delivery_id] = None
            yield message

    def shut(self) -> None:
        """Let nothing out from now on: what was not noted yet never leaves."""
        with self._lock:
            self._open = False


def letter_of(issue: Issue, variant: Variant) -> Letter:
    """Return the letter that all readers of one variant get, compiled once per process.

    Raises :class:`Refused` (``letter.broken``) whatever it was that a template did wrong.
    """
    if issue.revision is None:
        raise RuntimeError("an issue is frozen before it is sent")
    with told_as_broken(issue.pk, f"{variant.language} {variant.length}"):
        letter = _letter(issue.revision.pk, issue.revision.content_hash, variant, site())
    return recalls.with_window(letter, issue)


@lru_cache(maxsize=16)
def _letter(revision_id: int, content_hash: str, variant: Variant, _site: Site) -> Letter:
    revision = Revision.objects.get(pk=revision_id, content_hash=content_hash)
    return issue_letter(IssueContent.from_json(revision.content), variant)


def _record(taken: Slice, results: Results) -> None:
    """Write the outcomes; where the database is away, keep them until it is back.

    To write them twice is harmless: the second time no row carries the attempt any more.
    """
    verdicts = [_verdict(pk, attempts, results) for pk, attempts in taken.attempts.items()]
    gives_up = time.monotonic() + _KEEP_SECONDS
    while True:
        try:
            slices.record(taken.attempt, verdicts, whole=True)
        except (OperationalError, InterfaceError):
            if time.monotonic() > gives_up:
                raise
            logger.warning("the database is away; %s outcomes are kept", len(verdicts))
            connection.close()
            time.sleep(1)
        else:
            return


def _verdict(delivery_id: int, attempts: int, results: Results) -> Verdict:
    if delivery_id not in results:
        return Verdict(delivery_id, DeliveryStatus.QUEUED, tried=0)
    result = results[delivery_id] or AmbiguousSendError("no outcome")
    if isinstance(result, SendReceipt):
        way = f"by {result.way}" if result.way else ""
        return Verdict(delivery_id, DeliveryStatus.ACCEPTED, way, result.provider_id)
    status = _status_after(result, attempts)
    gave_up = status is DeliveryStatus.REJECTED and isinstance(result, TransientSendError)
    reason = f"gave up: {result.reason}" if gave_up else result.reason
    tried = 0 if isinstance(result, _KEPT_BACK) else 1
    return Verdict(delivery_id, status, reason, tried=tried)


def _status_after(error: SendError, attempts: int) -> DeliveryStatus:
    match error:
        case AmbiguousSendError():
            return DeliveryStatus.UNCERTAIN
        case PermanentSendError():
            return DeliveryStatus.REJECTED
        case NotHandedOver() | Throttled() | Unavailable():
            return DeliveryStatus.QUEUED
        case TransientSendError() if attempts + 1 >= MAX_ATTEMPTS:
            return DeliveryStatus.REJECTED
    return DeliveryStatus.QUEUED


def _may_go_on(taken: Slice, told: Results, batch: Batch, way: MailBackend) -> bool:
    results = list(told.values())
    halts = [result for result in results if isinstance(result, HaltSending)]
    if halts:
        sending.stop_by_itself(batch.issue_id, f"{way.name}: {halts[0].reason}")
        return False
    refused = sum(
        _status_after(error, taken.attempts[pk]) is DeliveryStatus.REJECTED
        for pk, error in _errors(told)
    )
    if refused:
        too_many_errors.note(batch.issue_id, refused)
    put_off = [result for result in results if isinstance(result, TransientSendError)]
    waiting.after(batch, put_off, tries=max(taken.attempts.values(), default=0))
    # Where a whole slice was put off, the server has trouble, and the next would fare no better.
    return not put_off or len(put_off) < len(results)


def _errors(told: Results) -> Iterator[tuple[int, SendError]]:
    return ((pk, result) for pk, result in told.items() if isinstance(result, SendError))
