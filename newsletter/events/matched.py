"""An event beside the letter of ours that it speaks of. Pure."""

from dataclasses import dataclass

from newsletter.events.kinds import ReceivedEvent


@dataclass(frozen=True, slots=True)
class Target:
    """What the ledger says of a letter, as far as an event needs it."""

    delivery_id: int
    attempt: str
    status: str
    subscriber_id: int
    address_hash: str


@dataclass(frozen=True, slots=True)
class MatchedEvent:
    """An event whose letter and reader are known to be ours."""

    event: ReceivedEvent
    target: Target

    @property
    def settles(self) -> bool:
        """Whether it proves that the attempt that is open was taken; a bounce names the letter only."""
        return self.event.proven and self.event.attempt in {"", self.target.attempt}
