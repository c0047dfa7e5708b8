"""Takes a batch and stops in the middle of a transaction: ``python -m tests.faults.stand_still ISSUE``.

Whoever wakes it reads on its output what became of the transaction.
"""

import os
import signal
import sys

import django


def main(issue_id: int) -> None:
    django.setup()
    from django.db import InternalError, transaction

    from newsletter.delivery import leases
    from newsletter.delivery.models import Batch

    lease = leases.claim(Batch.objects.filter(issue_id=issue_id).order_by("number")[0].pk)
    assert lease
    try:
        with transaction.atomic():
            assert lease.extend()
            os.kill(os.getpid(), signal.SIGSTOP)
            lease.extend()
    except InternalError:
        print("ended by the database")
    else:
        print("committed")


if __name__ == "__main__":
    main(int(sys.argv[1]))
