"""A MIME body encoded once, with places where each reader's own values go in. Pure.

Building a message for every reader is the whole cost of most mailers (measured:
10 of 13 ms). Here the static runs between the values are encoded when the letter
is compiled; one more reader costs a few short encodings and a list of bytes.

Base64 works on groups of three octets, so a run is encoded for each of the three
phases in which the value before it may end; a value stands on a short line of
its own, which RFC 2045 allows. Quoted-printable puts a value between soft line
breaks. No line ever begins with a dot, so SMTP needs no dot-stuffing.
"""

import re
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

CRLF = b"\r\n"
_SOFT_BREAK = b"=\r\n"
_LINE = 76
_QP_LINE = 75


@dataclass(frozen=True, slots=True)
class Run:
    """A slot and the static text behind it."""

    slot: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A text cut at its slots: what stands before the first, and the runs from there on."""

    head: bytes
    runs: tuple[Run, ...]

    @property
    def octets(self) -> bytes:
        """All that is the same for every reader."""
        return b"".join([self.head, *(run.octets for run in self.runs)])


class Piece(Protocol):
    """A stretch of a compiled body."""

    def write(self, values: Sequence[bytes], carried: bytes, out: list[bytes], /) -> bytes:
        """Append wire octets to ``out``; return the octets that wait for a full group of three."""
        ...


@dataclass(frozen=True, slots=True)
class Static:
    """Octets that are the same for every reader, and those that the next value completes."""

    octets: bytes
    carry: bytes = b""

    def write(self, _values: Sequence[bytes], _carried: bytes, out: list[bytes], /) -> bytes:
        """Append the octets as they are."""
        out.append(self.octets)
        return self.carry


@dataclass(frozen=True, slots=True)
class HeaderLines:
    """Header fields, into which values go as they are: they come ready-made."""

    template: bytes
    """With ``%b`` for each value."""
    slots: tuple[int, ...]

    def write(self, values: Sequence[bytes], _carried: bytes, out: list[bytes], /) -> bytes:
        """Append the lines with their values."""
        out.append(self.template % tuple([values[slot] for slot in self.slots]))
        return b""


@dataclass(frozen=True, slots=True)
class QuotedSplice:
    """A value in quoted-printable, on lines of its own."""

    slot: int

    def write(self, values: Sequence[bytes], _carried: bytes, out: list[bytes], /) -> bytes:
        """Append the value between two soft line breaks."""
        out += (_SOFT_BREAK, quoted_printable(values[self.slot]), _SOFT_BREAK)
        return b""


@dataclass(frozen=True, slots=True)
class Base64Splice:
    """A value in base64 and the run behind it, encoded for each phase the value may end in."""

    slot: int
    lent: tuple[bytes, ...]
    """What the run lends the value so that its last group is full."""
    encoded: tuple[bytes, ...]
    carry: tuple[bytes, ...]

    def write(self, values: Sequence[bytes], carried: bytes, out: list[bytes], /) -> bytes:
        """Append the value and the run behind it in the phase that fits."""
        octets = carried + values[self.slot]
        phase = -len(octets) % 3
        octets += self.lent[phase]
        left = len(octets) % 3  # where the run had too little to lend
        whole = octets[:-left] if left else octets
        out += (base64_lines(whole), self.encoded[phase])
        return octets[-left:] + self.carry[phase] if left else self.carry[phase]


@dataclass(frozen=True, slots=True)
class Base64End:
    """The one or two octets left at the end of a body, padded."""

    def write(self, _values: Sequence[bytes], carried: bytes, out: list[bytes], /) -> bytes:
        """Append what was carried to the end."""
        out.append(base64_lines(carried))
        return b""


def cut(text: str, slots: Mapping[str, int]) -> Body:
    """Cut ``text`` at the words of ``slots``; its line ends become CRLF."""
    pattern = "(" + "|".join(re.escape(word) for word in slots) + ")"
    head, *rest = re.split(pattern, text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return Body(_octets(head), tuple(Run(slots[word], _octets(behind)) for word, behind in pairs))


def encode(body: Body) -> tuple[str, list[Piece]]:
    """Return the name of the smaller transfer encoding, and the body compiled in it."""
    if len(quoted_printable(body.octets)) < len(base64_lines(body.octets)):
        return "quoted-printable", quoted_pieces(body)
    return "base64", base64_pieces(body)


def quoted_pieces(body: Body) -> list[Piece]:
    """Return ``body`` compiled in quoted-printable."""
    pieces: list[Piece] = [Static(quoted_printable(body.head))]
    for run in body.runs:
        pieces += (QuotedSplice(run.slot), Static(quoted_printable(run.octets)))
    return [*pieces, Static(CRLF)]


def base64_pieces(body: Body) -> list[Piece]:
    """Return ``body`` compiled in base64."""
    splices = [_base64_splice(run) for run in body.runs]
    return [Static(*_whole_groups(body.head)), *splices, Base64End()]


def _base64_splice(run: Run) -> Base64Splice:
    phases = [_whole_groups(run.octets[phase:]) for phase in range(3)]
    return Base64Splice(
        slot=run.slot,
        lent=tuple(run.octets[:phase] for phase in range(3)),
        encoded=tuple(lines for lines, _ in phases),
        carry=tuple(rest for _, rest in phases),
    )


def base64_lines(octets: bytes) -> bytes:
    """Return ``octets`` in base64, in lines of at most 76 characters."""
    encoded = b2a_base64(octets, newline=False)
    if 0 < len(encoded) <= _LINE:  # a reader's value, as a rule
        return encoded + CRLF
    return b"".join(
        [encoded[start : start + _LINE] + CRLF for start in range(0, len(encoded), _LINE)]
    )


def quoted_printable(octets: bytes) -> bytes:
    """Return ``octets`` (with CRLF line ends) in quoted-printable, in lines of at most 76.

    The octets may stand in the middle of a body, so a blank at either end is
    encoded, and so is a dot that would begin a line.
    """
    return CRLF.join(_quoted_line(line) for line in octets.split(CRLF))


def _quoted_line(line: bytes) -> bytes:
    out, width, last = [], 0, len(line) - 1
    for place, octet in enumerate(line):
        written = _QUOTED[octet]
        if place == last and octet in b" \t":
            written = b"=%02X" % octet
        if width + len(written) > _QP_LINE:
            out.append(_SOFT_BREAK)
            width = 0
        if width == 0 and octet == ord("."):
            written = b"=2E"
        out.append(written)
        width += len(written)
    return b"".join(out)


def _quoted(octet: int) -> bytes:
    printable = 33 <= octet <= 126 and octet != ord("=")  # noqa: PLR2004 - RFC 2045, 6.7 (2)
    return bytes([octet]) if printable or octet in b" \t" else b"=%02X" % octet


_QUOTED = [_quoted(octet) for octet in range(256)]


def _whole_groups(octets: bytes) -> tuple[bytes, bytes]:
    """Encode the whole groups of three; return them and the octets left over."""
    whole = len(octets) - len(octets) % 3
    return base64_lines(octets[:whole]), octets[whole:]


def _octets(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
