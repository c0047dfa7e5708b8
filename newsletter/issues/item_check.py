"""What the gate finds in one paper: its identity, titles, text, figures, links and picture. Pure."""

from collections.abc import Iterator

from newsletter.collect.digests.failures import failure_in, gap_in
from newsletter.common.broken_letters import is_broken
from newsletter.common.findings import Finding, Severity
from newsletter.common.web_address import is_public
from newsletter.issues import prose_check
from newsletter.issues.content import ItemContent
from newsletter.issues.known import Background
from newsletter.papers.titles import is_title

MAXIMUM_TITLE = 300


def check_item(item: ItemContent, known: Background) -> Iterator[Finding]:
    """Yield everything to be said of one paper."""
    yield from _identity(item, known)
    yield from _titles(item)
    yield from _text(item)
    yield from _numbers(item)
    yield from _links(item)
    yield from _image(item)


def is_unreadable(words: str) -> bool:
    """Tell whether a title or a name is broken, or an error sentence in its place."""
    return is_broken(words) or bool(failure_in(words) or gap_in(words))


def name_of(item: ItemContent) -> str:
    """Return how a finding names the paper."""
    return item.arxiv_id or item.title or str(item.position)


def _identity(item: ItemContent, known: Background) -> Iterator[Finding]:
    if item.arxiv_id is None:
        yield Finding(
            "item.no_id",
            "arXiv 번호를 알 수 없어 원문 링크가 없습니다.",
            "The arXiv id is not known, so there is no link to the paper.",
            place=name_of(item),
            remedy_ko="같은 논문을 실은 다른 다이제스트를 가져오면 이어집니다.",
            remedy_en="Importing another digest with this paper will supply it.",
        )
        return
    if item.arxiv_id in known.withdrawn:
        yield Finding(
            "item.withdrawn",
            "저자가 철회한 논문입니다.",
            "The authors have withdrawn this paper.",
            Severity.ERROR,
            place=item.arxiv_id,
            remedy_ko="승인을 취소하고 다시 승인하면 빠집니다.",
            remedy_en="Withdraw the approval and approve again; it drops out.",
        )
    if other := known.other_titles.get(item.arxiv_id):
        yield Finding(
            "item.other_title",
            f"번호와 제목이 서로 다른 논문 같습니다: {other[:60]}",
            f"Id and title seem to belong to two papers: {other[:60]}",
            Severity.WARNING,
            place=item.arxiv_id,
            remedy_ko="arXiv에서 제목을 확인해 주세요.",
            remedy_en="Compare the title on arXiv.",
        )
    if item.arxiv_id in known.unsure_ids:
        yield Finding(
            "item.id_unsure",
            "arXiv 번호를 제목으로 찾았습니다. 다른 논문일 수 있습니다.",
            "The arXiv id was looked up by title; it may be another paper's.",
            Severity.NOTICE,
            place=item.arxiv_id,
            remedy_ko="arXiv에서 제목과 저자를 확인해 주세요.",
            remedy_en="Compare title and authors on arXiv.",
        )


def _titles(item: ItemContent) -> Iterator[Finding]:
    place = name_of(item)
    if not item.title.strip():
        yield Finding(
            "item.no_title",
            "제목이 없는 논문입니다.",
            "This paper has no title.",
            Severity.ERROR,
            place=place,
            remedy_ko="논문을 숨기거나 원본을 고쳐 다시 가져와 주세요.",
            remedy_en="Hide the paper, or mend the digest and import it again.",
        )
    elif not is_title(item.title) and not is_unreadable(item.title):
        yield Finding(
            "item.title_unknown",
            f"제목을 모르는 논문입니다: {item.title[:40]}",
            f"Nobody has told the title of this paper: {item.title[:40]}",
            place=place,
            remedy_ko="arXiv가 제목을 알려 주면 채워집니다(newsletter sources facts).",
            remedy_en="It is filled in once arXiv has told it (newsletter sources facts).",
        )
    if max(len(item.title), len(item.title_ko)) > MAXIMUM_TITLE:
        yield Finding(
            "item.title_too_long",
            f"제목이 {MAXIMUM_TITLE}자를 넘어 줄여서 보여 줍니다.",
            f"The title has more than {MAXIMUM_TITLE} characters and will be cut.",
            place=place,
            remedy_ko="원본에서 제목과 본문이 섞이지 않았는지 확인해 주세요.",
            remedy_en="See whether title and text have run together in the digest.",
        )
    for words in (item.title, item.title_ko, item.institution):
        if is_unreadable(words):
            yield _unreadable(words, place)
        yield from prose_check.check_markup(words, place)


