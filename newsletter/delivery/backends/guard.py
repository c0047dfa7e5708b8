"""A backend under the pause that all workers share: the circuit breaker around every way out.

A backend itself knows nothing of other workers. It says :class:`Throttled` or
:class:`Unavailable` of a letter; here that becomes a pause for everybody, and the
trial with one letter that ends it.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from math import inf

from newsletter.delivery import pauses
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    ConnectionBroke,
    HaltSending,
    Letter,
    MailBackend,
    NeverOffered,
    NotHandedOver,
    Outcome,
    OutgoingMessage,
    SendError,
    SendReceipt,
    Throttled,
    Unavailable,
)


class GuardedBackend:
    """Hands letters to another backend, unless everybody is to leave that one alone."""

    def __init__(self, backend: MailBackend) -> None:
        self._backend = backend
        self.name = backend.name
        self.slice_size = backend.slice_size

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        """Hand over each message, or yield :class:`Throttled` for it; see :class:`MailBackend`."""
        waiting = iter(messages)
        admission = pauses.ask(self.name)
        error: SendError | None = None
        if admission.seconds:
            error = Throttled(f"{self.name} rests", admission.seconds)
        elif admission.trial:
            error = yield from self._try(admission.trial, letter, waiting, until)
        if error:
            yield from (Outcome(message.delivery_id, error) for message in waiting)
        else:
            watched = _Watched(self.name)
            yield from watched.outcomes(self._backend.send(letter, waiting, until=until))

    def _try(
        self, mark: datetime, letter: Letter, waiting: Iterator[OutgoingMessage], until: float
    ) -> Generator[Outcome, None, SendError | None]:
        """Hand letters over one by one until one tells something; return what the rest becomes."""
        trial = _Watched(self.name, mark)
        for message in waiting:
            yield from trial.outcomes(self._backend.send(letter, [message], until=until))
            if trial.over:
                break
        yield from trial.end()
        return trial.halt or (Throttled(f"{self.name} rests", trial.pause) if trial.pause else None)

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:
        """Ask the backend itself."""
        return self._backend.settle(message_ids)

    def recall(self, batch_id: str) -> None:
        """Cancel what the provider holds back. Raises :class:`SendError` where it holds nothing."""
        recall = getattr(self._backend, "recall", None)
        if recall is None:
            raise SendError(f"{self.name} holds nothing back")
        recall(batch_id)

    def close(self) -> None:
        """Let go of connections."""
        self._backend.close()


# None of these is a word of the server, by which a trial could end well.
_UNANSWERED = (NotHandedOver, NeverOffered, ConnectionBroke)
# One letter at which connections break may be to blame itself; two are not.
_MOST_BROKEN = 2


class _Watched:
    """Looks at the outcomes of one call, and pauses the backend for all where they say so."""

    def __init__(self, name: str, trial: datetime | None = None) -> None:
        self._name, self._trial = name, trial
        self._answered = False
        self._doubt = ""
        self._broken: list[Outcome] = []
        self.pause = 0.0
        self.halt: HaltSending | None = None

    @property
    def over(self) -> bool:
        """Whether the backend has shown what a trial is to find out."""
        return self._answered or bool(self.pause)

    def outcomes(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Pass the outcomes on; those that ask for a pause say how long it became."""
        for outcome in outcomes:
            match outcome.result:
                case SendReceipt():
                    self._answered = True
                    yield outcome
                case Throttled() | Unavailable() as error:
                    yield Outcome(outcome.delivery_id, self._paused(error))
                case AmbiguousSendError() as error:
                    self._doubt = error.reason
                    yield outcome
                case ConnectionBroke() if self._trial:
                    self._broken.append(outcome)
                case result:
                    self.halt = result if isinstance(result, HaltSending) else self.halt
                    self._answered |= not isinstance(result, _UNANSWERED)
                    yield outcome
        self._judge()

    def end(self) -> Iterator[Outcome]:
        """Tell of the letters at which connections broke whether that was the server's fault."""
        for outcome in self._broken:
            fault = Unavailable("connections break", self.pause)
            yield Outcome(outcome.delivery_id, fault) if self.pause else outcome
        if self._trial and not self.over:
            pauses.not_tried(self._name, self._trial)

    def _paused(self, error: Throttled | Unavailable) -> Throttled | Unavailable:
        if not self.pause:
            self.pause = self._failed(error.reason, error.retry_after)
        return type(error)(error.reason, self.pause)

    def _judge(self) -> None:
        """Pause a backend that answered nothing; let all in where one answered a trial."""
        if self.pause:
            return
        if self._answered:
            if self._trial:
                pauses.works_again(self._name, self._trial)
        elif self._doubt:
            self.pause = self._failed(self._doubt, None)
        elif len(self._broken) >= _MOST_BROKEN:
            self.pause = self._failed("connections break", None)

    def _failed(self, reason: str, asked: float | None) -> float:
        return pauses.failed(self._name, reason, asked, trial=self._trial)
