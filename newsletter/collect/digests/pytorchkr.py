"""``pytorchkr-weekly``: the week's papers of the Korean PyTorch forum, in Korean and then in English.

Copied as text the post has neither headings nor links: a paper is then the line
``한국어 제목 / English title`` above the line 논문 소개. As Markdown or as the
forum's page, the same labels are headings and the links are there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.collect import repair
from newsletter.collect.digests import dates, lines, links, prose
from newsletter.collect.digests.digest import Digest, DigestEntry, Format, Section
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.post import Post
from newsletter.common.findings import Finding

_ABOUT = re.compile(r"(?:논문\s*)?소개$")
_LINKS = re.compile(r"논문\s*링크$|링크$")
_FURTHER = re.compile(r"더\s*읽어\s*보기$|참고\s*자료$")
_BEGINS = re.compile(r"(?:논문\s*)?(?:소개|초록)\b|Abstract$", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:논문\s*소개|(?:논문\s*)?초록\s*(?:\(\s*Abstract\s*\))?|Abstract|논문\s*링크|더\s*읽어\s*보기"
    r"|참고\s*자료)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"원문$")
_FOOTER = re.compile(
    r"\W*이 글은 GPT 모델로|.{0,20}파이토치 한국 사용자 모임.{0,20}이 정리한 이 글"
    r"|.{0,30}아래.{0,30}쪽에 좋아요.{0,20}눌러|\d+개의 좋아요$|\d+ posts? - \d+ participants?|Read full topic"
)
_COMMUNITY = "파이토치 한국 사용자 모임"
_GREETING = re.compile(r"PyTorchKR(?::\w+:|\W)*$")
_NUMBER = re.compile(r"^\d{1,2}[.)]\s+")
_SLASH = re.compile(r"(?<=\s)[/／](?=\s)")
_TIGHT_SLASH = re.compile(r"(?<=[가-힣)\d])\s?[/／]\s?(?=[A-Z])")
_LONGEST_TITLE = 400
# A shorter line of English may well belong to the Korean around it.
_LONG_LINE = 60
_PICTURES = re.compile(r"(?::\w+:|[^\w\s])+\s*")
_MARKS = "# *_:\u200b"


@dataclass(slots=True)
class _Part:
    """A stretch of lines below one label; a paper begins with a title and has several."""

    heading: str
    opening: Line
    lines: list[Line] = field(default_factory=list)
    title: str = ""
    url: str = ""


def parse(post: Post) -> tuple[tuple[Digest, ...], tuple[Finding, ...]]:
    """Return the one digest of a post, and what is to be said of it."""
    findings: list[Finding] = []
    week_line = next((line.text for line in post.lines if dates.week(line.text)), post.front.title)
    week = dates.week(week_line)
    parts = list(_parts(post.lines))
    first = next((index for index, part in enumerate(parts) if part.title), len(parts))
    digest = Digest(
        Format.PYTORCHKR_WEEKLY,
        prose.title(week_line.strip(_MARKS)) or post.front.title,
        tuple(_entry(paper, findings) for paper in _papers(parts[first:])),
        listed_on=week[1] if week else post.day(),
        period_start=week[0] if week else None,
        observed_at=post.observed_at,
        intro=tuple(_intro(parts[:first], week_line)),
        credit=_credit(post, parts),
    )
    return (digest,), tuple(findings)


def _credit(post: Post, parts: Sequence[_Part]) -> str:
    """Return who made the post, and what the part 원문 says that it was made from."""
    signed = any(_COMMUNITY in line.text for line in post.lines)
    sources = [
        url
        for part in parts
        if _SOURCE.match(part.heading)
        for line in part.lines
        for _, url in links_of(line.text)
    ]
    return " · ".join(([_COMMUNITY] if signed else []) + sources)


def split_title(text: str) -> tuple[str, str]:
    """Return the Korean and the English half of ``한국어 / English``.

    Either half may hold a slash: the one that counts is the first, outside of
    parentheses, behind which no Hangul stands.
    """
    text = _NUMBER.sub("", prose.title(text))
    found = list(_SLASH.finditer(text)) or list(_TIGHT_SLASH.finditer(text))
    pairs = [(text[: slash.start()].strip(), text[slash.end() :].strip()) for slash in found]
    for korean, english in pairs:
        if not prose.has_hangul(english) and korean.count("(") == korean.count(")"):
            return korean, english
    for first, second in pairs[:1]:
        return (first, second) if prose.has_hangul(first) else (second, first)
    return (text, text) if prose.has_hangul(text) else ("", text)


def _parts(body: Sequence[Line]) -> Iterator[_Part]:
    """Yield the parts of the post: each label, each title, each further heading opens one."""
    if not body:
        return
    part = _Part("", body[0])
    for index, line in enumerate(body):
        bare = _bare(line.text)
        opened = None if not bare or bare.startswith("![") else _opened(body, index, bare, part)
        if opened:
            yield part
            part = opened
        elif not _is_footer(bare):
            part.lines.append(line)
    yield part


def _opened(body: Sequence[Line], index: int, bare: str, part: _Part) -> _Part | None:
    """Return the part that a line opens, if it opens one."""
    line = body[index]
    if _LABEL.match(bare) or _SOURCE.match(bare):
        return _Part(bare, line)
    if len(bare) > _LONGEST_TITLE or dates.week(bare) or _is_footer(bare):
        return None
    if heading := lines.heading(line.text):
        titled = _heads_paper(heading, _next_heading(body, index))
        return _Part(
            "" if titled else heading.text,
            line,
            title=heading.title if titled else "",
            url=heading.url if titled else "",
        )
    return _Part("", line, title=bare) if _is_title(body, index, bare, part) else None


def _heads_paper(heading: lines.Heading, following: str) -> bool:
    """Return whether a heading names a paper: what follows is not above it, or is its label."""
    below = lines.heading(following)
    if _is_pair(heading.text):
        return below is None or below.level >= heading.level
    label = _bare(following)
    if below is None:
        return _ABOUT.match(label) is not None
    return _LABEL.match(label) is not None and below.level > heading.level


def _is_title(body: Sequence[Line], index: int, bare: str, part: _Part) -> bool:
    """Return whether a plain line names a paper: by the label below, or by its two halves.

    A pair such as 코드 / Code stands among links as well. Only of a title it is true
    that the next label begins a paper, with no other pair before it.
    """
    if _ABOUT.match(_bare(_next_text(body, index))):
        return not (_is_pair(part.title) and not part.heading)
    if not _is_pair(bare) or bare.startswith(("•", "- ", "· ", "[")):
        return False
    in_intro = not part.heading and not part.title and not _NUMBER.match(bare)
    behind_links = bool(_LINKS.match(part.heading) or _FURTHER.match(part.heading))
    return (in_intro or behind_links) and _begins_paper(body, index)


def _begins_paper(body: Sequence[Line], index: int) -> bool:
    texts = (_bare(body[at].text) for at in range(index + 1, len(body)))
    told = next((text for text in texts if _LABEL.match(text) or _is_pair(text)), "")
    return _BEGINS.match(told) is not None


def _bare(text: str) -> str:
    """Return a line without its marks, and a label without the emoji before it."""
    bare = repair.shortcodes(text.strip()).strip(_MARKS)
    label = _PICTURES.sub("", bare, count=1) if _PICTURES.match(bare) else bare
    return label if _LABEL.match(label) else bare


def _next_text(body: Sequence[Line], index: int) -> str:
    """Return the next line that holds more than a picture."""
    texts = (body[at].text.strip() for at in range(index + 1, len(body)))
    return next((text for text in texts if text and not text.startswith("![")), "")


def _next_heading(body: Sequence[Line], index: int) -> str:
    """Return the next heading or label."""
    texts = (body[at].text.strip() for at in range(index + 1, len(body)))
    return next((text for text in texts if lines.heading(text) or _LABEL.match(_bare(text))), "")


def _is_footer(text: str) -> bool:
    return bool(_FOOTER.match(prose.inline(text)))


def _is_pair(text: str) -> bool:
    korean, *others = _SLASH.split(text)
    return bool(others) and prose.has_hangul(korean) and not prose.has_hangul(others[-1])


def _papers(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield the parts of each paper; the part 원문 at the end belongs to none."""
    paper: list[_Part] = []
    for part in parts:
        if part.title and paper:
            yield paper
            paper = []
        if part.title or paper:
            paper.append(part)
    if paper:
        yield paper


