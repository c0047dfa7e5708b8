"""The tasks that send letters. Ids go through the broker, nothing else.

Each may run twice or not at all: the ledger decides what is to be done, and
``reconcile`` finds again whatever the broker lost.
"""

from celery.signals import worker_ready

from newsletter.common.cadence import Language
from newsletter.delivery import notices, preview, scheduling, send
from newsletter.delivery import reconcile as reconciler
from newsletter.delivery.backends import choose
from newsletter.issues.models import Issue
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
    scheduling.start_due()
    publish_batches(reconciler.reconcile(backend, queue_is_empty=_is_empty("mail.bulk")))
    # While others wait, what is due may be among them: to name it again would only fill the queue.
    for notice_id in notices.due() if _is_empty("mail.urgent") else ():
        publish(send_notice, notice_id)
    if reconciler.waits_for_quiet(backend):
        publish(reconcile, countdown=reconciler.QUIET.total_seconds() + 1)


@task
def send_notice(notice_id: int) -> None:
    """Send one confirmation, welcome or word to an editor."""
    notices.deliver(notice_id, choose.backend())


@task
def send_preview(issue_id: int, addresses: list[str], language: str) -> None:
    """Send an issue as it stands now to whoever should look at it."""
    issue = Issue.objects.get(pk=issue_id)
    preview.send_preview(issue, addresses, Language(language))


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
