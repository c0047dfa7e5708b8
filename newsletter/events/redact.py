"""Takes people out of what a provider said, before it is kept. Pure.

Only the details that are asked for by name stay, for an IP address, a browser's
name or a link are nothing we need; and an address must not outlive its reader's
erasure, but servers repeat it in their refusals.
"""

import re
from collections.abc import Collection, Mapping

# Bounded before the "@", or a long word without one would cost its length squared.
_ADDRESS = re.compile(r"[^\s<>\"':;,()\[\]@]{1,64}@[^\s<>\"':;,()\[\]]+")
_LONGEST = 500


def details(said: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    """Return these texts of what was said, shortened and without addresses."""
    texts = {name: said.get(name) for name in names}
    return {name: without_addresses(text) for name, text in texts.items() if isinstance(text, str)}


def without_addresses(text: str) -> str:
    """Return ``text`` with every mail address in it struck out; a long one is cut."""
    # Half a surrogate pair and NUL are fine in JSON, and in no text of PostgreSQL.
    sound = text[: 2 * _LONGEST].replace("\0", "").encode(errors="replace").decode()
    return (_ADDRESS.sub("(address)", sound) if "@" in sound else sound)[:_LONGEST]
