"""Delivers a number of letters, then ten times as many: ``python -m tests.faults.run_long LETTERS``.

Prints the kilobytes of memory and the open files after each.
"""

import os
import sys
from pathlib import Path

import django


def main(letters: int) -> None:
    django.setup()
    from newsletter.commands.database import prepare_database
    from newsletter.delivery.reconcile import batches_to_publish
    from newsletter.delivery.send import deliver_batch
    from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
    from tests.delivery.given import an_issue_being_sent

    prepare_database()
    with fake_sendgrid() as fake:
        from newsletter.delivery.backends.sendgrid import SendGridBackend

        way = SendGridBackend(KEY, fake.url)
        issue = an_issue_being_sent(11 * letters)
        handed_over, told = 0, False
        while batch_ids := batches_to_publish(issue.pk):
            for batch_id in batch_ids:
                deliver_batch(batch_id, way)
                handed_over += len(fake.mails)
                fake.mails.clear()
                fake.requests.clear()
                if not told and handed_over >= letters:
                    print(grown())
                    told = True
    assert handed_over == 11 * letters
    print(grown())


def grown() -> str:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    kilobytes = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    return f"{kilobytes} {len(list(Path('/proc/self/fd').iterdir()))}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
