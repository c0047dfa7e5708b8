"""The words for what can happen to a letter once it has left, and how they add up. Pure.

Providers tell twice, late and in any order. So what is known of a letter is the
*set* of all that was ever told, and a fact is only ever added: a union is
commutative, associative and idempotent, and no later fact is undone by an earlier
one that took the long way. ``standing`` reads the fate of the letter off that set.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce


class EventKind(StrEnum):
    """One thing that a provider tells of a letter."""

    ACCEPTED = "accepted"
    """The provider took it, and will try."""
    DEFERRED = "deferred"
    """The reader's server said "later"; a bounce or a delivery will follow."""
    DELIVERED = "delivered"
    """The reader's server took it."""
    OPENED = "opened"
    CLICKED = "clicked"
    BLOCKED = "blocked"
    """Refused because of us, not of the reader: our reputation, our policy, our content."""
    SOFT_BOUNCED = "soft bounced"
    """Could not be delivered this time: a full mailbox, a server that was down too long."""
    HARD_BOUNCED = "hard bounced"
    """Can never be delivered: there is no such mailbox."""
    DROPPED = "dropped"
    """The provider never tried, because of what it knew of the mailbox."""
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    """The reader called it spam."""


class Meaning(StrEnum):
    """What an event means for the reader, beyond this one letter."""

    NOTHING = "nothing"
    SOFT = "soft"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    LEFT = "left"


_MEANINGS = {
    EventKind.SOFT_BOUNCED: Meaning.SOFT,
    EventKind.HARD_BOUNCED: Meaning.BOUNCED,
    EventKind.COMPLAINED: Meaning.COMPLAINED,
    EventKind.UNSUBSCRIBED: Meaning.LEFT,
}

# A soft bounce counts as a deferral: trouble that passes, and that nobody adds up.
_UNPROVEN = {
    EventKind.ACCEPTED: EventKind.ACCEPTED,
    EventKind.DEFERRED: EventKind.DEFERRED,
    EventKind.DELIVERED: EventKind.DELIVERED,
    EventKind.BLOCKED: EventKind.BLOCKED,
    EventKind.SOFT_BOUNCED: EventKind.DEFERRED,
}

# One bit for each kind, as the database keeps them: never give a number away anew.
_BITS = {
    EventKind.ACCEPTED: 1,
    EventKind.DEFERRED: 2,
    EventKind.DELIVERED: 4,
    EventKind.OPENED: 8,
    EventKind.CLICKED: 16,
    EventKind.BLOCKED: 32,
    EventKind.SOFT_BOUNCED: 64,
    EventKind.HARD_BOUNCED: 128,
    EventKind.DROPPED: 256,
    EventKind.UNSUBSCRIBED: 512,
    EventKind.COMPLAINED: 1024,
}

# The fate of a letter is the last of these that was told. A bounce may follow a
# delivery, for servers may take a letter first and refuse it later; an odd
# "delivered" after a bounce changes nothing.
_FATES = (
    EventKind.ACCEPTED,
    EventKind.DEFERRED,
    EventKind.DELIVERED,
    EventKind.DROPPED,
    EventKind.BLOCKED,
    EventKind.SOFT_BOUNCED,
    EventKind.HARD_BOUNCED,
)
# Only somebody who has the letter can open it, or complain of it.
_PROVES_DELIVERY = (
    EventKind.OPENED,
    EventKind.CLICKED,
    EventKind.UNSUBSCRIBED,
    EventKind.COMPLAINED,
)

Facts = int
"""A set of kinds, as bits."""

NOTHING_KNOWN: Facts = 0


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One event in our words, whoever told it, before it is known whether it concerns us."""

    event_id: str
    """The provider's own id: the same event told twice has the same."""
    kind: EventKind
    at: datetime
    delivery_id: int
    attempt: str = ""
    """The attempt it speaks of; empty where the messenger knows only the letter."""
    address: str = ""
    signed: bool = False
    """Whether ``delivery_id`` bears our own signature, so that the address need not match."""
    proven: bool = True
    """Whether only who has this letter can have named it; else it settles and suppresses nothing."""
    meaning: Meaning = Meaning.NOTHING
    raw: dict[str, object] = field(default_factory=dict)
    """The details that the provider gave, without addresses."""


def unproven(kind: EventKind) -> EventKind | None:
    """Return what is believed of an event that anybody can have made up; ``None`` for nothing.

    At most what says nothing of the mailbox, for soft bounces add up to a suppression.
    """
    return _UNPROVEN.get(kind)


def fold(facts: Facts, kind: EventKind) -> Facts:
    """Add one kind to what is known of a letter; any order gives the same."""
    return facts | _BITS[kind]


def fold_all(kinds: Iterable[EventKind]) -> Facts:
    """Return what is known after all of these."""
    return reduce(fold, kinds, NOTHING_KNOWN)


def knows(facts: Facts, kind: EventKind) -> bool:
    """Tell whether ``kind`` was ever told."""
    return bool(facts & _BITS[kind])


def standing(facts: Facts) -> EventKind | None:
    """Return the fate of a letter; ``None`` while nothing was told of it."""
    if any(knows(facts, kind) for kind in _PROVES_DELIVERY):
        facts = fold(facts, EventKind.DELIVERED)
    return next((kind for kind in reversed(_FATES) if knows(facts, kind)), None)


def meaning_of(kind: EventKind) -> Meaning:
    """Return what an event of this kind means for the reader."""
    return _MEANINGS.get(kind, Meaning.NOTHING)


# RFC 3463. Where the sender is at fault, its system, or its content, the mailbox is
# well; 5.1.7 and 5.1.8 speak of the sender's address.
_OUR_FAULT = re.compile(r"[45]\.(?:7\.\d+|6\.\d+|1\.[78])")
_NO_MAILBOX = re.compile(r"5\.(?:1\.\d+|2\.1)")


def bounce_kind(status: str) -> EventKind:
    """Return which bounce an enhanced status code (RFC 3463) stands for.

    ``5.0.0`` is soft: servers that know no codes say it of spam as well, and a
    whole provider's readers must not be lost over one bad day.
    """
    if _OUR_FAULT.fullmatch(status):
        return EventKind.BLOCKED
    return EventKind.HARD_BOUNCED if _NO_MAILBOX.fullmatch(status) else EventKind.SOFT_BOUNCED
