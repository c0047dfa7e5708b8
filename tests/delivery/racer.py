"""A worker that wants batches: ``python -m tests.delivery.racer``.

For each batch id that it reads, it says which fence it won, or 0.
"""

import sys

import django


def main() -> None:
    django.setup()
    from newsletter.delivery import leases

    print("ready", flush=True)
    for line in sys.stdin:
        lease = leases.claim(int(line))
        print(lease.fence if lease else 0, flush=True)


if __name__ == "__main__":
    main()
