"""Any bytes to what they say: the one door to the readers of digests.

Nothing that comes in raises, and nothing is lost in silence: what is no digest
has no digests and a finding that says why.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from newsletter.collect.digests import (
    closest,
    decode,
    detect,
    discourse,
    generic,
    generic_json,
    lines,
    naming,
    one_paper,
    post,
    records,
    tags,
    topic,
)
from newsletter.collect.digests.digest import Digest, DigestFile
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.post import FrontMatter, Post
from newsletter.collect.digests.problems import Problem
from newsletter.common import confined
from newsletter.common.findings import Finding

logger = logging.getLogger(__name__)

MOST_BYTES = 10_000_000
# Lines of many formats in one text are hostile, and each reading costs as much as another.
_MOST_READERS = 3
_NOTHING: detect.Told = ((), ())


@confined.parser
def read(raw: bytes, name: str) -> DigestFile:
    """Return everything that a file says, and what is to be said of it.

    Never raises, but for ``MemoryError``: where memory is bound, that is no fault of a parser.
    """
    if len(raw) > MOST_BYTES:
        return _file(name, raw, "", (), [Problem.TOO_LARGE.at(megabytes=MOST_BYTES // 1_000_000)])
    if not raw.strip():
        return _file(name, raw, "", (), [Problem.EMPTY_FILE.at()])
    decoded = decode.decode(raw)
    if decoded is None:
        return _file(name, raw, "", (), [Problem.NOT_TEXT.at()])
    text, told = _told(decoded, name)
    digests, findings = told
    return _file(name, raw, text, digests, [*decoded.findings, *findings])


@confined.parser
def read_item(raw: bytes, name: str) -> DigestFile:
    """Return what an item of a feed says whose title is a link to its paper; its body may say anything."""
    decoded = decode.decode(raw)
    if decoded is None:
        return _file(name, raw, "", (), [Problem.NOT_TEXT.at()])
    own = _lines(decoded)
    digests, findings = _safely(partial(generic.parse, _post(name, own, decoded.text)), name)
    text = "\n".join(line.text for line in own)
    return _file(name, raw, text, digests, [*decoded.findings, *findings])


def _told(decoded: decode.Decoded, name: str) -> tuple[str, detect.Told]:
    """Return the text that was parsed, and what it says."""
    page = topic.page(decoded.text)
    if page:
        decoded = replace(decoded, text=page, stood=page)
    found = None if page else records.load(decoded.text, name)
    if isinstance(found, Finding):
        return decoded.text, ((), (found,))
    if found is not None:
        told = detect.reader_of_records(found)
        return decoded.text, _safely(
            partial(told.parse if told else generic_json.parse, found, name), name
        )
    own = _lines(decoded)
    text = "\n".join(line.text for line in own)
    made = _post(name, own, decoded.text)
    return text, _claimed(made, text)


def _claimed(made: Post, text: str) -> detect.Told:
    """Return what the first reader says that finds papers, the generic one asked last.

    Where none does, a format that the text says it is in keeps its claim: the day may be empty.
    """
    empty: detect.Told | None = None
    for reader in islice(detect.readers_of(text), _MOST_READERS):
        told = _safely(partial(_papers, made, reader), made.name)
        opened = detect.is_opened(reader, text)
        if detect.finds_papers(told, opened=opened):
            return told
        empty = empty or (told if opened else None)
    # Most files that are no digest name no paper at all, and need not be taken apart.
    told = (
        _safely(partial(generic.parse, made), made.name) if naming.tells_paper(text) else _NOTHING
    )
    return told if any(told) else empty or ((), (closest.unknown(made),))


def _papers(made: Post, reader: detect.Reader) -> detect.Told:
    """Return what a post says of papers, where each heading may have been taken for one."""
    digests, findings = reader.parse(made)
    if len(digests) != 1:
        return digests, findings
    digest, findings = one_paper.joined(digests[0], findings, _title(made))
    return (digest,), findings


def _title(made: Post) -> str:
    """Return the title of a post; a highest heading with an address or a number is a paper's."""
    headings = map(lines.heading, (line.text for line in made.lines))
    first = next((one for one in headings if one and one.level == 1), None)
    if first is None:
        return made.front.title
    return "" if first.url or first.number is not None else first.text


def _lines(decoded: decode.Decoded) -> tuple[Line, ...]:
    if discourse.is_html(decoded.text):
        return discourse.lines(decoded.text)
    return lines.split(decoded.text, decoded.stood)


def _post(name: str, own: Sequence[Line], text: str) -> Post:
    made = post.of(name, own)
    if discourse.is_html(text):
        return replace(made, front=FrontMatter(date=tags.published(text)))
    return made


def _safely(parse: Callable[[], detect.Told], name: str) -> detect.Told:
    try:
        digests, findings = parse()
    except MemoryError:
        raise
    except Exception:  # a parser's mistake must cost one file and not the whole import
        logger.exception("A digest could not be read", extra={"digest_name": name})
        return (), (Problem.UNREADABLE.at(),)
    return digests, (*findings, *(found for digest in digests for found in _review(digest)))


def _review(digest: Digest) -> list[Finding]:
    """Return what is to be said of a digest as a one_paper."""
    found = []
    if not digest.entries:
        found.append(Problem.NO_PAPERS.at())
    if digest.listed_on is None:
        found.append(Problem.NO_DATE.at())
    votes = [entry.votes for entry in digest.entries if entry.votes is not None]
    if len(votes) > 1 and not any(votes):
        found.append(Problem.ALL_VOTES_ZERO.at())
    seen: set[str] = set()
    for entry in digest.entries:
        if entry.arxiv_id in seen:
            found.append(Problem.REPEATED_PAPER.at(entry.line))
        seen.update(filter(None, [entry.arxiv_id]))
    return found


def _file(
    name: str, raw: bytes, text: str, digests: Sequence[Digest], findings: Sequence[Finding]
) -> DigestFile:
    placed = tuple(replace(finding, place=finding.place or name) for finding in findings)
    return DigestFile(name, tuple(digests), placed, text, raw)
