"""On what terms a source's texts are used: what its licence allows, and who wrote them. Pure.

A newsletter with a sponsor, or one that shortens, must not mail what forbids
commercial use or changed versions: such a text is linked. Whoever was given leave says so.
"""

import re
from enum import StrEnum

_FORBIDS = re.compile(
    r"\b(?:nc|nd)\b|non-?commercial|no-?deriv|비영리|변경\s*금지|all rights reserved", re.IGNORECASE
)


class Writer(StrEnum):
    """Who writes the texts of a source. Readers are told of a machine; nothing is said of unknown."""

    UNKNOWN = ""
    PERSON = "person"
    MACHINE = "machine"
    MIXED = "mixed"


def allows_mailing(licence: str) -> bool:
    """Return whether a licence, by its name or its address, allows its texts in a mail."""
    return not _FORBIDS.search(licence)
