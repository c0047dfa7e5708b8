"""Return paths that name the letter (VERP), so that a bounce tells which one it is of. Pure.

``bounce@example.com`` becomes ``bounce+3k.q5zr…@example.com``: the row of the ledger
in base 36, and a tag by our own key, so that nobody can make up a bounce of
another reader's letter. All in lower case, for some servers fold what they return.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256

from newsletter.common.tokens import base36

# The least that RFC 2104, section 5, lets a tag have; the local part must fit into 64 octets.
_TAG_BYTES = 10
_NAMED = re.compile(r"\+([0-9a-z]{1,12})\.([a-z2-7]{16})@")


def return_path(delivery_id: int, bounce_address: str, key: bytes) -> str:
    """Return the envelope sender of one letter."""
    local, _, domain = bounce_address.rpartition("@")
    name = base36(delivery_id)
    return f"{local}+{name}.{_tag(name, key)}@{domain}"


def delivery_of(text: str, keys: Sequence[bytes]) -> int | None:
    """Return the letter that the first return path of ours in ``text`` names, if there is one."""
    for name, tag in _NAMED.findall(text.lower()):
        if any(hmac.compare_digest(_tag(name, key), tag) for key in keys):
            return int(name, 36)
    return None


def _tag(name: str, key: bytes) -> str:
    digest = hmac.digest(key, f"return path:{name}".encode(), sha256)
    return b32encode(digest[:_TAG_BYTES]).decode().lower()
