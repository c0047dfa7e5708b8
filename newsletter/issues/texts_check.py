"""What the gate finds in what an issue has to tell: how much of it, in which language. Pure."""

from collections.abc import Iterator

from newsletter.common.findings import Finding, Severity
from newsletter.issues.content import IssueContent
from newsletter.issues.known import AtHand, Background
from newsletter.issues.telling import is_korean

# A source is told of from this many texts on, where they are one in so many or more.
_FEWEST_STRAYS = 2
_STRAY_SHARE = 20


def check_texts(content: IssueContent, known: Background) -> Iterator[Finding]:
    """Yield what is to be said of all texts together, with what is at hand to mend it."""
    told = [item for item in content.items if item.sections]
    korean = sum(any(map(is_korean, item.sections)) for item in told)
    if len(told) * 100 < known.least_told * len(content.items):
        yield _empty(content, len(told), known.at_hand)
    if korean * 2 < len(told):
        yield _not_korean(content, len(told), korean, known.at_hand)
    if known.at_hand.failed * 2 > known.at_hand.candidates:
        whole = len(told) * 2 > len(content.items) >= known.minimum_papers
        yield _failed(content, known.at_hand, Severity.WARNING if whole else Severity.ERROR)
    yield from _strays(known.at_hand)
    if known.at_hand.most_voted:
        yield Finding(
            "issue.most_voted_out",
            f"추천이 가장 많은 논문이 빠졌습니다: {known.at_hand.most_voted}",
            f"The paper with the most votes is not in it: {known.at_hand.most_voted}",
            Severity.NOTICE,
            place=content.slug,
            remedy_ko="왜 빠졌는지는 후보 목록에 있고, 거기서 실을 수도 있습니다: "
            f"newsletter candidates {content.slug}",
            remedy_en="The candidates say why, and it can be taken in there: "
            f"newsletter candidates {content.slug}",
        )


def _strays(at_hand: AtHand) -> Iterator[Finding]:
    """Tell of a source whose program seems to write without the papers: one text may be chance."""
    for name, (stray, texts) in sorted(at_hand.strays.items()):
        if stray < _FEWEST_STRAYS or stray * _STRAY_SHARE < texts:
            continue
        yield Finding(
            "issue.source_strays",
            f"{name}: 글 {texts}편 가운데 {stray}편이 다른 논문의 이야기로 보입니다.",
            f"{name}: of {texts} texts, {stray} seem to be about other papers.",
            place=name,
            remedy_ko="글을 쓰는 프로그램이 논문을 읽지 못하고 지어냈을 수 있습니다. 소스를 확인하고, "
            "고쳐질 때까지 사용을 중지해 주세요.",
            remedy_en="Its program may write without having read the papers. Look at the source, and "
            "stop using it until it is mended.",
        )


def _failed(content: IssueContent, at_hand: AtHand, severity: Severity) -> Finding:
    """Tell that a digest failed as a whole; it is no error where enough others were told."""
    return Finding(
        "issue.failed_texts",
        f"후보 {at_hand.candidates}편 가운데 {at_hand.failed}편의 글이 모두 오류 문장이거나 깨져 있습니다.",
        f"Of {at_hand.candidates} candidates, {at_hand.failed} have nothing but error sentences or broken text.",
        severity,
        place=content.slug,
        remedy_ko="다이제스트를 만든 프로그램이 실패한 날입니다. 원본이 고쳐지면 다시 가져와 주세요.",
        remedy_en="The program that wrote the digest failed; import it again once it is mended.",
    )


def _empty(content: IssueContent, told: int, at_hand: AtHand) -> Finding:
    papers = len(content.items)
    remedy_ko, remedy_en = _remedy(
        at_hand,
        "글을 실을 수 있는 다이제스트를 가져와 주세요.",
        "Import a digest whose texts may be mailed.",
    )
    return Finding(
        "issue.no_text",
        f"논문 {papers}편 가운데 글을 실을 수 있는 논문이 {_only(told)}.",
        f"Of {papers} papers, {told or 'not one'} may be shown with a text.",
        Severity.ERROR,
        place=content.slug,
        remedy_ko=remedy_ko,
        remedy_en=remedy_en,
    )


def _not_korean(content: IssueContent, told: int, korean: int, at_hand: AtHand) -> Finding:
    """Tell that of what is told hardly a half is Korean, as after a translator that failed."""
    remedy_ko, remedy_en = _remedy(
        at_hand,
        "번역이 통째로 실패하지 않았는지 확인하고 한국어 다이제스트를 가져와 주세요.",
        "See whether translating failed as a whole; import a digest in Korean.",
    )
    return Finding(
        "issue.not_korean",
        f"글이 있는 논문 {told}편 가운데 한국어 글이 있는 논문이 {_only(korean)}.",
        f"Of {told} papers with a text, {korean or 'not one'} can be read in Korean.",
        Severity.ERROR,
        place=content.slug,
        remedy_ko=remedy_ko,
        remedy_en=remedy_en,
    )


def _only(papers: int) -> str:
    return f"{papers}편뿐입니다" if papers else "한 편도 없습니다"


def _remedy(at_hand: AtHand, otherwise_ko: str, otherwise_en: str) -> tuple[str, str]:
    """Return what is at hand, in both languages; else what to do where nothing is."""
    ko, en = [], []
    if at_hand.korean:
        ko.append(f"한국어 글이 있는 후보 {at_hand.korean}편을 실을 수 있습니다: {at_hand.refresh}")
        en.append(f"{at_hand.korean} candidates have Korean text; take them in: {at_hand.refresh}")
    for slug, papers in at_hand.unconfirmed.items():
        # Without a word on licence or leave the command would confirm nothing.
        command = f"newsletter sources confirm {slug} --help"
        ko.append(
            f"이용 조건을 확인하지 않은 소스의 한국어 글이 논문 {papers}편에 있습니다: {command}"
        )
        en.append(
            f"{papers} papers have Korean text of a source whose terms nobody confirmed: {command}"
        )
    if at_hand.forbidden:
        ko.append(
            f"논문 {at_hand.forbidden}편의 한국어 글은 라이선스가 메일에 싣는 것을 허락하지 않습니다"
        )
        en.append(
            f"the Korean text of {at_hand.forbidden} papers stands under a licence that forbids mailing"
        )
    return (" · ".join(ko), " · ".join(en)) if ko else (otherwise_ko, otherwise_en)
