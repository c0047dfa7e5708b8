"""DKIM signatures (RFC 6376, and RFC 8463 for Ed25519), for servers that do not sign. Pure.

Canonicalization is relaxed for the header, and simple for the body: our bodies are
base64 or quoted-printable with CRLF, which no relay rewrites, so hashing them as
they are costs no pass over the octets but the hash itself.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

# "from" twice: so nobody can add a second one above ours (RFC 6376, 8.15).
_SIGNED = (
    "from", "from", "to", "subject", "date", "message-id", "reply-to", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type",
)  # fmt: skip
_FOLD = 70
_FIELD = re.compile(rb"([!-9;-~]+):((?:[^\r]|\r\n[ \t])*)\r\n")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs letters for one domain with one key."""

    domain: str
    selector: str
    algorithm: str
    sign: Callable[[bytes], bytes]
    """From :mod:`newsletter.delivery.dkim_keys`, which only who signs has to import."""

    def header(self, head: bytes, body_hash: bytes, moment: datetime) -> bytes:
        """Return the ``DKIM-Signature`` line for a header block and the hash of its body."""
        fields = _relaxed(head)
        signed = _present(fields)
        value = (
            f"v=1; a={self.algorithm}; c=relaxed/simple;"
            f"\r\n d={self.domain}; s={self.selector}; t={int(moment.timestamp())};"
            f"\r\n h={_in_lines(signed)};"
            f"\r\n bh={b64encode(body_hash).decode()};\r\n b="
        )
        # In relaxed form our own line has no folds, and nothing behind its last "b=".
        own = "dkim-signature:" + " ".join(value.split())
        signature = self.sign(b"".join(_taken(fields, signed)) + own.encode())
        return f"DKIM-Signature: {value}{_cut(b64encode(signature).decode())}\r\n".encode()


def signed(parts: Sequence[bytes], signers: Sequence[Signer], moment: datetime) -> list[bytes]:
    """Return a letter with a signature of each signer before it."""
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    body_hash = sha256(body).digest()
    head += b"\r\n"
    return [*(signer.header(head, body_hash, moment) for signer in signers), *parts]


def _relaxed(head: bytes) -> list[tuple[str, bytes]]:
    """Return each field's name and its line in relaxed form (RFC 6376, 3.4.2)."""
    fields = []
    for name, value in _FIELD.findall(head):
        folded = b" ".join(value.replace(b"\r\n", b"").replace(b"\t", b" ").split(b" "))
        words = b" ".join(folded.split())
        lower = name.lower()
        fields.append((lower.decode(), lower + b":" + words + b"\r\n"))
    return fields


def _present(fields: Sequence[tuple[str, bytes]]) -> list[str]:
    names = {name for name, _ in fields}
    return [name for name in _SIGNED if name in names]


def _taken(fields: Sequence[tuple[str, bytes]], signed: Sequence[str]) -> list[bytes]:
    """Return the lines that the names stand for; a name that is used up stands for nothing."""
    lines = dict(fields)
    return [lines.pop(name) for name in signed if name in lines]


def _in_lines(names: Sequence[str]) -> str:
    lines = [":".join(names[start : start + 4]) for start in range(0, len(names), 4)]
    return ":\r\n ".join(lines)


def _cut(signature: str) -> str:
    return "\r\n ".join(
        signature[start : start + _FOLD] for start in range(0, len(signature), _FOLD)
    )
