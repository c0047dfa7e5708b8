"""One of several writers: ``python -m tests.faults.write NUMBER SECONDS``; prints how much it wrote."""

import sys
import time

import django


def main(number: int, seconds: float) -> None:
    django.setup()
    from newsletter.common.cadence import Cadence, Language
    from newsletter.subscribers import subscriptions
    from newsletter.subscribers.addresses import parse_address

    ends, written = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        address = parse_address(f"writer{number}-{written}@example.com")
        subscriptions.enrol(address, [Cadence.DAILY], Language.KOREAN, "", "form")
        written += 1
    print(written)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
