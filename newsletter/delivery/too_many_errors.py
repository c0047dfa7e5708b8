"""When too many refused letters stop an issue: more than a setting says, and one in a hundred.

To count all rows after each slice would be quadratic. So refusals are counted in one
row of their own, and beside the count stands the one at which the ledger's rows
have to be looked at again: before that the limit cannot have been reached.
"""

from django.conf import settings
from django.db.models import Count, F, Q

from newsletter.delivery import sending
from newsletter.delivery.models import Delivery, RefusalCount
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue

# A list that nobody looked after for long has as many dead addresses; more is trouble.
_ONE_IN = 100
_HANDED_OVER = (DeliveryStatus.ACCEPTED, DeliveryStatus.REJECTED, DeliveryStatus.UNCERTAIN)


def note(issue_id: int, number: int) -> None:
    """Stop an issue where more were refused, or given up, than a person has seen and let pass."""
    row, _ = RefusalCount.objects.get_or_create(issue_id=issue_id)
    RefusalCount.objects.filter(pk=row.pk).update(refused=F("refused") + number)
    row.refresh_from_db()
    if row.refused < row.look_at:
        return
    refused, most = _counted(issue_id)
    if refused > most:
        sending.stop_by_itself(issue_id, f"{refused} letters were rejected")
    else:
        look_at = row.refused + most - refused + 1
        RefusalCount.objects.filter(pk=row.pk).update(look_at=look_at)


def _counted(issue_id: int) -> tuple[int, int]:
    """Return how many were refused since a person looked, and how many may be."""
    told = Delivery.objects.filter(issue_id=issue_id, status__in=_HANDED_OVER).aggregate(
        handed_over=Count("pk"), refused=Count("pk", filter=Q(status=DeliveryStatus.REJECTED))
    )
    forgiven = Issue.objects.values_list("forgiven", flat=True).get(pk=issue_id)
    most = max(settings.MAX_SEND_ERRORS, told["handed_over"] // _ONE_IN)
    return told["refused"] - forgiven, most
