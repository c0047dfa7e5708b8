"""When a batch that could not go on gets its next turn."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from newsletter.common import clock
from newsletter.delivery.backends.base import (
    NotHandedOver,
    Throttled,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.models import Batch

_FIRST_SECONDS = 10
_LONGEST_SECONDS = 900


def after(batch: Batch, put_off: Sequence[TransientSendError], tries: int) -> None:
    """Give the server time for what it did not take now.

    As long as it asked for, else longer with each of the ``tries`` that its letters have had.

    Where it takes nothing from anybody, all batches of the issue wait: the next one
    would only be marked and put back.
    """
    tried = [error for error in put_off if not isinstance(error, NotHandedOver)]
    if not tried:
        return
    asked = max(error.retry_after or 0 for error in tried)
    if any(isinstance(error, (Throttled, Unavailable)) for error in tried):
        unfinished = Batch.objects.filter(issue_id=batch.issue_id, done=False)
        park(unfinished.values_list("pk", flat=True), asked or _FIRST_SECONDS)
    else:
        backed_off = min(_FIRST_SECONDS * 2 ** min(tries, 7), _LONGEST_SECONDS)
        park([batch.pk], max(asked, backed_off))


def park(batch_ids: Iterable[int], seconds: float) -> None:
    """Let batches wait. They are found again by the reconciler, not by what lies in the queue."""
    Batch.objects.filter(pk__in=batch_ids).update(
        not_before=clock.now() + timedelta(seconds=seconds), published_at=None
    )