def _entry(parts: Sequence[_Part], findings: list[Finding]) -> DigestEntry:
    opening = parts[0].opening
    korean, english = split_title(repair.shortcodes(parts[0].title))
    draft = Draft(english, opening.number, findings=findings, title_ko=korean)
    if parts[0].url:
        draft.add_link(parts[0].url, "", opening.number)
    told = []
    for part in parts:
        told += [part.opening, *part.lines]
        if _SOURCE.match(part.heading):
            break
        _read(draft, part)
    return draft.finish("\n".join(line.raw for line in told))


def _read(draft: Draft, part: _Part) -> None:
    body = [repair.shortcodes(line.text) for line in draft.take_media(part.lines)]
    is_links, is_further = _LINKS.match(part.heading), _FURTHER.match(part.heading)
    if is_links or is_further:
        body = [_take_links(draft, text, part.opening.number, own=bool(is_links)) for text in body]
    text = prose.paragraphs(body)
    for half in halves(text):
        draft.add_section(part.heading, half, part.opening.number)


def _take_links(draft: Draft, text: str, number: int, *, own: bool) -> str:
    """Take the links of a line; return what else it says, if that is more than marks."""
    for found in links_of(text):
        add = draft.add_link if own else draft.add_further_link
        add(found[1], found[0], number)
    rest = links.BARE_URL.sub("", links.MARKDOWN_LINK.sub("", text))
    return rest if re.search(r"\w", rest) else ""


