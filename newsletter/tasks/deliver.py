"""The tasks that send letters. Ids go through the broker, nothing else.

Each may run twice or not at all: the ledger decides what is to be done, and
``reconcile`` finds again whatever the broker lost.
"""

import logging

from celery.signals import worker_ready

from newsletter.delivery import notices, scheduling, send, turns
from newsletter.delivery import reconcile as reconciler
from newsletter.delivery.backends import choose
from newsletter.delivery.backends.base import MailBackend
from newsletter.delivery.steps import Steps, TurnLost
from newsletter.tasks.publishing import publish, task, waiting

logger = logging.getLogger(__name__)


@task
def send_issue(issue_id: int) -> None:
    """Queue the batches of an issue that has begun to leave."""
    publish_batches(reconciler.batches_to_publish(issue_id, queue_is_empty=_is_empty("mail.bulk")))


@task
def deliver_batch(batch_id: int) -> None:
    """Deliver one batch, unless another worker does."""
    send.deliver_batch(batch_id, choose.backend())


@task
def reconcile() -> None:
    """Mend what was left behind, and queue what nobody works on, unless somebody is at it."""
    reconcile_in_turn(choose.backend())


def reconcile_in_turn(backend: MailBackend) -> bool:
    """Take the reconciler's lease and all its steps; ``False`` where somebody else has it."""
    turn = turns.take()
    if turn is None:
        return False
    steps = Steps(turn.renew)
    try:
        _take_all(steps, backend)
    except TurnLost:
        logger.warning("reconciling took so long that somebody else took over")
    finally:
        turn.end(steps.failed)
    return True


def _take_all(steps: Steps, backend: MailBackend) -> None:
    queue_is_empty = _is_empty("mail.bulk")
    batches = reconciler.reconcile(backend, queue_is_empty=queue_is_empty, steps=steps)
    steps.take(publish_batches, batches)
    # While others wait, what is due may be among them: to name it again would only fill the queue.
    if _is_empty("mail.urgent"):
        steps.take(_publish_notices)
    steps.take(_start_due)
    if steps.take(reconciler.waits_for_quiet, backend):
        publish(reconcile, countdown=reconciler.QUIET.total_seconds() + 1)


def _publish_notices() -> None:
    for notice_id in notices.due():
        publish(send_notice, notice_id)


def _start_due() -> None:
    for issue_id in scheduling.start_due():
        publish_issue(issue_id)


@task
def send_notice(notice_id: int) -> None:
    """Send one confirmation, welcome, preview or word to an editor."""
    notices.deliver(notice_id, choose.backend())


def publish_issue(issue_id: int) -> bool:
    """Let workers begin at once; ``False`` if they will find the issue by themselves later."""
    return publish(send_issue, issue_id)


def publish_batches(batch_ids: list[int]) -> None:
    """Queue batches until the broker refuses one."""
    # Before and not after: a worker may have had its turn by then, and need another.
    reconciler.mark_published(batch_ids)
    left = list(batch_ids)
    while left and publish(deliver_batch, left[0]):
        left.pop(0)
    if left:
        reconciler.mark_unpublished(left)


def _is_empty(queue: str) -> bool:
    return waiting(queue) == 0


def _look_around(**_: object) -> None:
    """Find what an earlier life of this worker left behind, without waiting for beat."""
    publish(reconcile)


worker_ready.connect(_look_around)
