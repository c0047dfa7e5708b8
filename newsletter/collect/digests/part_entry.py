"""One part of an outline as the entry of a paper: its title, its facts and its sections. Pure."""

import re
from collections.abc import Collection, Iterator

from newsletter.collect.digests import labels, links, naming, outline, prose, rows
from newsletter.collect.digests.choosing import Chosen, Said, only_links
from newsletter.collect.digests.digest import DigestEntry, Link
from newsletter.collect.digests.entries import Draft
from newsletter.collect.digests.labels import Label
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.naming import Kind
from newsletter.collect.digests.outline import Part
from newsletter.common.findings import Finding

_BADGE = re.compile(r"\[[^\[\]]{0,40}\]")
_LINKED_ID = re.compile(r"[\s(（]{0,4}\[\d{4}\.\d{4,5}(?:v\d{1,2})?\]\([^\s()]{1,200}\)[)）]?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ITALICS = re.compile(r"\s{0,3}[*_](?P<names>[^*_]{3,2000})[*_]\s*$")
_DEFINITION = re.compile(r"\s{0,3}[:：]\s{1,3}(?=\S)")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_LIQUID = re.compile(r"\s{0,8}\{%[^%]{0,100}%\}\s*$")
# "[논문 리뷰] …" before the title of a paper.
_KIND_OF_POST = re.compile(
    r"\s{0,3}[\[【][^\[\]【】]{0,20}(?:리뷰|읽기|review|정리|논문|paper)[^\[\]【】]{0,20}[\]】]\s{0,3}(?=\S)",
    re.IGNORECASE,
)
_NOT_TOLD = re.compile(r"(?:未提供|未知|미상|알 수 없음|unknown|n/?a\b|none\b).*", re.IGNORECASE)
_WORDS_OF_A_NAME = 4
_FACTS = {Kind.AUTHORS, Kind.INSTITUTION, Kind.VOTES, Kind.FILED}
_LONGEST_TITLE = 200
_LONGEST_FOOTER = 2
# Fewer letters behind a title are a badge, not a text.
_SHORTEST_REST = 25
_WORDS_OF_A_TITLE = 3
_MOST_WORDS_WITH_A_LINK = 8


def entry(
    chosen: Chosen, others: Collection[int], title: str, findings: list[Finding]
) -> DigestEntry:
    """Return the paper of a part; ``others`` are the parts below it that are papers of their own.

    ``title`` is the one of the whole post, for a paper that is all of it.
    """
    if chosen.row:
        return rows.entry(chosen, chosen.row, findings)
    reader = _Reader(chosen, findings)
    own = list(_own(chosen.part, others))
    reader.open(title)
    reader.read(own[1:])
    return reader.finish("\n".join(_line(one).raw for one in own))


def _own(part: Part, others: Collection[int]) -> Iterator[Line | Part]:
    yield part
    for one in part.content:
        if isinstance(one, Line):
            yield one
        elif id(one) not in others:
            yield from _own(one, others)


def _line(one: Line | Part) -> Line:
    return one if isinstance(one, Line) else one.line


class _Reader:
    """Reads the lines of a paper in their order."""

    def __init__(self, chosen: Chosen, findings: list[Finding]) -> None:
        self._chosen = chosen
        self._draft = Draft("", chosen.part.line.number, findings=findings)
        # So that a link to another paper in its text is never taken for its own.
        self._draft.own_urls.append(f"https://arxiv.org/abs/{chosen.paper}")
        self._heading, self._text = "", []  # type: str, list[str]
        self._number = chosen.part.line.number
        self._under_heading = False
        self._fact = ""

    def open(self, title: str) -> None:
        """Take the title, and what else the opening line tells."""
        part, text = self._chosen.part, self._chosen.part.words
        self._draft.title, rest = _opening(self._chosen)
        self._take_links(text)
        if votes := naming.votes(text):
            self._draft.read_votes(votes, part.line.number)
        if not self._draft.title:
            own = (
                _KIND_OF_POST.sub("", title or _first_line(part))
                if part.rank == outline.WHOLE
                else ""
            )
            own = own if naming.can_be_title(own) else ""
            self._draft.title = own or _linked_title(part, self._chosen.paper)
        elif self._chosen.said is Said.MENTIONED and self._draft.title not in text.split("](")[0]:
            self._heading = naming.title(text)
        self._draft.title, ko = naming.halves(self._draft.title)
        self._draft.title_ko = self._draft.title_ko or ko
        if rest:
            self._text.append(rest)

    def read(self, own: list[Line | Part]) -> None:
        """Read what stands below the opening line."""
        for one in _without_footer(own):
            if isinstance(one, Part) and one.heading:
                self._section(
                    links.MARKDOWN_LINK.sub(r"\1", one.heading.text).strip("* "),
                    one.line.number,
                    under_heading=True,
                )
                self._take_links(one.heading.text)
            else:
                self._read_line(_line(one))

    def finish(self, raw: str) -> DigestEntry:
        """Return the entry."""
        self._flush()
        if not any(links.arxiv_id(link.url) == self._chosen.paper for link in self._draft.links):
            self._draft.links.insert(0, Link("arXiv", self._draft.own_urls[0]))
        self._draft.own_urls = self._draft.own_urls[:1]
        return self._draft.finish(raw)

    def _read_line(self, line: Line) -> None:
        text = without_tags(line.text)
        is_markup = not text.strip() and line.text.strip()
        if is_markup or self._draft.takes(line) or text.strip() == self._draft.title:
            return
        told = labels.labels(text) or self._told_above(text)
        for label in told:
            self._take(label, line)
        if told:
            return
        if alone := labels.alone(text):
            self._section(alone, line.number, under_heading=True)
            self._fact = alone if naming.kind_of(alone) in _FACTS else ""
        elif (found := _DEFINITION.match(text)) and self._text and self._text[-1].strip():
            self._section(self._text.pop().strip("* "), line.number)
            self._text.append(text[found.end() :])
        elif not self._takes_names(text) and not self._takes_links(text, line.number):
            self._text.append(text)

    def _told_above(self, text: str) -> list[Label]:
        """Return a fact whose name stood on a line of its own above, as on a page."""
        if not self._fact or not text.strip():
            return []
        name, self._fact = self._fact, ""
        return [Label(name, naming.kind_of(name), text.strip())]

    def _take(self, label: Label, line: Line) -> None:
        """Take a label: a fact, or a section."""
        told = prose.inline(label.text)
        match label.kind:
            case Kind.TITLE | Kind.TITLE_KO:
                if prose.has_hangul(told) and told != self._draft.title:
                    self._draft.title_ko = naming.title(told)
            case Kind.AUTHORS:
                self._draft.authors = self._draft.authors or labels.names(told)
            case Kind.INSTITUTION:
                self._draft.institution = self._draft.institution or _NOT_TOLD.sub("", told)
            case Kind.VOTES:
                self._draft.read_votes(label.text, line.number)
            case Kind.FILED:
                pass
            case Kind.LINK if (
                len(naming.words(links.BARE_URL.sub("", told))) <= _MOST_WORDS_WITH_A_LINK
            ):
                self._take_links(label.text)
            case _:
                self._take_section(label, line)

    def _take_section(self, label: Label, line: Line) -> None:
        """Open a section; in one that a heading opened, a bullet with a label is one of its bullets."""
        if label.kind is Kind.LINK or (
            label.in_list and self._under_heading and not naming.is_part(label.name)
        ):
            self._text.append(line.text)
            return
        self._section(label.name, line.number, under_heading=False)
        if label.text:
            self._text.append(label.text)

    def _takes_names(self, text: str) -> bool:
        """Take a line of names in italics right below the title."""
        found = (
            _ITALICS.match(text)
            if not (self._text or self._draft.authors or self._draft.sections)
            else None
        )
        if found is None or not _are_names(found["names"]):
            return False
        self._draft.authors = labels.names(found["names"])
        return True

    def _takes_links(self, text: str, number: int) -> bool:
        """Take the links of a line that holds nothing else."""
        if "](" in text and only_links(text):
            self._draft.add_links(prose.links_in([text]))
            return True
        return self._draft.takes_links(text, number)

    def _take_links(self, text: str) -> None:
        for url in links.BARE_URL.findall(links.MARKDOWN_IMAGE.sub("", text)):
            self._draft.add_further_link(url, "", self._number)

    def _section(self, heading: str, number: int, *, under_heading: bool = False) -> None:
        self._flush()
        self._heading, self._number, self._under_heading = heading, number, under_heading

    def _flush(self) -> None:
        """Keep the section that is open; one without text only led to others, or to links."""
        if prose.reduce(self._text):
            self._draft.add_section(self._heading, self._text, self._number)
        self._heading, self._text = "", []


def _opening(chosen: Chosen) -> tuple[str, str]:
    """Return the title that the opening line of a part tells, and the text behind it."""
    part, text = chosen.part, chosen.part.words
    if part.rank == outline.WHOLE:
        return "", ""
    named = next((one.text for one in labels.labels(text) if one.kind is Kind.TITLE), "")
    if named:
        return naming.title(prose.inline(named)), ""
    if found := outline.first_link(text):
        label, _, before, after = found
        if chosen.said is not Said.MENTIONED or len(label.split()) >= _WORDS_OF_A_TITLE:
            return label, _rest(after) if not naming.words(before) else ""
    if not part.heading and (labelled := labels.labels(text)):
        return naming.title(labelled[0].name), _rest(labelled[0].text)
    if not part.heading and (bold := labels.BOLD_FIRST.match(text)):
        return naming.title(bold["title"]), _rest(bold["rest"])
    words = naming.title(prose.inline(_before_link(text)))
    return (words if naming.can_be_title(words) else ""), ""


def _before_link(text: str) -> str:
    """Return what stands before the first link of a line, all of it where nothing does."""
    found = links.MARKDOWN_LINK.search(text) or links.BARE_URL.search(text)
    before = text[: found.start()] if found else text
    return before if naming.words(before) or not found else links.BARE_URL.sub("", text)


def _rest(text: str) -> str:
    """Return the text behind a title, nothing where it only holds links, votes and badges."""
    told = _BADGE.sub(
        " ", naming.without_votes(links.BARE_URL.sub("", links.MARKDOWN_LINK.sub(" ", text)))
    )
    if len("".join(naming.words(told))) < _SHORTEST_REST:
        return ""
    return _LINKED_ID.sub("", text, count=1).strip(" -–—:：·|*")


def _are_names(text: str) -> bool:
    """Tell whether words in italics are names: several with commas, or one in capitals."""
    words = text.split()
    alone = len(words) <= _WORDS_OF_A_NAME and all(word[0].isupper() for word in words)
    return not text.rstrip().endswith(".") and ("," in text or alone)


def _first_line(part: Part) -> str:
    """Return the first line of a post without headings, where it can be the title of all of it."""
    own = (one.text.strip() for one in part.content if isinstance(one, Line) and one.text.strip())
    first = next(own, "")
    return first if len(first) <= _LONGEST_TITLE and not naming.ids(first) else ""


def _linked_title(part: Part, paper: str) -> str:
    """Return the words of a link to the paper, where they can be its title."""
    for one in part.walk():
        found = outline.first_link(_line(one).text)
        if found and found[1] == paper:
            return found[0]
    return ""


def without_tags(text: str) -> str:
    """Return a line without the tags of folded text; the word that unfolds it is none of the paper's."""
    if "{%" in text and _LIQUID.match(text):
        return ""
    if "<" not in text:
        return text
    return "" if "<summary" in text.lower() else _TAG.sub("", text)


def _without_footer(own: list[Line | Part]) -> list[Line | Part]:
    """Return the lines without those few behind a last rule, with which a post ends."""
    rules = [at for at, one in enumerate(own) if _RULE.match(_line(one).text)]
    if not rules:
        return own
    behind = [_line(one).text for one in own[rules[-1] + 1 :] if _line(one).text.strip()]
    is_footer = len(behind) <= _LONGEST_FOOTER and not any(map(labels.labels, behind))
    return own[: rules[-1]] if is_footer else own
