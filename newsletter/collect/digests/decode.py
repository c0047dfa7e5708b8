"""Bytes to text: the encodings that come in, and text that was once read in the wrong one.

The damage that was seen is UTF-8 read as Windows-1254, with the bytes dropped
that this code page lacks. What was dropped cannot be computed back, but the
posts are written by programs: their labels are known, and so is the damaged form
of each. Other lost letters are left out and reported, never guessed.
"""

import codecs
import re
from dataclasses import dataclass

from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

_LABELS = (
    "총 **", "개**의 논문이 수집되었습니다", "좋아요 순위", "일간", "월간", "월간 요약", "기관:", "HF 페이지",
    "논문 링크", "👍", "가장 인기 있는 논문", "통계", "총 논문 수", "총 좋아요 수", "평균 좋아요 수",
    "수집 일수", "인기 태그", "논문 소개", "논문 초록(Abstract)", "초록(Abstract)", "더 읽어보기",
    "이번 주의 주요 ML 논문", "이번 주에 살펴볼 만한 AI/ML 논문 모음", "요약", "초록 (번역)", "핵심 포인트",
    "추가 자료", "정보 부족", "목표:", "동기:", "기여:", "”",
)  # fmt: skip
# Per code page, the bytes it does not define.
_CODE_PAGES = {
    "windows-1254": b"\x81\x8d\x8e\x8f\x90\x9d\x9e",
    "windows-1252": b"\x81\x8d\x8f\x90\x9d",
    "latin-1": b"",
}
_HANGUL = re.compile("[가-힣]")
# A lead byte of UTF-8 and what may follow it, as the letters that Western code pages have there.
_MOJIBAKE = re.compile(
    "[âãêëìíğð][\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_SIGNS_OF_MOJIBAKE = 4
_SHARE_OF_BAD_BYTES = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it stood and as it was restored, line for line, and what was found on the way."""

    text: str
    stood: str
    findings: tuple[Finding, ...]


def decode(raw: bytes) -> Decoded | None:
    """Return the text of some bytes, with plain line ends; ``None`` for what is no text."""
    decoded = _decode(raw)
    if decoded is None:
        return None
    encoding, text = decoded
    stood = text.replace("\r\n", "\n").replace("\r", "\n")
    findings = [] if encoding == "UTF-8" else [Problem.ENCODING.at(encoding=encoding)]
    text = stood
    if restored := _restore(stood):
        code_page, text = restored
        findings.append(Problem.REPAIRED_ENCODING.at(encoding=code_page))
    return Decoded(text, stood, (*findings, *_lost_letters(text)))


def _decode(raw: bytes) -> tuple[str, str] | None:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16", raw.decode("utf-16", "replace")
    if b"\0" in raw:
        return None
    try:
        return "UTF-8", raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_otherwise(raw)


def _decode_otherwise(raw: bytes) -> tuple[str, str] | None:
    """Return CP949 where it fits better than UTF-8 with a few bad bytes."""
    as_utf8 = raw.decode("utf-8-sig", "replace")
    as_cp949 = raw.decode("cp949", "replace")
    bad_utf8, bad_cp949 = as_utf8.count("\ufffd"), as_cp949.count("\ufffd")
    if bad_cp949 < bad_utf8 and _HANGUL.search(as_cp949):
        return "CP949", as_cp949
    return ("UTF-8", as_utf8) if bad_utf8 <= _SHARE_OF_BAD_BYTES * len(raw) + 2 else None


def _restore(text: str) -> tuple[str, str] | None:
    """Return the code page that the text was wrongly read in, and the text restored."""
    if text.isascii():
        return None
    signs = len(_MOJIBAKE.findall(text))
    if signs < _SIGNS_OF_MOJIBAKE or signs < len(_HANGUL.findall(text)):
        return None
    best = max(_CODE_PAGES, key=lambda code_page: _worth(_reread(text, code_page)))
    restored = _reread(text, best)
    return (best, restored) if _worth(restored) > 0 else None


def _worth(restored: str) -> int:
    return len(_HANGUL.findall(restored)) - 2 * restored.count("\ufffd")


def _reread(text: str, code_page: str) -> str:
    """Return the text as if its bytes had been read as UTF-8 in the first place."""
    byte_of = {bytes([byte]).decode(code_page, "replace"): byte for byte in range(128, 256)}
    byte_of |= {chr(byte): byte for byte in range(128, 160)}
    data = b"".join(
        bytes([byte_of[letter]]) if letter in byte_of else letter.encode("utf-8", "replace")
        for letter in text
    )
    return _mend_labels(data, _CODE_PAGES[code_page]).decode("utf-8", "replace")


def _mend_labels(data: bytes, dropped: bytes) -> bytes:
    for label in sorted(_LABELS, key=len, reverse=True):
        whole = label.encode()
        damaged = whole.translate(None, dropped)
        if damaged != whole:
            # Not where a sequence goes on: then it is another letter, and whole.
            data = re.sub(re.escape(damaged) + rb"(?![\x80-\xbf])", whole, data)
    return data


def _lost_letters(text: str) -> list[Finding]:
    if "\ufffd" not in text:
        return []
    lines = enumerate(text.split("\n"), 1)
    return [Problem.DAMAGED_TEXT.at(number) for number, line in lines if "\ufffd" in line]
