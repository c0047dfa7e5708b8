"""The letter as it goes over the wire: compiled once, then a list of bytes for each reader. Pure.

``compile_letter`` writes the headers and encodes both bodies once for a variant;
``CompiledLetter.parts`` puts one reader's values in. What differs from reader to
reader: To, Date, Message-ID, the name in the bodies, and the two links.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import NamedTuple

from newsletter.common.errors import BadInput
from newsletter.delivery import headers
from newsletter.delivery.backends.base import Letter, OutgoingMessage
from newsletter.delivery.splices import CRLF, HeaderLines, Piece, Static, cut, encode

# Neither base64 nor quoted-printable can contain "=_", so no body can contain this.
_BOUNDARY = "=_alternative"
# Printable ASCII without a blank and without angle brackets, which stand around an address.
_LINK_WORD = re.compile(r"[!-;=?-~]*")


class WireValues(NamedTuple):
    """One reader's values, each encoded for the place it goes to."""

    to: bytes
    date: bytes
    message_id: bytes
    name: bytes
    name_in_html: bytes
    unsubscribe: bytes
    preferences: bytes


@dataclass(frozen=True, slots=True)
class CompiledLetter:
    """One variant of a letter as static octets with places for a reader's values."""

    pieces: tuple[Piece, ...]

    def parts(self, message: OutgoingMessage, moment: datetime) -> list[bytes]:
        """Return one reader's letter; joined, it is a MIME message with CRLF line ends.

        Raises :class:`BadInput` where the reader's address cannot stand in a header.
        """
        values = _wire_values(message, moment)
        carried, out = b"", list[bytes]()
        for piece in self.pieces:
            carried = piece.write(values, carried, out)
        return out


def compile_letter(letter: Letter) -> CompiledLetter:
    """Compile a variant. Raises :class:`BadInput` where a shared header value is unsafe."""
    pieces = [*_header_pieces(letter)]
    words = letter.mail.tokens
    links = {words.unsubscribe: _slot("unsubscribe"), words.preferences: _slot("preferences")}
    pieces += _part("plain", letter.mail.text, {**links, words.name: _slot("name")})
    pieces += _part("html", letter.mail.html, {**links, words.name: _slot("name_in_html")})
    pieces.append(Static(f"--{_BOUNDARY}--\r\n".encode()))
    return CompiledLetter(tuple(_merged(pieces)))


def subject_of(letter: Letter) -> str:
    """Return the subject as readers see it. It is the same for all of them."""
    return letter.subject_prefix + letter.mail.subject


def unsubscribe_url(letter: Letter, token: str) -> str:
    """Return the address that RFC 8058 posts to."""
    return f"{letter.base_url}/u/{token}"


def _slot(name: str) -> int:
    return WireValues._fields.index(name)


def _wire_values(message: OutgoingMessage, moment: datetime) -> WireValues:
    person = message.values
    name = person.name
    if not name.isprintable():
        name = "".join(character for character in name if character.isprintable())
    return WireValues(
        to=headers.mailbox(person.name, message.address),
        date=headers.date(moment),
        message_id=_link_octets(message.message_id),
        name=name.encode("utf-8", "replace"),
        name_in_html=escape(name).encode("utf-8", "replace"),
        unsubscribe=_link_octets(person.unsubscribe),
        preferences=_link_octets(person.preferences),
    )


def _link_octets(token: str) -> bytes:
    if not _LINK_WORD.fullmatch(token):
        raise BadInput(
            "header.unsafe", "링크에 쓸 수 없는 값입니다.", "This cannot stand in a link."
        )
    return token.encode("ascii")


def _header_pieces(letter: Letter) -> list[Piece]:
    shared = [
        headers.header("From", headers.mailbox(letter.from_name, letter.mail_from)),
        headers.header("Subject", headers.unstructured("Subject", subject_of(letter))),
    ]
    if letter.reply_to:
        shared.append(headers.header("Reply-To", headers.mailbox("", letter.reply_to)))
    if letter.list_id:
        shared.append(headers.header("List-Id", f"<{letter.list_id}>"))
    own = {"To: %b": "to", "Date: %b": "date", "Message-ID: <%b>": "message_id"}
    if letter.bulk:
        url = unsubscribe_url(letter, "")
        headers.header("List-Unsubscribe", url)  # refuses an unsafe base address
        own[f"List-Unsubscribe: <{url.replace('%', '%%')}%b>"] = "unsubscribe"
        shared.append(headers.header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    else:
        shared.append(headers.header("Auto-Submitted", "auto-generated"))
    kind = f'multipart/alternative; boundary="{_BOUNDARY}"'
    return [
        HeaderLines(
            "".join(f"{line}\r\n" for line in own).encode(), tuple(map(_slot, own.values()))
        ),
        Static(b"".join(shared)),
        Static(b"MIME-Version: 1.0\r\n" + headers.header("Content-Type", kind) + CRLF),
    ]


def _part(subtype: str, text: str, slots: dict[str, int]) -> list[Piece]:
    encoding, pieces = encode(cut(text, slots))
    head = (
        f"--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return [Static(head.encode()), *pieces]


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbouring static pieces, so that a letter is as few writes as it can be."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, Static) and isinstance(last, Static) and not last.carry:
            merged[-1] = Static(last.octets + piece.octets, piece.carry)
        else:
            merged.append(piece)
    return merged
