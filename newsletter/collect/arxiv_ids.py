"""The one door by which an arXiv id comes in: whatever form it has outside, here it is bare. Pure.

Bare is ``2601.00041`` or, of the years before April 2007, ``hep-th/9901001``: without a version,
without ``arXiv:``, with archive and subject in the letters that arXiv has (``math.GT/0309136``).
What is no id of arXiv's is nothing, for a link made of it would be dead.
"""

import re

_ID = (
    r"(?P<new>\d{4}\.\d{4,5})"
    r"|(?P<archive>[a-z]{2,10}(?:-[a-z]{2,4})?)(?P<subject>\.[a-z]{2})?/(?P<old>\d{7})"
)
_VERSION = r"(?:v(?P<version>\d{1,3}))?(?!\d)"
_ALONE = re.compile(
    rf"\s*+(?:oai:arxiv\.org:|arxiv:\s?|10\.48550/arxiv\.)?(?:{_ID}){_VERSION}\s*+", re.IGNORECASE
)
_IN_ADDRESS = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|ps|format|e-print)/"
    r"|huggingface\.co/papers/|hf\.co/papers/"
    r"|alphaxiv\.org/(?:[a-z]{2}/)?(?:abs|overview|pdf|html|resources|blog)/"
    rf"|doi\.org/10\.48550/arxiv\.)(?:{_ID}){_VERSION}",
    re.IGNORECASE,
)


def bare_id(told: str) -> str | None:
    """Return the id that is told alone or by an address, ``None`` where there is none."""
    found = _found(told)
    return _bare(found) if found else None


def id_in(address: str) -> str | None:
    """Return the id that an address tells; a number alone is none, for it may be anything."""
    found = _IN_ADDRESS.search(address)
    return _bare(found) if found else None


def version_in(told: str) -> int:
    """Return the version that stands behind an id, 1 where none does."""
    found = _found(told)
    return int(found["version"] or 1) if found else 1


def _found(told: str) -> re.Match[str] | None:
    return _ALONE.fullmatch(told) or _IN_ADDRESS.search(told)


def _bare(found: re.Match[str]) -> str:
    subject = (found["subject"] or "").upper()
    return found["new"] or f"{found['archive'].lower()}{subject}/{found['old']}"
