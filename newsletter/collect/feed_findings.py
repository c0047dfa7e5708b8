"""What is to be said of the entries of a feed that could not be used as they were. Pure."""

from collections.abc import Mapping, Sequence
from enum import Enum

from newsletter.common.findings import Finding, Severity

# They show of what kind the dates are; each says how many there are in all.
_MOST_GUESSED = 20


class ItemProblem(Enum):
    """Something about the entries of a feed: severity, Korean, English; ``{n}`` is how many."""

    BAD_LINK = (
        Severity.WARNING,
        "웹 주소가 아닌 링크 {n}개를 뺐습니다.",
        "{n} links that are no web address were left out.",
    )
    NO_IDENTITY = (
        Severity.WARNING,
        "식별자도 링크도 없는 글 {n}개를 건너뛰었습니다.",
        "{n} entries without an identity or a link were skipped.",
    )
    BAD_DATE = (
        Severity.WARNING,
        "있을 수 없는 날짜 {n}개를 쓰지 않았습니다.",
        "{n} impossible dates were not used.",
    )
    DUPLICATE = (
        Severity.NOTICE,
        "같은 식별자의 글 {n}개를 한 번만 읽었습니다.",
        "{n} entries repeated an identity and were read once.",
    )
    TOO_MANY = (
        Severity.WARNING,
        "글이 너무 많아 {n}개를 읽지 않았습니다.",
        "The feed holds too many entries; {n} were not read.",
    )
    CUT_OFF = (
        Severity.WARNING,
        "너무 긴 글 {n}개는 앞부분만 읽었습니다.",
        "Of {n} entries that are too long, only the beginning was read.",
    )
    TAGS_LEFT_OUT = (
        Severity.WARNING,
        "태그가 너무 깊거나 많은 글 {n}개는 태그를 빼고 읽었습니다.",
        "{n} entries were read without their tags, which are too many or too deep in each other.",
    )


def of(counted: Mapping[str, int], place: str) -> tuple[Finding, ...]:
    """Return one finding for each problem that was counted (by its small-letter name)."""
    return tuple(
        Finding(
            f"item.{problem.name.lower()}", ko.format(n=n), en.format(n=n), severity, place=place
        )
        for problem in ItemProblem
        for severity, ko, en in (problem.value,)
        if (n := counted.get(problem.name.lower(), 0))
    )


def guessed_dates(entries: Sequence[str]) -> tuple[Finding, ...]:
    """Return a finding for each entry whose date names no zone or no time, the first twenty of them."""
    n = len(entries)
    return tuple(
        Finding(
            "feed.date_guessed",
            f"시간대나 시각이 적혀 있지 않은 날짜를 피드의 시간대로 읽었습니다 (이 피드에 {n}개).",
            f"A date that names no zone or no time was read in the zone of its feed ({n} in this feed).",
            Severity.NOTICE,
            place=entry,
            remedy_ko="시간대가 다르면 FEED_TIME_ZONE을 설정해 주세요.",
            remedy_en="Where the zone is another one, set FEED_TIME_ZONE.",
        )
        for entry in entries[:_MOST_GUESSED]
    )
