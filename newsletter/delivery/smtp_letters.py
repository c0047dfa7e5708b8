"""One reader's letter as a server wants it: the envelope with its parameters, and the body.

What a server offers decides: SIZE is told and kept to, SMTPUTF8 is asked for where an
address needs it, and a letter that a server cannot take is not offered to it at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from newsletter.common import clock
from newsletter.common.errors import BadInput
from newsletter.delivery import dkim
from newsletter.delivery.backends.base import (
    HaltSending,
    Letter,
    NeverOffered,
    OutgoingMessage,
    PermanentSendError,
)
from newsletter.delivery.message import compile_letter
from newsletter.delivery.smtp_session import PreparedLetter

_compiled = lru_cache(maxsize=16)(compile_letter)


class LetterWriter:
    """Writes the letters of one call: compiled once, then a little for each reader."""

    def __init__(self, letter: Letter, signers: Sequence[dkim.Signer] = ()) -> None:
        self._letter, self._signers = letter, signers
        self._compiled = _compiled(letter)

    def write(self, message: OutgoingMessage, features: Mapping[str, str]) -> PreparedLetter:
        """Return the letter of one reader for a server with these features.

        Raises :class:`PermanentSendError` where this reader cannot be written to, and
        :class:`HaltSending` where the server takes no letter of that size.
        """
        international = not message.address.isascii()
        if international and "SMTPUTF8" not in features:
            raise PermanentSendError("smtputf8 not offered")
        body = self._body(message, clock.now())
        octets = sum(map(len, body))
        parameters = b"".join(_parameters(octets, features, international=international))
        sender = message.return_path or self._letter.mail_from
        return PreparedLetter(
            message,
            envelope=(
                b"MAIL FROM:<%b>%b\r\n" % (sender.encode(), parameters),
                b"RCPT TO:<%b>\r\n" % message.address.encode(),
            ),
            body=body,
            octets=octets,
        )

    def _body(self, message: OutgoingMessage, moment: datetime) -> list[bytes]:
        try:
            parts = self._compiled.parts(message, moment)
        except BadInput as error:
            raise NeverOffered(error.code) from error
        return dkim.signed(parts, self._signers, moment) if self._signers else parts


def _parameters(
    octets: int, features: Mapping[str, str], *, international: bool
) -> Iterator[bytes]:
    """Yield the parameters of MAIL FROM (RFC 1870, RFC 6531)."""
    if "SIZE" in features:
        largest = features["SIZE"].strip()
        if largest.isdecimal() and 0 < int(largest) < octets:
            raise HaltSending(f"a letter of {octets} octets, the server takes {largest}")
        yield b" SIZE=%d" % octets
    if international:
        yield b" BODY=8BITMIME SMTPUTF8"
