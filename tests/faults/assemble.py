"""One of two beats: ``python -m tests.faults.assemble``.

Makes the weekly of the week of the tests for each line it reads, and prints what it found.
"""

import sys

import django


def main() -> None:
    django.setup()
    from newsletter.issues.assemble import assemble
    from tests.factories import the_week

    window = the_week()
    print("ready", flush=True)
    for _ in sys.stdin:
        try:
            print("made" if assemble(window).created else "found", flush=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            print(repr(error), flush=True)


if __name__ == "__main__":
    main()
