"""Which format a text is in, told by its content and never by its name.

A further format is one module and one line in the table.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newsletter.collect.digests import (
    hf_ranking,
    hf_ranking_json,
    hf_weekly_txt,
    imrlc,
    ko_fenced,
    ko_json,
    pda_daily,
    pytorchkr,
    pytorchkr_derived,
    top5,
    track_brief,
    wtp,
)
from newsletter.collect.digests.digest import Digest, DigestEntry
from newsletter.collect.digests.post import Post
from newsletter.collect.digests.records import Record, Records
from newsletter.common.findings import Finding

Told = tuple[tuple[Digest, ...], tuple[Finding, ...]]
Parse = Callable[[Post], Told]


@dataclass(frozen=True, slots=True)
class Reader:
    """A parser, and the signs by which its format is known.

    The ``opening`` is what the format writes at the head of a post. It outweighs
    every sign below it, for a post may quote the sections of another format.
    """

    parse: Parse
    opening: re.Pattern[str]
    signs: re.Pattern[str]
    also: re.Pattern[str] | None = None
    """Signs that count beside its own ones; alone, they may be anybody's."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.MULTILINE)


_MARKS = r"^[^\w\n]{0,12}"
_END = r"[^\w\n]{0,12}$"
READERS = (
    Reader(
        top5.parse,
        _any(r"^#{1,2} (?:20\d\d\S{0,10} )?Daily Papers \(Top \d+\)\s*$"),
        _any(_MARKS + "Upvotes[*_]{0,3}:", _MARKS + "핵심 포인트" + _END),
    ),
    Reader(
        hf_ranking.parse,
        _any(r"^(?:title:.{0,3}|# )Hugging ?Face (?:Daily )?Papers"),
        _any(r"^ {0,3}\d{1,3}[.)] .*👍", r"^ +- \[(?:HF 페이지|논문 링크)\]"),
    ),
    Reader(
        wtp.parse,
        _any(r"^#{1,6} *Daily Papers ?\(20\d\d"),
        _any(_MARKS + "Votes?:", "^Authors:", r"^ ?- \*{2,3}What.s New"),
        _any(r"^ {0,3}#{1,6} *\[[^\n]+\]\(https?://arxiv\.org/"),
    ),
    Reader(
        imrlc.parse,
        _any(r"^ {0,3}title:\W{0,3}(?:Daily Papers —|Arxiv -)"),
        _any(r"^ {0,3}#{1,6} *(?:\d\. *)?(?:Introduction|Methods?|Results?|Limitations?|Conclusions?)" + _END, r"^ {0,3}> *\[Alphaxiv\]"),
    ),
    Reader(
        pytorchkr.parse,
        _any(r"^(?:#{1,2} )?\[20\d\d/\d\d?/\d\d? ?[~∼～–—-] ?[\d/]{2,10} ?\]"),
        _any(_MARKS + "(?:논문 소개|논문 링크|더 읽어보기)" + _END, _MARKS + r"(?:논문 )?초록 ?(?:\(Abstract\))?" + _END),
    ),
    Reader(
        hf_weekly_txt.parse,
        _any("^Hugging Face 주간 인기 논문"),
        _any(r"^-{3,} \d{1,3}\. ", r"^## (?:Abstract \(Original\)|초록 \(Korean\))", "^Link: http"),
    ),
    Reader(
        ko_fenced.parse,
        # With a hyphen and no picture it is how hf-ranking begins.
        _any("^# .{0,3}Hugging Face Daily Papers –", "^# 📰 *Hugging Face Daily Papers -"),
        _any(r"^#{1,3} *\d{4}\.\d{4,5}(?:v\d+)?\s*$", r"^\*\*(?:Summary|요약)\*\*:\s*$"),
    ),
    Reader(
        pda_daily.parse,
        _any(r"^# .{0,20}Daily Paper Report"),
        _any(r"^\*\*(?:매칭 키워드|PDF)\*\*:", "^## (?:왜 이 논문인가|한 줄 요약|문제 정의|핵심 기여|방법론|차별점)"),
    ),
    Reader(
        track_brief.parse,
        _any("^# .{0,20}논문 데일리 브리핑"),
        _any(r"^\*\*트랙\*\*:", r"^\| *\d+ *\|.*\[arXiv\]"),
    ),
    Reader(
        pytorchkr_derived.parse,
        _any("^weekly_source:", "^> 큐레이션 출처:"),
        _any(r"^> \*\*Abstract\.\*\*", r"^🔗 \[arXiv\]"),
    ),
)  # fmt: skip


def readers_of(text: str) -> Iterator[Reader]:
    """Yield the readers that may claim a text, the likeliest first.

    Those whose opening stands there come before those that only lines speak for, and
    among them the one that most lines speak for.
    """
    opened = [reader for reader in READERS if reader.opening.search(text)]
    yield from opened if len(opened) == 1 else _by_signs(opened, text, opened=True)
    yield from _by_signs([one for one in READERS if one not in opened], text, opened=False)


def is_opened(reader: Reader, text: str) -> bool:
    """Tell whether a text says itself that it is in the format of a reader."""
    return reader.opening.search(text) is not None


def finds_papers(told: Told, *, opened: bool) -> bool:
    """Tell whether a reader found what it claims: papers, with ids and titles where only lines spoke for it."""
    entries = [entry for digest in told[0] for entry in digest.entries]
    known = sum(entry.arxiv_id is not None and _is_titled(entry) for entry in entries)
    return bool(entries) and (opened or 2 * known >= len(entries))


def _is_titled(entry: DigestEntry) -> bool:
    return any(map(str.isalpha, entry.title)) and entry.title != f"arXiv {entry.arxiv_id}"


def _by_signs(readers: Sequence[Reader], text: str, *, opened: bool) -> Iterator[Reader]:
    counted = [(_signs(reader, text, opened=opened), reader) for reader in readers]
    for count, reader in sorted(counted, key=lambda pair: pair[0], reverse=True):
        if count or opened:
            yield reader


def _signs(reader: Reader, text: str, *, opened: bool) -> int:
    own = len(reader.signs.findall(text))
    return own + len(reader.also.findall(text)) if reader.also and (own or opened) else own


@dataclass(frozen=True, slots=True)
class RecordReader:
    """A parser of JSON, and the test by which one record tells its format."""

    parse: Callable[[Records, str], Told]
    is_one: Callable[[Record], bool]


RECORD_READERS = (
    RecordReader(hf_ranking_json.parse, hf_ranking_json.is_one),
    RecordReader(ko_json.parse, ko_json.is_one),
)


def reader_of_records(records: Records) -> RecordReader | None:
    """Return the reader that the most records are for, ``None`` where none is for any."""
    counted = [(sum(map(reader.is_one, records.own)), reader) for reader in RECORD_READERS]
    most, best = max(counted, key=lambda pair: pair[0])
    return best if most else None
