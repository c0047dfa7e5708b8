"""Letters over one SMTP connection, and exactly one outcome for each of them.

Round trips and not octets decide how fast a server far away can be fed, so the best
that it offers is used:

CHUNKING     several letters on their way before the first answer is read (RFC 3030)
PIPELINING   the body of one letter and the envelope of the next in one write (RFC 2920)
neither      one command, one answer

When the connection breaks, a letter of which only the envelope was offered is safe to
try again; one that has left as a whole is in doubt, unless the server itself said 421.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf
from time import monotonic

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    Outcome,
    OutgoingMessage,
    SendError,
    SendReceipt,
    receipt,
)
from newsletter.delivery.smtp_answers import GO_AHEAD, first_refusal, refusal
from newsletter.delivery.smtp_connection import Connection, ConnectionLost, Reply

# Sixteen letters of 100 KB are more than most links hold in flight, and what a lost
# connection may leave in doubt.
WINDOW = 16


@dataclass(slots=True)
class PreparedLetter:
    """One reader's letter as the wire wants it."""

    message: OutgoingMessage
    envelope: tuple[bytes, bytes]
    """MAIL and RCPT."""
    body: list[bytes]
    octets: int
    """How long the body is."""

    def outcome(self, result: SendReceipt | SendError) -> Outcome:
        """Return what became of this letter."""
        return Outcome(self.message.delivery_id, result)


class Session:
    """Hands letters over on one connection, one after the other.

    ``safe`` are the letters that may be offered again on another connection.
    """

    def __init__(self, connection: Connection, until: float = inf) -> None:
        self._connection, self._until = connection, until
        self._in_doubt: deque[PreparedLetter] = deque()
        self.safe: list[PreparedLetter] = []

    def deliver(self, letters: Iterable[PreparedLetter]) -> Iterator[Outcome]:
        """Yield an outcome for each letter. After :class:`ConnectionLost`, ask :meth:`lost`."""
        if self._connection.offers("CHUNKING") and self._connection.offers("PIPELINING"):
            return self._chunked(letters)
        if self._connection.offers("PIPELINING"):
            return self._pipelined(letters)
        return self._one_by_one(letters)

    def lost(self, error: ConnectionLost) -> Iterator[Outcome]:
        """Yield the outcome of every letter in doubt.

        A 421 instead of an answer is a plain no to all of them: they are safe.
        """
        if error.said_so:
            self.safe += self._in_doubt
            self._in_doubt.clear()
        for letter in self._in_doubt:
            yield letter.outcome(AmbiguousSendError(f"no answer, {error.reason}"))

    def _chunked(self, letters: Iterable[PreparedLetter]) -> Iterator[Outcome]:
        for letter in letters:
            try:
                self._write_whole(letter)
            except ConnectionLost:
                # What the server said before it hung up may still be there to read.
                yield from self._answers(down_to=0)
                raise
            yield from self._answers(down_to=WINDOW - 1)
        yield from self._answers(down_to=0)

    def _write_whole(self, letter: PreparedLetter) -> None:
        """Write a letter with its envelope. RSET clears up behind one that was refused."""
        self.safe = [letter]
        self._keep_to_the_time()
        mail, rcpt = letter.envelope
        head = b"RSET\r\n%b%bBDAT %d LAST\r\n" % (mail, rcpt, letter.octets)
        self._connection.write([head, *letter.body])
        self.safe = []
        self._in_doubt.append(letter)

    def _answers(self, down_to: int) -> Iterator[Outcome]:
        """Read the answers that are there, and wait until at most so many letters lack theirs."""
        while self._in_doubt and (
            len(self._in_doubt) > down_to or self._connection.has_more_to_say()
        ):
            self._connection.reply()
            replies = [*(self._connection.reply() for _ in _ENVELOPE), self._last_word()]
            letter = self._in_doubt.popleft()
            error = first_refusal(_CHUNKED_STEPS, replies)
            yield letter.outcome(error or receipt(replies[-1].text))

    def _pipelined(self, letters: Iterable[PreparedLetter]) -> Iterator[Outcome]:
        ready: PreparedLetter | None = None
        for letter in chain(letters, [None]):
            envelope = b"".join([*letter.envelope, b"DATA\r\n"]) if letter else b""
            self.safe = [letter] if letter else []
            if ready is not None:
                self._hand_over(ready, envelope)
                yield self._verdict(ready)
            elif envelope:
                self._connection.write([envelope])
            ready = (yield from self._answered(letter)) if letter else None

    def _answered(self, letter: PreparedLetter) -> Generator[Outcome, None, PreparedLetter | None]:
        """Read the replies to a pipelined envelope; return the letter if its body may follow."""
        replies = [self._connection.reply() for _ in _STEPS]
        error = first_refusal(_STEPS, replies)
        if error is None:
            return letter
        self.safe = []
        yield letter.outcome(error)
        # Where DATA was taken all the same, an empty body ends it; else RSET does.
        self._connection.write([b".\r\n" if replies[-1].code == GO_AHEAD else b"RSET\r\n"])
        self._connection.reply()
        return None

    def _one_by_one(self, letters: Iterable[PreparedLetter]) -> Iterator[Outcome]:
        for letter in letters:
            self.safe = [letter]
            error = self._offer(letter)
            self.safe = []
            if error is None:
                self._hand_over(letter, b"")
                yield self._verdict(letter)
            else:
                yield letter.outcome(error)
                self._connection.command("RSET")

    def _offer(self, letter: PreparedLetter) -> SendError | None:
        replies: list[Reply] = []
        for command in (*letter.envelope, b"DATA\r\n"):
            self._connection.write([command])
            replies.append(self._connection.reply())
            if error := first_refusal(_STEPS, replies):
                return error
        return None

    def _hand_over(self, letter: PreparedLetter, envelope: bytes) -> None:
        """Write a body and the next envelope. Once its final dot has left, it is in doubt."""
        self.safe = [*self.safe, letter]
        # A body that was invited can only be withheld by hanging up.
        self._keep_to_the_time()
        try:
            self._connection.write([*letter.body, b".\r\n" + envelope])
        except ConnectionLost as error:
            if error.unsent <= len(envelope):
                self._now_in_doubt(letter)
            raise
        self._now_in_doubt(letter)

    def _now_in_doubt(self, letter: PreparedLetter) -> None:
        self.safe.remove(letter)
        self._in_doubt.append(letter)

    def _verdict(self, letter: PreparedLetter) -> Outcome:
        reply = self._last_word()
        self._in_doubt.clear()
        if reply.ok:
            return letter.outcome(receipt(reply.text))
        return letter.outcome(refusal("end of data", reply))

    def _last_word(self) -> Reply:
        """Return the answer to a whole letter; after an invitation to go on it is in doubt."""
        reply = self._connection.reply()
        if reply.code // 100 == GO_AHEAD // 100:
            raise ConnectionLost("garbage")
        return reply

    def _keep_to_the_time(self) -> None:
        if monotonic() > self._until:
            raise ConnectionLost("lease over")


_ENVELOPE = ("mail", "rcpt")
_STEPS = (*_ENVELOPE, "data")
_CHUNKED_STEPS = (*_ENVELOPE, "end of data")
