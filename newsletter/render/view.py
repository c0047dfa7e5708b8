"""An issue as one reader's language shows it: the values that the templates arrange.

Everything in them is checked and limited already (:mod:`newsletter.render.show`),
so that a template only places things.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import shorten

from newsletter.collect.digests.digest import Link
from newsletter.common.cadence import Cadence, Language
from newsletter.issues.content import Credit
from newsletter.render import headings
from newsletter.render.prose import prose_html
from newsletter.render.text import first_sentences

_SHORT, _GIST = 170, 48
_QUIET = 3
# What a paper weighs in HTML apart from its text, what a folded one adds, and the page.
_FRAME_BYTES, _READ_ON_BYTES = 2_000, 200
_PAGE_BYTES = 10_000
# The same for a section, its label and its list items and paragraphs, which premailer styles.
_SECTION_BYTES, _TAG_BYTES = 100, 22
_STYLED_TAG = re.compile("<(?:p|ul|ol|li)[> ]")
# A text of this length cannot be in a mail whole, so it is not worth rendering to know more.
_TOO_LONG_TO_LOOK = 60_000


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section: ``label`` is the catalog's key of a known heading, else empty."""

    label: str
    heading: str
    lang: str
    text: str
    aside: bool = False
    """Whether it repeats in English what stands above it in Korean."""

    @property
    def least_bytes(self) -> int:
        """Return how many bytes of HTML it makes at the least, its tags and their styles counted."""
        return _least_bytes(self.text)

    def shortened(self) -> "SectionView":
        """Return the section with its first sentences only."""
        if len(self.text) <= _SHORT:
            return self
        return replace(self, text=first_sentences(self.text, _SHORT))


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper, as a card shows it."""

    position: int
    title: str
    subtitle: str
    title_lang: str
    reason: str
    votes: int | None
    authors: tuple[str, ...]
    more_authors: int
    institution: str
    image: str
    figures: tuple[Link, ...]
    """Further pictures of it, each with its caption where there is one."""
    arxiv_id: str
    page: str
    """Where the title leads: to arXiv, else to the web version."""
    sections: tuple[SectionView, ...]
    links: tuple[Link, ...]
    further: tuple[Link, ...]
    credits: tuple[Credit, ...]
    folded: bool
    read_on: str
    seen: str
    """The page of an earlier issue that carried it in full, where there is one."""

    first: bool
    """Whether it leads the issue."""
    has_code: bool

    @property
    def gist(self) -> str:
        """Return the paper in a line, for the contents."""
        lead = self.lead[:1]
        return _gist(lead[0].text, _GIST if lead[0].lang == "ko" else 2 * _GIST) if lead else ""

    @property
    def gist_lang(self) -> str:
        """Return the language of the gist."""
        return self.lead[0].lang if self.lead else ""

    def named(self, *labels: str) -> tuple[SectionView, ...]:
        """Return the sections with one of these labels, in their order."""
        return tuple(section for section in self.sections if section.label in labels)

    @property
    def lead(self) -> tuple[SectionView, ...]:
        """Return what says the paper in a sentence, in each language that it speaks here."""
        spoken = [[s for s in self.sections if s.lang == lang] for lang in ("ko", "en")]
        leads = [_lead(sections) for sections in spoken if sections]
        return tuple(replace(lead, aside=number > 0) for number, lead in enumerate(leads))

    @property
    def least_bytes(self) -> int:
        """Return how many bytes it takes in HTML at the least."""
        sections = sum(section.least_bytes for section in self.sections)
        return sections + _FRAME_BYTES + (_READ_ON_BYTES if self.folded else 0)


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A paper of an earlier issue that its authors have withdrawn."""

    title: str
    issue_url: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """A whole issue in one reader's language."""

    cadence: Cadence
    language: Language
    title: str
    subtitle: str
    subject: str
    period: str
    teaser: str
    """The names of the first papers, for the line beside the subject."""
    intro: tuple[SectionView, ...]
    intro_folded: bool
    papers: tuple[PaperView, ...]
    left_out: int
    web_url: str
    corrections: tuple[CorrectionView, ...] = ()

    @property
    def least_bytes(self) -> int:
        """Return how many bytes of HTML it makes at the least, known without making it."""
        intro = sum(section.least_bytes for section in self.intro)
        return _PAGE_BYTES + intro + sum(paper.least_bytes for paper in self.papers)

    @property
    def quiet(self) -> bool:
        """Return whether so few papers came that the mail had better say so."""
        return len(self.papers) + self.left_out < _QUIET

    @property
    def minutes(self) -> int:
        """Return how long it takes to read, at 600 letters of Korean or 230 English words a minute.

        A daily is read by its leads and key points where it has them, a weekly whole.
        """
        texts = [*self.intro]
        for paper in self.papers:
            points = paper.named(headings.KEY_POINTS) if self.cadence is Cadence.DAILY else ()
            texts += (*paper.lead, *points) if points else paper.sections
        korean = sum(len(section.text) for section in texts if section.lang == "ko")
        english = sum(len(section.text.split()) for section in texts if section.lang != "ko")
        return max(1, round(korean / 600 + english / 230))


@lru_cache(maxsize=4096)
def _gist(text: str, letters: int) -> str:
    return shorten(first_sentences(text, _GIST), letters, placeholder="…")


@lru_cache(maxsize=4096)
def _least_bytes(text: str) -> int:
    raw = len(text.encode())
    if raw > _TOO_LONG_TO_LOOK:
        return raw
    html = prose_html(text)
    return len(html.encode()) + _SECTION_BYTES + _TAG_BYTES * len(_STYLED_TAG.findall(html))


def _lead(sections: list[SectionView]) -> SectionView:
    """Return the summary among ``sections``, else how the first of them begins."""
    summaries = [section for section in sections if section.label == headings.SUMMARY]
    return summaries[0] if summaries else sections[0].shortened()
