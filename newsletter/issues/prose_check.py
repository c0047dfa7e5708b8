"""What can be wrong with a text that somebody, or some machine, wrote of a paper. Pure.

An error means that the text is no summary at all, and is left out; a warning
asks an editor to look. The patterns are what real pipelines have published.
"""

import re
from collections.abc import Iterator

from newsletter.collect.digests.digest import Section
from newsletter.collect.digests.failures import told_apart
from newsletter.common.broken_letters import is_broken
from newsletter.common.findings import Finding, Severity
from newsletter.issues.leftovers import left_over

LEAST_HANGUL = 0.25
# A text shorter than this may be a name or a formula and tells nothing about its language.
_ENOUGH_LETTERS = 20
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+|\n")
_FINISHED = re.compile(r"[.!?…][\"'”’)\]*_`]*$|[다요음함임됨죠][)\]*]*$")
_ADDRESS = re.compile(r"://|https? URL")
_MARKS = " \t-•*_\"'”’).!?"
# Every syllable that ends in ㅂ: what stands before 니다 in 합니다, and not in 아니다.
_B = "".join(chr(ord("가") + 28 * number + 17) for number in range(399))
_POLITE = re.compile(rf"(?:[{_B}]니다|세요|네요|군요|어요|아요|예요|에요)$")
_PLAIN = re.compile(rf"(?<![{_B}]니)다$")
# -함, -음, -됨, but not nouns that end alike.
_NOMINAL = re.compile(r"(?<![다처마소잡])음$|(?<![포결])함$|됨$|이임$")
_CUT = re.compile(
    r"[,(\[{·:;\-–—]$|(?:을|를|의|에서|으로|하고|하며|위해|통해|및|그리고|the|of|and|a|to|in|with)$"
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?=%|배|\b|[가-힣])")


def check_section(section: Section, place: str) -> Iterator[Finding]:
    """Yield what is wrong with one section."""
    yield from errors(section, place)
    yield from _language(section, place)
    yield from check_markup(section.text, place)
    yield from _ending(section, place)
    yield from _manner(section, place)


def is_no_summary(section: Section) -> bool:
    """Tell whether nothing is left of a section once its error sentences are gone."""
    return is_broken(section.text) or not told_apart(section.text)[0].strip()


def unknown_numbers(korean: str, english: str) -> list[str]:
    """Return the numbers of a Korean text that its English original does not hold.

    Single digits are left out: a language counts small things in words.
    """
    known = set(map(_plain, _NUMBER.findall(english)))
    told = [number for number in _NUMBER.findall(korean) if len(_plain(number)) > 1]
    return sorted({number for number in told if _plain(number) not in known})


def hangul_share(text: str) -> float:
    """Return the share of Hangul among the letters of ``text``, from 0 to 1; 1 if it has none."""
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return 1.0
    return sum(_is_hangul(letter) for letter in letters) / len(letters)


def errors(section: Section, place: str) -> Iterator[Finding]:
    """Yield what makes a section, or a line of it, no summary at all."""
    _, failures = told_apart(section.text)
    if failures:
        told = failures[0][:40]
        yield Finding(
            "item.error_sentence",
            f"요약 자리에 오류 문장이 있습니다: {told}",
            f"An error sentence stands where a summary should: {told}",
            Severity.ERROR,
            place,
            remedy_ko="그 문장은 빼고 싣습니다. 원본을 고쳐 다시 가져오면 채워집니다.",
            remedy_en="That sentence is left out; mend the digest and import it again.",
        )
    if is_broken(section.text):
        yield Finding(
            "item.broken_characters",
            "깨진 글자가 남아 있습니다.",
            "Broken characters are left in the text.",
            Severity.ERROR,
            place,
            remedy_ko="이 글은 빼고 싣습니다. 원본의 문자 인코딩을 확인해 주세요.",
            remedy_en="The text is left out; look at the encoding of the digest.",
        )


def check_markup(text: str, place: str) -> Iterator[Finding]:
    """Yield the markup that a reader would see as letters."""
    if found := left_over(text):
        yield Finding(
            "item.left_over_markup",
            f"마크업이 글자로 남아 있습니다: {found[:30]}",
            f"Markup is left in the text: {found[:30]}",
            place=place,
            remedy_ko="원본에서 수식이나 링크가 깨지지 않았는지 확인해 주세요.",
            remedy_en="See whether a formula or link is broken in the digest.",
        )


def lacks_hangul(text: str) -> bool:
    """Tell whether a text that is long enough to tell has hardly any Hangul."""
    letters = sum(letter.isalpha() for letter in text)
    return letters >= _ENOUGH_LETTERS and hangul_share(text) < LEAST_HANGUL


def _language(section: Section, place: str) -> Iterator[Finding]:
    if section.lang == "ko" and lacks_hangul(section.text):
        yield Finding(
            "item.not_korean",
            "한국어여야 할 글에 한글이 거의 없습니다.",
            "There is hardly any Hangul where Korean is due.",
            place=place,
            remedy_ko="번역이 빠지지 않았는지 확인해 주세요.",
            remedy_en="See whether a translation is missing.",
        )


def _ending(section: Section, place: str) -> Iterator[Finding]:
    if _CUT.search(section.text.rstrip(" *\n")) or _alone_unfinished(section.text):
        yield Finding(
            "item.cut_off",
            f"글이 문장 중간에서 끝납니다: …{section.text.rstrip()[-20:]}",
            f"The text ends in the middle of a sentence: …{section.text.rstrip()[-20:]}",
            place=place,
            remedy_ko="원본이 길이 제한에 잘리지 않았는지 확인해 주세요.",
            remedy_en="See whether a length limit cut the digest.",
        )


def _alone_unfinished(text: str) -> bool:
    """Tell whether every sentence is finished but the last."""
    *others, last = _sentences(text) or [""]
    finished = bool(others) and all(map(_FINISHED.search, others))
    return finished and not _FINISHED.search(last) and not _ADDRESS.search(last)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip(_MARKS)]


def _manner(section: Section, place: str) -> Iterator[Finding]:
    if section.lang != "ko":
        return
    said = [sentence.rstrip(_MARKS) for sentence in _sentences(section.text)]
    counts = [
        (form, sum(bool(pattern.search(sentence)) for sentence in said))
        for form, pattern in (("습니다", _POLITE), ("다", _PLAIN), ("함/음", _NOMINAL))
    ]
    mixed = [f"-{form} {count}" for form, count in counts if count]
    if len(mixed) > 1:
        yield Finding(
            "item.mixed_endings",
            f"한 글에 문장의 끝맺음이 섞여 있습니다: {', '.join(mixed)}",
            f"Sentences of one text end in different manners: {', '.join(mixed)}",
            Severity.NOTICE,
            place,
            remedy_ko="그대로 보내도 되지만 읽기에 고르지 않습니다.",
            remedy_en="It may be sent, but it reads unevenly.",
        )


def _plain(number: str) -> str:
    return number.replace(",", "")


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣" or "ㄱ" <= letter <= "ㆎ"
