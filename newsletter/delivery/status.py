"""The states of one letter and the moves between them. Pure.

    queued ──claim──► sending ──► accepted
      │ ▲                │  ├───► rejected      refused for good
      │ └── not taken ───┘  └───► uncertain     handed over, the answer is missing
      ├──► skipped(reason)            │ provider's word or a person's decision
      └──► cancelled                  └──► accepted | queued | rejected | cancelled

A queued letter becomes ``accepted`` where "not taken" was not true: the provider's events
tell of the attempt. A letter that was taken is never sent again; it leaves ``accepted`` only when the
provider, holding it back for that purpose, cancelled it.
"""

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """Where one reader's letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"


class SkipReason(StrEnum):
    """Why a frozen reader was not written to after all."""

    LEFT = "left"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


MOVING = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING})
UNSETTLED = MOVING | {DeliveryStatus.UNCERTAIN}

MOVES: dict[DeliveryStatus, frozenset[DeliveryStatus]] = {
    DeliveryStatus.QUEUED: frozenset(
        {
            DeliveryStatus.SENDING,
            DeliveryStatus.SKIPPED,
            DeliveryStatus.CANCELLED,
            # Only by the provider's word of the attempt that it had seemed to refuse.
            DeliveryStatus.ACCEPTED,
        }
    ),
    DeliveryStatus.SENDING: frozenset(
        {
            DeliveryStatus.ACCEPTED,
            DeliveryStatus.REJECTED,
            DeliveryStatus.UNCERTAIN,
            # Only where nothing was handed over: refused for now, or never tried.
            DeliveryStatus.QUEUED,
        }
    ),
    DeliveryStatus.UNCERTAIN: frozenset(
        {
            DeliveryStatus.ACCEPTED,
            DeliveryStatus.QUEUED,
            DeliveryStatus.REJECTED,
            DeliveryStatus.CANCELLED,
        }
    ),
    DeliveryStatus.ACCEPTED: frozenset({DeliveryStatus.CANCELLED}),
    DeliveryStatus.REJECTED: frozenset({DeliveryStatus.QUEUED}),
    DeliveryStatus.SKIPPED: frozenset(),
    DeliveryStatus.CANCELLED: frozenset(),
}


def may_move(status: DeliveryStatus, target: DeliveryStatus) -> bool:
    """Tell whether a letter in ``status`` may become ``target``."""
    return target in MOVES[status]
