"""Header fields as bytes, written by us because a mail library may break them. Pure.

Python's ``email`` turns a ``List-Unsubscribe`` whose URL is longer than a line
into an encoded-word, which silently breaks one-click unsubscribe (RFC 8058); and
it let ``=?UTF-8?Q?=0A?=`` in a subject become a new header (CVE-2024-6923). So a
value is refused when it holds CR, LF, NUL, any other control character or
``=?``, and nothing is folded but between encoded-words.
"""

import re
from base64 import b64encode
from datetime import datetime, tzinfo
from email.utils import format_datetime
from functools import lru_cache

from newsletter.common.errors import BadInput

CRLF = b"\r\n"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]|=\?")
_PLAIN = re.compile(r"[\x20-\x7e]{0,60}")
_ATOMS = re.compile(r"[A-Za-z0-9 ]{0,60}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
# RFC 6531 lets both sides hold any letter of the world.
_INTERNATIONAL = re.compile(
    r"[^\s<>()\[\],;:\\\"@\x00-\x20\x7f-\x9f]{1,64}@[^\s<>@\x00-\x20\x7f-\x9f]{1,255}"
)

# 39 octets make an encoded-word of 64 characters: under the 75 of RFC 2047, and
# under the 76 of a line even behind the longest of our header names.
_WORD_OCTETS = 39


def is_safe(text: str) -> bool:
    """Tell whether ``text`` may stand in a header at all."""
    return _UNSAFE.search(text) is None


def is_address(text: str) -> bool:
    """Tell whether ``text`` is an address that any SMTP server understands: ASCII, one ``@``."""
    return is_safe(text) and _ADDRESS.fullmatch(text) is not None


def is_international(text: str) -> bool:
    """Tell whether ``text`` is an address that only a server with SMTPUTF8 understands."""
    return not text.isascii() and is_safe(text) and _INTERNATIONAL.fullmatch(text) is not None


def header(name: str, value: bytes | str) -> bytes:
    """Return one header line. A ``str`` is checked; ``bytes`` were made by this module."""
    octets = _guarded(name, value).encode() if isinstance(value, str) else value
    return name.encode() + b": " + octets + CRLF


def unstructured(name: str, text: str) -> bytes:
    """Return the value of a free-text header such as ``Subject``."""
    return _encoded(_guarded(name, text), _PLAIN)


def mailbox(name: str, address: str) -> bytes:
    """Return ``name <address>``. An unsafe name is left out; an unsafe address is refused."""
    if not (is_address(address) or is_international(address)):
        raise BadInput(
            "header.address",
            "메일 주소로 쓸 수 없는 값입니다.",
            "This cannot be used as a mail address.",
        )
    plain = address.encode()
    if not name.strip() or not is_safe(name):
        return plain
    return _encoded(name.strip(), _ATOMS) + b" <" + plain + b">"


def date(moment: datetime) -> bytes:
    """Return ``moment`` as RFC 5322 writes it."""
    return _date(int(moment.timestamp()), moment.tzinfo)


@lru_cache(maxsize=4)
def _date(second: int, zone: tzinfo | None) -> bytes:
    return format_datetime(datetime.fromtimestamp(second, zone)).encode("ascii")


def _guarded(name: str, value: str) -> str:
    if not is_safe(value):
        raise BadInput(
            "header.unsafe",
            "머리글에는 줄바꿈이나 제어 문자, '=?'를 쓸 수 없습니다.",
            "A header must not contain line breaks, control characters or '=?'.",
            place=name,
        )
    return value


def _encoded(text: str, plain: re.Pattern[str]) -> bytes:
    """Return ``text`` as it is where ``plain`` allows, else as encoded-words, each on its line."""
    if plain.fullmatch(text):
        return text.encode("ascii")
    words = [b"=?utf-8?b?" + b64encode(chunk) + b"?=" for chunk in _chunks(text)]
    return (CRLF + b" ").join(words)


def _chunks(text: str) -> list[bytes]:
    """Cut ``text`` into runs of at most 39 octets; a character is never cut in two."""
    whole = text.encode("utf-8", "replace")
    if len(whole) <= _WORD_OCTETS:  # a reader's name, as a rule
        return [whole]
    chunks = [b""]
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(chunks[-1]) + len(octets) > _WORD_OCTETS:
            chunks.append(b"")
        chunks[-1] += octets
    return chunks