def links_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield label and address of each link in a line, written out or bare, in order."""
    end = 0
    for found in re.finditer(f"{links.MARKDOWN_LINK.pattern}|({links.BARE_URL.pattern})", text):
        if found.start() >= end:
            end = found.end()
            yield ("", found[3]) if found[3] else (found[1], found[2])


def halves(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    """Yield the paragraphs in Korean and those in English, where the language turns once."""
    paragraphs = [part for paragraph in paragraphs for part in _apart(paragraph)]
    if not paragraphs:
        return
    last = prose.language(paragraphs[-1])
    turn = len(paragraphs)
    while turn and prose.language(paragraphs[turn - 1]) == last:
        turn -= 1
    for half in (paragraphs[:turn], paragraphs[turn:]):
        if half:
            yield [line for paragraph in half for line in (*paragraph.split("\n"), "")]


def _apart(paragraph: str) -> tuple[str, ...]:
    """Return a paragraph in two where long lines turn from Korean to English, once and for good."""
    own = paragraph.split("\n")
    spoken = [prose.language(line) for line in own]
    turn = spoken.index("en") if "en" in spoken else 0
    if not turn or "ko" in spoken[turn:] or min(map(len, own[turn - 1 : turn + 1])) < _LONG_LINE:
        return (paragraph,)
    return "\n".join(own[:turn]), "\n".join(own[turn:])


def _intro(parts: Sequence[_Part], week_line: str) -> Iterator[Section]:
    """Yield what is said of the week, without its title and the greeting."""
    title = week_line.strip(_MARKS)
    for part in parts:
        body = [
            repair.shortcodes(line.text) for line in part.lines if line.text.strip(_MARKS) != title
        ]
        body = [
            text
            for text in body
            if not text.startswith("![") and not _GREETING.match(text.strip(_MARKS))
        ]
        heading = "" if dates.week(part.heading) or _GREETING.match(part.heading) else part.heading
        if text := prose.reduce(body):
            yield from prose.sections(repair.shortcodes(heading), text)
