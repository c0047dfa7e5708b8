"""Any SMTP server, over a few connections that stay open between calls."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from math import inf
from time import monotonic

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    ConnectionBroke,
    HaltSending,
    Letter,
    NotHandedOver,
    Outcome,
    OutgoingMessage,
    SendError,
    Throttled,
    Unavailable,
)
from newsletter.delivery.conversations import Conversations
from newsletter.delivery.dkim import Signer
from newsletter.delivery.smtp_connection import Connection, ConnectionLost
from newsletter.delivery.smtp_letters import LetterWriter
from newsletter.delivery.smtp_server import SmtpServer
from newsletter.delivery.smtp_session import PreparedLetter, Session

# A letter whose envelope was offered on three connections that broke waits for a while.
_MAX_TRIES = 3
# Where so many in a row carried nothing, the server is in trouble, and the next would not either.
_MOST_FRUITLESS = 3
_STOPS = (HaltSending, Throttled)


class SmtpBackend:
    """Hands letters to one SMTP server."""

    name = "smtp"
    slice_size = 250

    def __init__(self, server: SmtpServer, signers: Sequence[Signer] = ()) -> None:
        self._server, self._signers = server, signers
        self._idle: deque[Connection] = deque()

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        """Hand over each message on the next free connection; see :class:`MailBackend`."""
        work = _Work(LetterWriter(letter, self._signers), messages, until)
        while work.pending():
            talks = Conversations().hold(lambda: self._line(work), self._server.connections)
            with closing(talks):
                for _ in talks:
                    yield from work.outcomes()
        yield from work.left_behind()

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:  # noqa: ARG002 - the protocol's signature
        """Return ``None``: no SMTP server can be asked what it took (RFC 1047)."""
        return None

    def close(self) -> None:
        """Say goodbye on every connection."""
        while self._idle:
            self._idle.pop().quit()

    def _line(self, work: "_Work") -> None:
        """Deliver on one connection after the other until there is nothing left to deliver."""
        work.join()
        while (first := work.take()) is not None:
            try:
                connection = self._connection()
            except SendError as error:
                if self._idle and not isinstance(error, HaltSending):
                    work.give_back(first)  # another line has left its connection
                    continue
                work.leave_for_want_of_a_connection(first, error)
                return
            self._deliver(connection, work, first)
        work.leave()

    def _connection(self) -> Connection:
        with suppress(IndexError):  # by pop alone: another thread may take one in between
            while True:
                connection = self._idle.pop()
                if connection.is_alive():
                    return connection
                connection.close()
        return Connection(self._server)

    def _deliver(self, connection: Connection, work: "_Work", first: OutgoingMessage) -> None:
        session = Session(connection, work.until)
        fruitless = True
        try:
            for outcome in session.deliver(work.letters(first, connection, self._server.letters)):
                fruitless = False
                work.tell(outcome)
        except ConnectionLost as error:
            connection.close()
            for outcome in session.lost(error):
                work.tell(outcome)
            if fruitless:
                work.count_fruitless(first, error)
            work.put_back([letter.message for letter in session.safe], error.reason)
        except BaseException:
            # In the middle of a letter: whoever comes next would go on writing it.
            connection.close()
            raise
        else:
            self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        if self._server.letters and connection.taken >= self._server.letters:
            connection.quit()
        else:
            self._idle.append(connection)


class _Work:
    """The letters of one call, shared by the lines that deliver them."""

    def __init__(
        self, writer: LetterWriter, messages: Iterable[OutgoingMessage], until: float
    ) -> None:
        self.until = until
        self._writer = writer
        self._messages = iter(messages)
        self._again: deque[OutgoingMessage] = deque()
        self._tries: dict[int, int] = {}
        self._fruitless: list[int] = []
        self._lines = 0
        self._outcomes: list[Outcome] = []
        self._trouble: SendError | None = None
        self._exhausted = False

    def pending(self) -> bool:
        """Tell whether letters are left that a connection might take."""
        return self._trouble is None and (bool(self._again) or not self._exhausted)

    def join(self) -> None:
        """Note one more line that delivers."""
        self._lines += 1

    def leave(self) -> int:
        """Note one line less; return how many are left."""
        self._lines -= 1
        return self._lines

    def give_back(self, first: OutgoingMessage) -> None:
        """Leave a message that was not offered to whoever takes one next."""
        self._again.append(first)

    def leave_for_want_of_a_connection(self, first: OutgoingMessage, error: SendError) -> None:
        """Leave the letters to the other lines: some servers take no more connections than those."""
        self.give_back(first)
        if not self.leave() or isinstance(error, HaltSending):
            self.stop(error)

    def take(self) -> OutgoingMessage | None:
        """Return the next message, or ``None`` when there is none to be handed over."""
        if monotonic() > self.until:
            self.stop(NotHandedOver("lease over"))
        if self._trouble is not None:
            return None
        message = next(self._messages, None)
        self._exhausted = message is None
        # Last: a letter at which connections break must not keep the others from leaving.
        return self._again.popleft() if message is None and self._again else message

    def letters(
        self, first: OutgoingMessage, connection: Connection, most: int
    ) -> Iterator[PreparedLetter]:
        """Yield ``first``, then what is left, until the connection has carried its share."""
        message: OutgoingMessage | None = first
        while message is not None:
            if letter := self._written(message, connection):
                connection.taken += 1
                yield letter
            message = None if most and connection.taken >= most else self.take()

    def tell(self, outcome: Outcome) -> None:
        """Report an outcome; one that says halt or wait stops the work."""
        if isinstance(outcome.result, _STOPS):
            self.stop(outcome.result)
        if self._fruitless and not isinstance(outcome.result, AmbiguousSendError):
            self._fruitless = []
        self._outcomes.append(outcome)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what was reported, and was not yielded before."""
        told, self._outcomes = self._outcomes, []
        yield from told

    def count_fruitless(self, first: OutgoingMessage, error: ConnectionLost) -> None:
        """Note a connection that broke before any answer; a few in a row stop the work.

        Unless the server said so itself, two different letters are needed to blame it.
        """
        self._fruitless = [*self._fruitless, first.delivery_id]
        if len(self._fruitless) < _MOST_FRUITLESS or monotonic() > self.until:
            return
        if error.said_so:
            self.stop(Throttled(error.reason))
        elif len(set(self._fruitless)) > 1:
            self.stop(Unavailable(f"connections break, {error.reason}"))

    def put_back(self, messages: Iterable[OutgoingMessage], reason: str) -> None:
        """Offer messages again that were not handed over, unless too many connections broke."""
        for message in messages:
            tries = self._tries.get(message.delivery_id, 0) + 1
            self._tries[message.delivery_id] = tries
            if tries < _MAX_TRIES or self._trouble is not None:
                self._again.append(message)
            else:
                error = ConnectionBroke(f"connection lost, {reason}")
                self._outcomes.append(Outcome(message.delivery_id, error))

    def stop(self, trouble: SendError) -> None:
        """Let no further letter be taken; of several troubles the first one counts."""
        self._trouble = self._trouble or trouble

    def left_behind(self) -> Iterator[Outcome]:
        """Yield the trouble as the outcome of every message that was never handed over."""
        if self._trouble is not None:
            for message in (*self._again, *self._messages):
                yield Outcome(message.delivery_id, self._trouble)

    def _written(self, message: OutgoingMessage, connection: Connection) -> PreparedLetter | None:
        try:
            return self._writer.write(message, connection.features)
        except SendError as error:
            if isinstance(error, _STOPS):
                self.stop(error)
            self._outcomes.append(Outcome(message.delivery_id, error))
            return None
