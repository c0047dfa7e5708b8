"""A worker that wants batches: ``python -m tests.delivery.racer``.

For each batch id that it reads, it says which fence it won, or 0. With a number behind the
id it tries so often, lets go each time, and says which fences it won.
"""

import sys
from collections.abc import Iterator

import django


def main() -> None:
    django.setup()
    from newsletter.delivery import leases

    print("ready", flush=True)
    for line in sys.stdin:
        batch_id, *tries = map(int, line.split())
        if tries:
            print(*taking_turns(batch_id, *tries), flush=True)
        else:
            lease = leases.claim(batch_id)
            print(lease.fence if lease else 0, flush=True)


def taking_turns(batch_id: int, tries: int) -> Iterator[int]:
    from newsletter.delivery import leases

    for _ in range(tries):
        if lease := leases.claim(batch_id):
            yield lease.fence
            lease.release()


if __name__ == "__main__":
    main()
