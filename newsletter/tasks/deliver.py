"""The tasks that send letters. Ids go through the broker, nothing else.

Each may run twice or not at all: the ledger decides what is to be done, and
``reconcile`` finds again whatever the broker lost.
"""

from celery.signals import worker_ready

from newsletter.delivery import notices, scheduling, send
from newsletter.delivery import reconcile as reconciler
from newsletter.delivery.backends import choose
from newsletter.tasks.publishing import publish, task, waiting


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
    """Mend what was left behind, and queue what nobody works on."""
    backend = choose.backend()
    publish_batches(reconciler.reconcile(backend, queue_is_empty=_is_empty("mail.bulk")))
    # While others wait, what is due may be among them: to name it again would only fill the queue.
    for notice_id in notices.due() if _is_empty("mail.urgent") else ():
        publish(send_notice, notice_id)
    # Last: whatever is wrong with an issue whose time has come, all others are looked after.
    for issue_id in scheduling.start_due():
        publish_issue(issue_id)
    if reconciler.waits_for_quiet(backend):
        publish(reconcile, countdown=reconciler.QUIET.total_seconds() + 1)


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
