"""How large a test is: quick on every run, full where there is time."""

import os

# Whether there is time for the full sizes: scripts/soak has it.
SOAK = os.environ.get("SOAK") == "1"

# How many seconds what must come may take where other programs want the processors as well. What
# never comes is as broken after three minutes as after one; a promise of time is not tested by it.
PATIENCE = 180.0


def sized(quick: int, *, soak: int) -> int:
    """How often, how many or how long: ``quick`` on every run, ``soak`` where there is time."""
    return soak if SOAK else quick
