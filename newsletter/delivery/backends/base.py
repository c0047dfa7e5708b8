"""What every way out promises, so that a fifth backend is one module and one line.

SendError
├── TransientSendError   not taken; may be tried again, after ``retry_after`` seconds
│   ├── Throttled        the provider asks everybody to wait; no attempt is used up
│   ├── Unavailable      it does not answer, or only to say that it cannot; likewise
│   ├── ConnectionBroke  never taken by one connection after the other, while others may be
│   └── NotHandedOver    its turn never came; no attempt is used up
├── PermanentSendError   refused for good; the row ends as rejected
│   └── NeverOffered     by ourselves: no server was asked
├── AmbiguousSendError   handed over, the answer is missing: the row becomes uncertain
└── HaltSending          the backend itself is unusable (401, wrong password): stop the issue
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import NamedTuple, Protocol

from newsletter.render.mail import CompiledMail, PersonalValues


@dataclass(frozen=True, slots=True)
class RecallWindow:
    """Until when the letters of an issue lie at the provider and can still be called back."""

    issue_id: int
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled mail with the headers that all its readers share."""

    mail: CompiledMail
    mail_from: str
    from_name: str
    reply_to: str = ""
    base_url: str = ""
    list_id: str = ""
    """``label.domain`` of RFC 2919; empty for a notice, which belongs to no list."""
    bulk: bool = True
    """Newsletters carry List-Unsubscribe; notices carry Auto-Submitted (RFC 3834)."""
    subject_prefix: str = ""
    window: RecallWindow | None = None
    """Only for a provider that can hold letters back; any other sends them at once."""


class OutgoingMessage(NamedTuple):
    """One reader's letter, ready to hand over."""

    delivery_id: int
    attempt: str
    """An opaque id of this attempt; the provider's events carry it back."""
    address: str
    values: PersonalValues
    message_id: str
    """Without angle brackets; the same for every attempt of one delivery."""
    return_path: str = ""
    """The envelope sender, where bounces are to name this letter; else the letter's own sender."""


class SendReceipt(NamedTuple):
    """The backend took responsibility for the letter."""

    provider_id: str = ""
    way: str = ""
    """Which backend took it, where that was not the first choice."""


# As wide as its column.
_LONGEST_ID = 200


def receipt(provider_id: str) -> SendReceipt:
    """Return a receipt with what a server called the letter, cleaned: it may have said anything."""
    told = provider_id[:_LONGEST_ID]
    return SendReceipt(told if told.isprintable() else _cleaned(told))


def _cleaned(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


class SendError(Exception):
    """A letter that was not plainly accepted; ``reason`` is short, stable, and free of addresses."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if reason.isprintable() else _cleaned(reason)


class TransientSendError(SendError):
    """Not taken, and safe to try again, after ``retry_after`` seconds where the server said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Throttled(TransientSendError):
    """Too much was sent by all of us together (429, 421, 454): every worker is to wait."""


class Unavailable(TransientSendError):
    """The backend is down (refused, no greeting, 5xx at its door): everybody leaves it alone."""


class ConnectionBroke(TransientSendError):
    """Every connection that offered this letter broke: nobody knows whose fault it is."""


class NotHandedOver(TransientSendError):
    """The caller's time was over, or the server in trouble, before this letter's turn came."""


class PermanentSendError(SendError):
    """Refused for good."""


class NeverOffered(PermanentSendError):
    """Not fit to be sent: we refuse it ourselves, which tells nothing of any server."""


class AmbiguousSendError(SendError):
    """Handed over, but the answer never came: it may or may not arrive."""


class HaltSending(SendError):
    """No letter can be sent by this backend until a person mends it."""


class Outcome(NamedTuple):
    """What became of one message."""

    delivery_id: int
    result: SendReceipt | SendError


class MailBackend(Protocol):
    """A way out for letters."""

    name: str
    slice_size: int
    """How many letters it likes to get at once; also what a killed worker leaves in doubt."""

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        """Hand over each message; yield exactly one outcome for each, as soon as it is known.

        After ``until``, on the clock of :func:`time.monotonic`, nothing may be handed
        over any more: a process that was stopped for a while must not send what has
        been given to another since. Never raises for a single message. After a
        :class:`HaltSending` outcome the remaining messages come back as
        ``HaltSending`` too, not handed over.
        """
        ...

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:
        """Tell which of these Message-IDs were taken, where the backend can know for certain.

        ``None`` means that it cannot be asked; only the provider's events can tell.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
