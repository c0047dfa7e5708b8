"""Says in words why a paper has its place in an issue, or why it has none. Pure."""

from dataclasses import dataclass

from newsletter.issues.ranking import Candidate, Lack, Told


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Korean and in English."""

    ko: str
    en: str


_TOLD = {
    Told.KOREAN: Words("한국어 글", "told in Korean"),
    Told.ENGLISH: Words("영어 글만", "told in English only"),
    Told.NOT: Words("실을 글 없음", "no text to show"),
}
_LACKS = {
    Lack.POINTS: Words(
        "점수가 모자라거나, 같은 점수에서 순서가 뒤입니다.",
        "It has fewer points, or as many and stands behind.",
    ),
    Lack.KOREAN: Words("한국어 글이 없습니다.", "Nobody told it in Korean."),
    Lack.TEXT: Words("실을 글이 없습니다.", "Nobody wrote a text of it."),
    Lack.SOUND_TEXT: Words(
        "글이 오류 문장뿐이거나 깨져 있습니다.", "Its text is an error sentence, or broken."
    ),
    Lack.OWN_TEXT: Words(
        "글이 다른 논문의 이야기로 보입니다.", "Its text seems to be about another paper."
    ),
    Lack.LEAVE: Words(
        "한국어 글이 있지만 그 소스의 라이선스가 메일에 싣는 것을 허락하지 않습니다.",
        "There is a Korean text, but the licence of its source does not allow mailing.",
    ),
    Lack.CONFIRMATION: Words(
        "한국어 글이 있지만 그 소스의 이용 조건을 아무도 확인하지 않았습니다.",
        "There is a Korean text, but nobody has confirmed the terms of its source.",
    ),
}

# Where nobody counted, a paper is put in the middle.
_NO_VOTES = Words("추천 수 모름", "votes not known")
BELONGS_IN = Words(
    "지금 순위로는 실립니다. 초안을 새로 고치면 들어옵니다.",
    "By its rank of now it belongs in; refreshing the draft takes it in.",
)


def for_readers(candidate: Candidate) -> Words:
    """Return what a reader is told: how many recommend it, and how many introduced it."""
    ko = ["편집자 고정"] if candidate.pinned else []
    en = ["pinned by the editor"] if candidate.pinned else []
    if candidate.votes is not None:
        ko.append(f"추천 {candidate.votes:,}")
        en.append(f"{candidate.votes:,} {_plural(candidate.votes, 'vote')}")
    count = candidate.source_count
    ko.append(f"{count}곳에서 소개")
    en.append(f"introduced by {count} {_plural(count, 'digest')}")
    return Words(" · ".join(ko), " · ".join(en))


def for_editors(candidate: Candidate) -> Words:
    """Return what the rule weighed: how the paper can be told, and its points."""
    told, weighed = _TOLD[candidate.told], candidate.weighed
    votes = Words("추천", "votes") if candidate.votes is not None else _NO_VOTES
    return Words(
        f"{told.ko} · {candidate.points}점 ({votes.ko} {weighed.votes}"
        f" + 소개한 곳 {weighed.voices} + 처음 소개 {weighed.fresh})",
        f"{told.en} · {candidate.points} points ({votes.en} {weighed.votes}"
        f" + digests {weighed.voices} + new {weighed.fresh})",
    )


def why_outside(candidate: Candidate) -> Words:
    """Return what a candidate lacked that an issue leaves out."""
    return _LACKS[candidate.lack]


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"
