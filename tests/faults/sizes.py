"""How large a test is: quick on every run, full where there is time."""

import os

# Whether there is time for the full sizes: scripts/soak has it.
SOAK = os.environ.get("SOAK") == "1"


def sized(quick: int, *, soak: int) -> int:
    """How often, how many or how long: ``quick`` on every run, ``soak`` where there is time."""
    return soak if SOAK else quick
