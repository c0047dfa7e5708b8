"""What the parsers share: from a heading, links and sections to one entry of a digest."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from newsletter.collect import tex
from newsletter.collect.digests import links, prose
from newsletter.collect.digests.digest import DigestEntry, Link, Section
from newsletter.collect.digests.lines import Line
from newsletter.collect.digests.problems import Problem
from newsletter.common.findings import Finding

# What people gave, behind the sign of it: "👍 1,024".
LIKES = re.compile(
    r"(?:👍|❤\ufe0f?|⭐|\blikes?|\bupvotes?|\bvotes?|좋아요|추천)[\s:：*]*(\d[\d,.]*\s?[kK]?)(?![A-Za-z\d])",
    re.IGNORECASE,
)
_VOTES = re.compile(r"[^\w+-]{0,6}(\d[\d,]*(?:\.\d+)?)\s?([kK]?)(?![A-Za-z\d])")
_MOST_DIGITS = 15
_NO_VOTES = {"", "-", "–", "—", "n/a", "none", "없음"}
_VIDEO_TAG = re.compile(r"<(?:video|source)\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LINK_WORDS = re.compile(
    r"(?:\W*(?:hf|hugging\s?face|arxiv|alphaxiv|github|논문|원문|코드|프로젝트|페이지|링크|데모|모델|데이터셋?"
    r"|영상|paper|code|project|page|link|url|pdf|demo|model|dataset|video|website|id)s?){0,3}\W*",
    re.IGNORECASE,
)
_MEDIA_LINE = re.compile(r"\s*(?:</?(?:div|video|source|p|center)\b[^<>]*>\s*)+$", re.IGNORECASE)
_MOVING_PICTURE = re.compile(r"\.(?:mp4|webm|mov|qt|m4v|avi|mkv)(?:[?#]|$)", re.IGNORECASE)
# Every page of this site ends in it, and a collector took it for the paper's code.
_FOOTER_OF_A_SITE = "https://github.com/huggingface"


@dataclass(slots=True)
class Draft:
    """An entry while it is read; :meth:`finish` makes the value that leaves the parser."""

    title: str
    line: int
    findings: list[Finding]
    title_ko: str = ""
    votes: int | None = None
    authors: tuple[str, ...] = ()
    institution: str = ""
    image: str | None = None
    figures: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    own_urls: list[str] = field(default_factory=list)
    _linked: set[str] = field(default_factory=set)
    _shown: set[str] = field(default_factory=set)

    def add_link(self, url: str, label: str, line: int) -> None:
        """Keep a link to the paper itself: it may tell the id."""
        self.own_urls.append(url)
        self.add_further_link(url, label, line)

    def add_further_link(self, url: str, label: str, line: int) -> None:
        """Keep a link to read on, once; what is no web address is reported."""
        made = links.link(url, label)
        if made is None:
            self.findings.append(Problem.BAD_LINK.at(line))
        elif made.url.rstrip("/") != _FOOTER_OF_A_SITE:
            self.add_links((made,))

    def add_links(self, found: Iterable[Link]) -> None:
        """Keep good links, each address once."""
        for link in found:
            if link.url not in self._linked:
                self._linked.add(link.url)
                self.links.append(link)

    def add_section(self, heading: str, lines: Sequence[str], line: int) -> None:
        """Keep a section and the links in it; one without text is reported."""
        self.add_links(prose.links_in(lines))
        text = prose.python_value(prose.reduce(lines))
        if text:
            self.sections.append(prose.section(heading, text))
        else:
            self.findings.append(Problem.EMPTY_SECTION.at(line))

    def add_fact(self, name: str, lines: Sequence[str], line: int) -> None:
        """Keep a fact such as 키워드 or 트랙: a Korean name makes a Korean section of it."""
        before = len(self.sections)
        self.add_section(name, lines, line)
        if prose.has_hangul(name):
            self.sections[before:] = [replace(own, lang="ko") for own in self.sections[before:]]

    def read_votes(self, text: str, line: int) -> None:
        """Read the votes: a number, or a dash where there are none to tell."""
        text = text.strip(" *_`")
        found = _VOTES.match(text)
        if found and len(found[1]) <= _MOST_DIGITS:
            thousands = 1000 if found[2] else 1
            self.votes = round(float(found[1].replace(",", "")) * thousands)
        elif found or text.lower() not in _NO_VOTES:
            self.findings.append(Problem.BAD_VOTES.at(line))

    def take_media(self, lines: Sequence[Line]) -> list[Line]:
        """Take pictures and videos out of the lines; return the lines that are left."""
        return [line for line in lines if not self.takes(line)]

    def takes(self, line: Line) -> bool:
        """Take the pictures and videos of a line; return whether it held nothing else."""
        text = line.text
        if "![" in text:
            for found in links.MARKDOWN_IMAGE.finditer(text):
                self._take_picture(found[2], line.number)
            return not links.MARKDOWN_IMAGE.sub("", text).strip()
        if not _MEDIA_LINE.match(text):
            return False
        for found in _VIDEO_TAG.finditer(text):
            self.add_further_link(found[1], "Video", line.number)
        return True

    def takes_links(self, text: str, line: int) -> bool:
        """Take the links to the paper on a line; return whether it held nothing else.

        A word such as 논문 or PDF may stand before them.
        """
        urls = links.BARE_URL.findall(rest := links.MARKDOWN_LINK.sub(" ", text))
        written = list(prose.links_in([text]))
        if not (urls or written) or not _LINK_WORDS.fullmatch(links.BARE_URL.sub(" ", rest)):
            return False
        for found in written:
            self.add_link(found.url, found.label, line)
        for url in urls:
            self.add_link(url, "", line)
        return True

    def finish(self, raw: str) -> DigestEntry:
        """Return the entry; its id is the first that the links to the paper itself tell."""
        told = links.arxiv_ids(self.own_urls)
        arxiv_id = told[0] if told else None
        title = prose.title(self.title) or prose.title(self.title_ko)
        self._review(title, told, arxiv_id)
        return DigestEntry(
            title=title or (f"arXiv {arxiv_id}" if arxiv_id else ""),
            arxiv_id=arxiv_id,
            title_ko=prose.title(self.title_ko),
            votes=self.votes,
            authors=tex.once(self.authors),
            institution=self.institution,
            image=self.image,
            figures=tuple(self.figures),
            sections=tuple(self.sections),
            links=tuple(self.links),
            line=self.line,
            raw=raw.strip("\n"),
        )

    def _review(self, title: str, told: tuple[str, ...], arxiv_id: str | None) -> None:
        if not title:
            self.findings.append(Problem.NO_TITLE.at(self.line))
        if arxiv_id is None:
            self.findings.append(Problem.NO_ID.at(self.line))
        if len(told) > 1:
            self.findings.append(Problem.IDS_DIFFER.at(self.line))
        if not self.sections:
            self.findings.append(Problem.NO_SECTIONS.at(self.line))
        if any(prose.failed(section.text) for section in self.sections):
            self.findings.append(Problem.FAILED_TEXT.at(self.line))

    def _take_picture(self, url: str, line: int) -> None:
        if not url:
            return
        if _MOVING_PICTURE.search(url):
            self.add_further_link(url, "Video", line)
        elif re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
            self.findings.append(Problem.BAD_LINK.at(line))
        elif self.image is None:
            self.image = url
        elif url != self.image and url not in self._shown:
            self._shown.add(url)
            self.figures.append(url)
            if links.is_web(url):
                self.add_further_link(url, "Figure", line)