def _unreadable(words: str, place: str) -> Finding:
    return Finding(
        "item.broken_title",
        f"제목이나 기관 이름을 읽을 수 없습니다: {words[:40]}",
        f"A title or an institution cannot be read: {words[:40]}",
        Severity.ERROR,
        place=place,
        remedy_ko="논문을 숨기거나 원본의 문자 인코딩을 확인해 주세요.",
        remedy_en="Hide the paper, or look at the encoding of the digest.",
    )


def _text(item: ItemContent) -> Iterator[Finding]:
    if not item.sections:
        yield Finding(
            "item.no_text",
            "요약이 없어 제목과 링크만 나갑니다.",
            "There is no text; only title and links will be shown.",
            place=name_of(item),
            remedy_ko="글을 실을 수 있는 다이제스트가 있는지 확인해 주세요.",
            remedy_en="See whether a digest that may be mailed wrote of it.",
        )
    elif all(section.lang != "ko" for section in item.sections):
        yield Finding(
            "item.not_korean",
            "한국어 글이 없어 영어로만 나갑니다.",
            "There is no Korean text; it will be shown in English only.",
            place=name_of(item),
            remedy_ko="번역이 빠지지 않았는지 확인해 주세요.",
            remedy_en="See whether a translation is missing.",
        )
    for section in item.sections:
        yield from prose_check.check_section(section, f"{name_of(item)} · {section.heading}")


def _numbers(item: ItemContent) -> Iterator[Finding]:
    """Compare the figures of the Korean text with the English one and with the abstract."""
    english = [section.text for section in item.sections if section.lang == "en"]
    original = " ".join([*english, item.abstract]).strip()
    if not original:
        return
    korean = " ".join(section.text for section in item.sections if section.lang == "ko")
    if unknown := prose_check.unknown_numbers(korean, f"{item.title} {original}"):
        yield Finding(
            "item.unknown_numbers",
            f"영어 원문에 없는 숫자가 한국어 글에 있습니다: {', '.join(unknown[:5])}",
            f"Numbers in the Korean text are not in the English one: {', '.join(unknown[:5])}",
            # An abstract alone does not hold every figure of a paper.
            Severity.WARNING if english else Severity.NOTICE,
            place=name_of(item),
            remedy_ko="지어낸 수치가 아닌지 초록이나 원문과 견주어 주세요.",
            remedy_en="Compare them with the abstract or the paper; they may be made up.",
        )


def _links(item: ItemContent) -> Iterator[Finding]:
    for link in item.links:
        if not is_public(link.url):
            yield Finding(
                "item.bad_link",
                "웹에서 열 수 없는 링크입니다.",
                "This link cannot be opened on the web.",
                Severity.ERROR,
                place=f"{name_of(item)} · {link.label}",
                remedy_ko="링크를 고치거나 논문을 숨겨 주세요.",
                remedy_en="Mend the link, or hide the paper.",
            )


def _image(item: ItemContent) -> Iterator[Finding]:
    if item.image and not is_picture(item.image):
        yield Finding(
            "item.bad_image",
            "그림이 웹에 있지 않습니다.",
            "The picture is not on the web.",
            Severity.ERROR,
            place=name_of(item),
            remedy_ko="그림 주소를 https 주소로 고쳐 주세요.",
            remedy_en="Give the picture an https address.",
        )


def is_picture(url: str) -> bool:
    """Tell whether a mail can show what lies at an address."""
    return url.startswith("https://") and is_public(url)
