"""On what terms a source's texts are used: what its licence allows, and who wrote them. Pure.

A newsletter with a sponsor, or one that shortens, must not mail what forbids
commercial use or changed versions: such a text is linked. So is one whose licence nobody
told, or nobody here knows: silence is no permission. Whoever was given leave says so.
"""

import re
from enum import StrEnum
from unicodedata import normalize

# Of titles, authors and abstracts, by arXiv's own terms of use.
ARXIV_METADATA = "CC0 1.0"
# Whatever else a licence says, one of these words ends it.
_FORBIDS = re.compile(
    r"\bn[cd](?![a-z])|\bn[cd](?:sa|nd)\b|\bcc ?by ?n[cd]|non ?commercial|no ?deriv|commons clause"
    r"|비영리|영리 ?(?:목적 ?)?(?:이용 ?)?금지|상업적 ?(?:이용|사용) ?(?:금지|불가)"
    r"|변경 ?금지|무단 ?(?:전재|복제|배포)|재배포 ?금지|all rights reserved"
    r"|(?:공공누리|\bkogl\b)[^\d]{0,40}[2-4](?!\d)"
)
# "No licence", "CC BY?": somebody wrote down that they do not know.
_DOUBTED = re.compile(
    r"\?(?=\s|$|[)\]])|\b(?:no|not|none|non|without|unknown|unclear|unlicensed)\b"
    r"|아님|아니|없음|없다|미정|미상|모름|모른"
)
_ALLOWS = re.compile(
    r"\bcc ?(?:0|zero)\b|publicdomain/(?:zero|mark)/|\bpublic ?domain\b|퍼블릭 ?도메인"
    r"|\bcc ?by(?: ?sa)?(?![a-z])|creativecommons\.org/licenses/by(?: sa)?/"
    r"|creative commons attribution|저작자 ?표시"
    r"|^(?:the )?mit(?: 0)?$|\bmit (?:licen[sc]e|라이선스)|/licenses/mit\b"
    r"|\bapache(?: ?licen[sc]e)?\b|\b0?bsd\b|^isc$|\bisc (?:licen[sc]e|라이선스)|/licenses/isc\b"
    r"|\bunlicense\b|(?:공공누리|\bkogl\b)[^\d]{0,40}1(?!\d)"
)
_QUERY = re.compile(r"(https?://[^\s?#]{1,300})[?#]\S*")
_DASHES = re.compile(r"[\s_\-\u00ad\u2010-\u2015\u2212]+")


class Writer(StrEnum):
    """Who writes the texts of a source. Readers are told of a machine; nothing is said of unknown."""

    UNKNOWN = ""
    PERSON = "person"
    MACHINE = "machine"
    MIXED = "mixed"


class Answer(StrEnum):
    """What a licence says to the question whether a text may be mailed."""

    ALLOWS = "allows"
    FORBIDS = "forbids"
    UNKNOWN = "unknown"


def answer(licence: str) -> Answer:
    """Return what a licence, by its name or its address, says of its texts in a mail."""
    words = _words(licence)
    if _FORBIDS.search(words):
        return Answer.FORBIDS
    if _DOUBTED.search(words) or not _ALLOWS.search(words):
        return Answer.UNKNOWN
    return Answer.ALLOWS


def allows_mailing(licence: str) -> bool:
    """Return whether a licence allows its texts in a mail; one that nobody knows does not."""
    return answer(licence) is Answer.ALLOWS


def forbids_mailing(licence: str) -> bool:
    """Return whether a licence forbids its texts in a mail in so many words."""
    return answer(licence) is Answer.FORBIDS


def _words(licence: str) -> str:
    """Return a licence in one spelling: small letters, every dash and underscore a blank."""
    told = _QUERY.sub(r"\1", normalize("NFKC", licence[:500]).casefold())
    return _DASHES.sub(" ", told).strip()
