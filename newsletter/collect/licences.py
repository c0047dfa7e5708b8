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
# Longer than any name of a licence; what is longer was read by nobody, and nothing of it is cut.
_LONGEST = 500
# Whatever else a licence says, one of these words ends it.
_FORBIDS = re.compile(
    r"\bn[cd](?![a-z])|\bn[cd](?:sa|nd)\b|\bcc ?by ?n[cd]|\bn\. ?[cd]\b|commons clause"
    r"|non ?commercial|no ?deriv|non ?profit|(?:personal|research)(?: use)? only"
    r"|all rights? reserved|비상업|비영리"
    r"|(?:상업|영리)적? ?(?:목적)?(?:의|으로)? ?(?:이용|사용|활용)?[은는을를]? ?(?:금지|불가|불허)"
    r"|(?:변경|개작)[은는을를]? ?(?:허락)? ?(?:금지|불가)|2차적? ?저작물 ?(?:작성)? ?(?:금지|불가)"
    r"|무단 ?(?:전재|복제|배포)|재배포 ?(?:금지|불가)"
    r"|(?:공공누리|\bkogl\b)[^\d]{0,40}[2-4](?!\d)"
)
_VERSION = r"(?:[ ,(]{0,2}(?:version ?|v\.? ?)?\d(?:\.\d){0,2}(?![\d.]*\d))?"
_SITE = r"(?:https?://)?(?:www\.)?"
# Names and addresses of what allows mailing; a name is not the beginning of another word.
_ALLOWS = re.compile(
    r"(?<![a-z0-9./])(?:"
    rf"{_SITE}creativecommons\.org/(?:licenses/by(?: sa)?|publicdomain/(?:zero|mark))"
    r"(?:/\d\.\d)?(?:/[a-z]{2})?(?:/(?:deed|legalcode)(?:\.[a-z]{2})?)?/?"
    rf"|{_SITE}opensource\.org/licen[sc]es?/(?:mit|apache 2\.0|bsd [23] clause|isc)(?: license)?/?"
    rf"|{_SITE}spdx\.org/licenses/(?:mit|apache 2\.0|bsd [23] clause|isc|cc0 1\.0|cc by(?: sa)? \d\.0)"
    r"(?:\.html)?"
    rf"|{_SITE}apache\.org/licenses/license 2\.0(?:\.html|\.txt)?|{_SITE}unlicense\.org/?"
    rf"|{_SITE}kogl\.or\.kr/info/licensetype1\.do"
    rf"|(?:cc|creative commons) ?(?:0|zero)(?![\d.]*\d){_VERSION}"
    rf"|(?:cc|creative commons) ?by(?: ?sa)?(?![a-z]){_VERSION}"
    rf"|creative commons attribution(?: ?share ?alike)?(?![a-z]){_VERSION}"
    r"|public ?domain(?: (?:dedication|mark))?|퍼블릭 ?도메인"
    rf"|(?:cc ?|크리에이티브 ?커먼즈 ?)?저작자 ?표시(?:[ ,]{{0,2}}동일 ?조건 ?변경 ?허락)?{_VERSION}"
    rf"|(?:mit|apache(?: software)?(?: licen[sc]e)?|isc|unlicense)(?![a-z]){_VERSION}"
    r"|(?:\d ?clause )?0?bsd(?: \d)?(?: clause)?(?![a-z0-9])"
    r"|(?:공공누리|kogl)[ (:]{0,2}(?:제 ?|유형 ?|type ?)?1(?![\d.])(?: ?유형| ?type)?"
    r")(?![a-z0-9])"
)
# What may stand beside such a name without a meaning of its own.
_BESIDE = re.compile(
    r"(?<![a-z])(?:the|or|and|licen[sc]es?|texts?|deed|international|unported|generic|universal|kr|korea)"
    r"(?![a-z])|라이[선센]스|출처 ?표시|국제|대한민국|[\s.,:;()\[\]{}/&+|·\"'‘’“”]"
)
# What the licence chooser and a choice of language append to an address.
_QUERY = re.compile(r"(?<=[a-z0-9/])\?(?:ref|lang)=[a-z0-9_.-]{1,40}(?=[\s),;]|$)")
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
    """Return what a licence, by its name or its address, says of its texts in a mail.

    It allows only where nothing else is said: whatever is left beside the names that allow
    may be a doubt or a condition, and is not guessed at.
    """
    if len(licence) > _LONGEST:
        return Answer.UNKNOWN
    told = normalize("NFKC", licence).casefold()
    if _FORBIDS.search(_words(told)):
        return Answer.FORBIDS
    words, names = _ALLOWS.subn(" ", _words(_QUERY.sub("", told)))
    return Answer.ALLOWS if names and not _BESIDE.sub("", words) else Answer.UNKNOWN


def allows_mailing(licence: str) -> bool:
    """Return whether a licence allows its texts in a mail; one that nobody knows does not."""
    return answer(licence) is Answer.ALLOWS


def forbids_mailing(licence: str) -> bool:
    """Return whether a licence forbids its texts in a mail in so many words."""
    return answer(licence) is Answer.FORBIDS


def _words(told: str) -> str:
    """Return a licence in one spelling: every dash and underscore a blank."""
    return _DASHES.sub(" ", told).strip()
