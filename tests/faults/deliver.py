"""A worker without a queue: ``python -m tests.faults.deliver URL LETTERS`` by SendGrid at ``URL``.

Delivers each batch whose id it reads, ``LETTERS`` in a request, and prints what it believes then.
"""

import sys

import django


def main(url: str, letters: int) -> None:
    django.setup()
    from django.db import DatabaseError, InterfaceError, close_old_connections

    from newsletter.delivery.backends.sendgrid import SendGridBackend
    from newsletter.delivery.send import deliver_batch
    from tests.delivery.fake_sendgrid import KEY

    way = SendGridBackend(KEY, url, readers=letters)
    for batch_id in sys.stdin:
        try:
            deliver_batch(int(batch_id), way)
        except (DatabaseError, InterfaceError) as error:
            print(type(error).__name__, flush=True)
        else:
            print("delivered", flush=True)
        close_old_connections()  # as Celery does at the end of a task


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
