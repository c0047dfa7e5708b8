"""What must not leave, and what an editor should look at before it does. Pure.

Each rule is a small function from content to findings. An error keeps the issue
from leaving, a warning asks for eyes, a notice informs. Every finding says what,
where, and how to mend it, in both languages.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from newsletter.common.errors import BadInput
from newsletter.common.findings import Finding, Severity
from newsletter.issues import prose_check, texts_check
from newsletter.issues.content import IssueContent
from newsletter.issues.item_check import check_item
from newsletter.issues.known import VOTES_FAILED, Background

MAXIMUM_SUBJECT = 120
DROPPED = "item.dropped"
# They turn the letters after them around, so that a subject reads as another one.
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check(content: IssueContent, background: Background | None = None) -> tuple[Finding, ...]:
    """Return everything to be said of ``content``."""
    known = background or Background()
    found = [*_subject(content), *_size(content, known), *_repeats(content, known), *_absent(known)]
    found += [*_doubts(known), *_carried(known)]
    found += [*_dropped(content, known), *texts_check.check_texts(content, known)]
    for section in content.intro:
        found += prose_check.check_section(section, f"{content.slug} · {section.heading}")
    for item in content.items:
        found += check_item(item, known)
    return tuple(found)


def worst(found: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity among the findings, ``None`` if there are none."""
    order = list(Severity)
    return min((finding.severity for finding in found), key=order.index, default=None)


def refuse_bad_subject(subject: str) -> None:
    """Raise :class:`BadInput` for a subject that no mail can carry."""
    controls = any(_is_unseen(letter) for letter in subject)
    if controls or "=?" in subject:
        raise BadInput(
            "subject.control_chars",
            "제목에 줄바꿈이나 제어 문자, 글자 방향을 바꾸는 문자를 쓸 수 없습니다.",
            "The subject may hold no line break, no control character and none that turns text around.",
            place="subject",
        )
    if not 1 <= len(subject.strip()) <= MAXIMUM_SUBJECT:
        raise BadInput(
            "subject.length",
            f"제목은 1자에서 {MAXIMUM_SUBJECT}자 사이여야 합니다.",
            f"The subject must have 1 to {MAXIMUM_SUBJECT} characters.",
            place="subject",
        )


def _subject(content: IssueContent) -> Iterator[Finding]:
    try:
        refuse_bad_subject(content.subject)
    except BadInput as error:
        yield Finding(
            error.code,
            error.ko,
            error.en,
            Severity.ERROR,
            error.place,
            remedy_ko="메일 제목을 다시 적어 주세요.",
            remedy_en="Write the subject of the mail anew.",
        )


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} or letter in _BIDI


def _size(content: IssueContent, known: Background) -> Iterator[Finding]:
    count = len(content.items)
    if count == 0:
        yield Finding(
            "issue.empty",
            "논문이 하나도 없습니다.",
            "There is no paper in this issue.",
            Severity.ERROR,
            place=content.slug,
            remedy_ko="다이제스트를 가져오거나 숨긴 논문을 다시 보이게 해 주세요.",
            remedy_en="Import a digest, or show a hidden paper again.",
        )
    elif count < known.minimum_papers:
        yield Finding(
            "issue.few_papers",
            f"논문이 {count}편뿐입니다.",
            f"There are only {count} papers.",
            place=content.slug,
            remedy_ko="조용한 기간이라면 그대로 보내도 됩니다.",
            remedy_en="On a quiet day this may be right.",
        )


def _repeats(content: IssueContent, known: Background) -> Iterator[Finding]:
    ids = [item.arxiv_id for item in content.items if item.arxiv_id]
    for arxiv_id, times in Counter(ids).items():
        if times > 1:
            yield Finding(
                "item.repeated",
                f"같은 논문이 {times}번 나옵니다.",
                f"The same paper appears {times} times.",
                Severity.ERROR,
                place=arxiv_id,
                remedy_ko="하나만 남기고 숨겨 주세요.",
                remedy_en="Hide all but one.",
            )
    again = known.earlier.intersection(ids)
    if len(again) * 2 > len(ids):
        yield Finding(
            "issue.repeated",
            f"논문 {len(ids)}편 가운데 {len(again)}편이 지난 호와 같습니다.",
            f"{len(again)} of {len(ids)} papers were in the issue before.",
            Severity.ERROR,
            place=content.slug,
            remedy_ko="수집이 지난 목록을 다시 가져온 것이 아닌지 확인해 주세요.",
            remedy_en="See whether collecting fetched the old list again.",
        )


def _carried(known: Background) -> Iterator[Finding]:
    for paper, slug in known.carried.items():
        yield Finding(
            "item.carried",
            f"다른 호({slug})에 이미 실렸거나 실릴 논문입니다.",
            f"Another issue ({slug}) carries this paper, or will.",
            place=paper,
            remedy_ko="이 논문을 숨겨 주세요. 그대로 두면 두 번 나갑니다.",
            remedy_en="Hide the paper; left as it is, readers get it twice.",
        )


def _absent(known: Background) -> Iterator[Finding]:
    for name in known.absent_sources:
        yield Finding(
            "issue.source_missing",
            f"늘 있던 소스가 이번에는 없습니다: {name}",
            f"A source that was always there is missing: {name}",
            place=name,
            remedy_ko="소스가 멈추지 않았는지 확인해 주세요(newsletter sources list).",
            remedy_en="See whether the source has died (newsletter sources list).",
        )


def _doubts(known: Background) -> Iterator[Finding]:
    for doubt in known.doubts:
        if doubt.code == VOTES_FAILED:
            yield Finding(
                "issue.votes_failed",
                f"추천 수가 모두 0으로 들어와 순위에 쓰지 않았습니다: {doubt.source}",
                f"Its votes came in as zeros only and were not used for ranking: {doubt.source}",
                place=doubt.source,
                remedy_ko="수집이 고쳐지면 다시 가져온 뒤 초안을 새로 고쳐 주세요.",
                remedy_en="Once it counts again, import it and refresh the draft.",
            )
        else:
            yield Finding(
                "issue.import_doubt",
                f"가져올 때 {doubt.times}건: {doubt.ko}",
                f"{doubt.times} found on import: {doubt.en}",
                Severity.NOTICE,
                place=f"{doubt.source} · {doubt.code}",
                remedy_ko="그 소스의 논문을 원본과 견주어 주세요.",
                remedy_en="Compare the papers of that source with the original.",
            )


def _dropped(content: IssueContent, known: Background) -> Iterator[Finding]:
    shown = {item.arxiv_id for item in content.items}
    for arxiv_id in sorted(known.withdrawn - shown):
        yield Finding(
            DROPPED,
            "저자가 철회하여 이번 호에서 뺐습니다.",
            "Its authors withdrew it, so it was left out of this issue.",
            Severity.NOTICE,
            place=arxiv_id,
            remedy_ko="그대로 두어도 됩니다. 이미 보낸 호가 있으면 다음 호가 정정합니다.",
            remedy_en="Nothing is to be done; where an issue carried it, the next one corrects it.",
        )
