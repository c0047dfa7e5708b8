"""Several backends in a row: where the first cannot take a letter at all, the next one gets it.

A way out that halted rests for ten minutes at a time, and the editors are told once.

Only what was certainly never handed over moves on. A letter in doubt stays with the
backend that left it so, and one that was refused or put off for its reader's sake
would fare no better elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from django.db import transaction

from newsletter.delivery import editors, pauses
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    Letter,
    MailBackend,
    Outcome,
    OutgoingMessage,
    SendError,
    SendReceipt,
    Throttled,
    Unavailable,
)


class FailoverBackend:
    """Hands letters to the first of several backends that takes them."""

    def __init__(self, backends: Sequence[MailBackend]) -> None:
        self._backends = tuple(backends)
        self.name = ", ".join(backend.name for backend in backends)
        self.slice_size = min(backend.slice_size for backend in backends)

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        """Hand over each message to the first backend that takes it; see :class:`MailBackend`."""
        *others, last = self._backends
        first = self._backends[0]
        for backend in others:
            taken_up: dict[int, OutgoingMessage] = {}
            moving: list[OutgoingMessage] = []
            sent = backend.send(letter, _noting(messages, taken_up), until=until)
            for outcome in _watched(backend.name, sent):
                message = taken_up.pop(outcome.delivery_id)
                if isinstance(outcome.result, (Throttled, Unavailable, HaltSending)):
                    moving.append(message)
                else:
                    yield outcome if backend is first else _by(backend.name, outcome)
            messages = moving
        yield from (_by(last.name, told) for told in last.send(letter, messages, until=until))

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:
        """Say *taken* where one backend knows so, and *not taken* where all of them do."""
        answers = [backend.settle(message_ids) for backend in self._backends]
        known = [answer for answer in answers if answer is not None]
        if len(known) < len(answers):
            return None
        return {key: any(answer.get(key, False) for answer in known) for key in message_ids}

    def recall(self, batch_id: str) -> None:
        """Cancel what a provider holds back, at the one that does."""
        trouble = SendError("nothing is held back")
        for backend in self._backends:
            recall = getattr(backend, "recall", None)
            try:
                if recall:
                    recall(batch_id)
                    return
            except SendError as error:
                trouble = error
        raise trouble

    def close(self) -> None:
        """Let go of the connections of all."""
        for backend in self._backends:
            backend.close()


def _watched(name: str, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Pass outcomes on, and let the way rest when the first of them says halt."""
    halted = False
    for outcome in outcomes:
        if isinstance(outcome.result, HaltSending) and not halted:
            halted = True
            _rest(name, outcome.result)
        yield outcome


def _by(name: str, outcome: Outcome) -> Outcome:
    """Name the way in what it took or left in doubt: a recall must not call that back elsewhere."""
    match outcome.result:
        case SendReceipt(provider_id):
            return Outcome(outcome.delivery_id, SendReceipt(provider_id, way=name))
        case AmbiguousSendError(reason=reason):
            return Outcome(outcome.delivery_id, AmbiguousSendError(f"by {name}, {reason}"))
    return outcome


@transaction.atomic
def _rest(name: str, halt: HaltSending) -> None:
    """Leave a way alone that a person must mend; the editors are told when that begins."""
    if not pauses.halted(name, halt.reason):
        return
    editors.tell(
        f"발송 경로를 쓸 수 없습니다 / A way out cannot be used: {name}",
        f"원인 / cause: {halt.reason}\n"
        "편지는 그동안 다음 경로로 나가고, 이 경로는 10분마다 다시 시도합니다. 설정을 확인해 주세요.\n"
        "Letters take the next way out meanwhile; this one is tried again every ten minutes. "
        "Please look at its settings.",
    )


def _noting(
    messages: Iterable[OutgoingMessage], taken_up: dict[int, OutgoingMessage]
) -> Iterator[OutgoingMessage]:
    for message in messages:
        taken_up[message.delivery_id] = message
        yield message
