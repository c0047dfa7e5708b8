"""Letters that were read in a wrong encoding, or lost in one. Pure."""

import re

# Two letters of UTF-8 and more, read as Latin-1 or as a Windows code page; a word of
# French or Turkish holds one such letter between letters of ASCII.
_TAIL = "[\u0080-\u00ff\u011e\u011f\u0130\u0131\u0152-\u0192\u02c6\u02dc\u2013-\u2122]"
_WRONGLY_READ = re.compile(rf"(?:[ÃÂâãìíëêð]{_TAIL}{{1,3}}\s?){{2}}|[ìíëê]{_TAIL}{{2}}|â€|ï»¿")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_broken(text: str) -> bool:
    """Tell whether ``text`` holds letters that nobody can read."""
    return _REPLACEMENT in text or bool(_WRONGLY_READ.search(text))
