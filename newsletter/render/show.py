"""Decides what a mail shows of an issue, in one language: fullest first, then lighter and lighter.

Which title stands over which, which text and how much of it, which links:
all of it is decided here. Addresses are checked and lengths limited once, at
this door, so that neither a template nor a reader ever meets a hostile one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from newsletter.collect.digests.digest import SPOKEN, Link, Section
from newsletter.common.cadence import Language
from newsletter.issues.content import Credit, ItemContent, abstract_section, arxiv_credit
from newsletter.render import headings, links
from newsletter.render.folding import Fold
from newsletter.render.text import clean, one_line
from newsletter.render.view import PaperView, SectionView

# A title of 10,000 letters is a mistake or an attack; no real one is longer than this.
_TITLE, _NAME, _LABEL = 300, 80, 60
_SHOWN_AUTHORS, _SHOWN_LINKS, _SHOWN_FIGURES = 3, 6, 2
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def interface(language: Language) -> str:
    """Return the language of everything that is not a paper's own text."""
    return "en" if language is Language.ENGLISH else "ko"


def paper_view(item: ItemContent, fold: Fold, language: Language, web_url: str) -> PaperView:
    """Return ``item`` as a card shows it. What an earlier issue told in full is told briefly."""
    told = told_of(item, language) if fold < Fold.BARE else ()
    sections = chosen(told, language)
    seen = _earlier(item, web_url)
    shown = sections
    if seen:
        shown = tuple(section.shortened() for section in _openings(sections))
    elif fold is Fold.FOLDED:
        shown = tuple(section.shortened() for section in sections)
    title, subtitle, title_lang = titles(item, language)
    arxiv_id = item.arxiv_id or ""
    return PaperView(
        position=item.position,
        title=title,
        subtitle=subtitle,
        title_lang=title_lang,
        reason=one_line(
            item.reason_en if interface(language) == "en" else item.reason_ko, _LABEL * 2
        ),
        votes=item.votes,
        authors=tuple(one_line(name, _NAME) for name in item.authors[:_SHOWN_AUTHORS]),
        more_authors=max(0, len(item.authors) - _SHOWN_AUTHORS),
        institution=one_line(item.institution, _NAME),
        image=links.picture(item.image),
        figures=_figures(item),
        arxiv_id=arxiv_id,
        page=links.arxiv(arxiv_id) if arxiv_id else web_url,
        sections=shown,
        links=own_links(arxiv_id, language),
        further=_further(item),
        credits=credits_of(item, spoken(told, language)),
        folded=shown != sections or fold is Fold.BARE,
        read_on=f"{web_url}#paper-{item.position}",
        seen=seen,
        first=item.position == 1,
        has_code=any(links.is_code(link.url) for link in item.links),
    )


def _openings(sections: Iterable[SectionView]) -> Iterable[SectionView]:
    """Return the first section of each language: enough to know a paper again."""
    first: dict[str, SectionView] = {}
    for section in sections:
        first.setdefault(section.lang, section)
    return first.values()


def told_of(item: ItemContent, language: Language) -> tuple[Section, ...]:
    """Return the sections of a paper; for English readers its abstract, where no digest wrote English."""
    if language is not Language.ENGLISH or not item.abstract:
        return item.sections
    if any(section.lang == "en" for section in item.sections):
        return item.sections
    return (*item.sections, abstract_section(item.abstract))


def spoken(sections: Iterable[Section], language: Language) -> tuple[Section, ...]:
    """Return the sections in the reader's language; in the other where there are none.

    What is in neither of the two, such as Chinese, is shown to nobody.
    """
    own = tuple(section for section in sections if section.lang in SPOKEN)
    if language is Language.BOTH:
        return own
    wanted = tuple(s for s in own if (s.lang == "ko") is (language is Language.KOREAN))
    return wanted or own


def chosen(sections: Iterable[Section], language: Language) -> tuple[SectionView, ...]:
    """Return the sections that a mail shows; for both languages, English beside its Korean."""
    views = [_section(section) for section in spoken(sections, language)]
    if language is not Language.BOTH:
        return tuple(views)
    korean = [view for view in views if view.lang == "ko"]
    return tuple(_side_by_side(korean, [view for view in views if view.lang != "ko"]))


def headline(title: str) -> tuple[str, str]:
    """Return the Korean and the English half of an issue's title, without its dates in brackets."""
    text = title.partition("] ")[2] if title.startswith("[") and "] " in title else title
    korean, bracket, english = text.rpartition(" (")
    if bracket and english.endswith(")"):
        return one_line(korean, _TITLE), one_line(english[:-1], _TITLE)
    return one_line(text, _TITLE), ""


def title_in(title: str, language: Language) -> str:
    """Return an issue's title in one language, for lists and pages that tell its days themselves."""
    korean, english = headline(title)
    return (english or korean) if language is Language.ENGLISH else korean


def subject_in(subject: str, title: str, language: Language) -> str:
    """Return the subject: an editor's own as it is, else the title with its days, in one language."""
    _, english = headline(title)
    if subject != title or language is not Language.ENGLISH or not english:
        return subject
    days, bracket, _ = title.partition("] ")
    return f"{days}{bracket}{english}" if days.startswith("[") and bracket else english


def _section(section: Section) -> SectionView:
    heading = one_line(headings.plain(section.heading), _LABEL)
    lang = "en" if section.lang == "en" else "ko"
    text = headings.labelled(clean(section.text), lang)
    return SectionView(headings.meaning(section.heading), heading, lang, text)


def _side_by_side(korean: list[SectionView], english: list[SectionView]) -> Iterable[SectionView]:
    """Yield each Korean section with its English twin after it, then the English ones left over."""
    twins: dict[str, list[SectionView]] = {}
    for view in english:
        twins.setdefault(_name(view), []).append(view)
    for section in korean:
        yield section
        yield from (replace(twin, aside=True) for twin in twins.pop(_name(section), ()))
    yield from (view for view in english if _name(view) in twins)


def _name(section: SectionView) -> str:
    return section.label or section.heading


def titles(item: ItemContent, language: Language) -> tuple[str, str, str]:
    """Return the title of a paper, the one below it, and the language of the first."""
    title, korean = one_line(item.title, _TITLE), one_line(item.title_ko, _TITLE)
    if language is Language.ENGLISH or not korean or korean == title:
        return title, "", "en"
    return korean, title, "ko"


def own_links(arxiv_id: str, language: Language) -> tuple[Link, ...]:
    """Return the pages of a paper that everybody knows."""
    if not arxiv_id:
        return ()
    return (
        Link("arXiv", links.arxiv(arxiv_id)),
        Link("Hugging Face", links.huggingface(arxiv_id)),
        Link("alphaXiv", links.alphaxiv(arxiv_id, interface(language))),
    )


def _further(item: ItemContent) -> tuple[Link, ...]:
    figures = {figure.url for figure in _figures(item)}
    told = tuple(link for link in item.links if link.url not in figures)
    found = links.further(told, item.arxiv_id)[:_SHOWN_LINKS]
    return tuple(Link(one_line(link.label or link.url, _LABEL), link.url) for link in found)


def _figures(item: ItemContent) -> tuple[Link, ...]:
    """Return the pictures that a digest put beside its text; a bare "Figure" is no caption."""
    own = [link for link in item.links if links.is_picture(link.url) and link.url != item.image]
    return tuple(
        Link("" if link.label in {"Figure", link.url} else one_line(link.label, _LABEL), link.url)
        for link in own[:_SHOWN_FIGURES]
    )


def credits_of(item: ItemContent, told: tuple[Section, ...]) -> tuple[Credit, ...]:
    """Return everyone who introduced ``item``, those whose words are shown first; none is left out.

    ``told`` are the sections shown: an abstract that stands among them here alone is arXiv's.
    Terms, and that a machine wrote, are said of words that are shown, and of no others.
    """
    owed = item.credits
    if item.arxiv_id and any(section not in item.sections for section in told):
        owed = (*owed, arxiv_credit(item.arxiv_id))
    languages = {"both", *(section.lang for section in told)} if told else set()
    return tuple(
        _credit(credit, silent=bool(credit.spoke) and credit.spoke not in languages)
        for credit in sorted(owed, key=lambda credit: credit.spoke not in languages)
    )


def _credit(credit: Credit, *, silent: bool) -> Credit:
    name, url = one_line(credit.name, _NAME), links.absolute(credit.url)
    if silent:
        return Credit(name, url)
    return Credit(name, url, one_line(credit.licence, _LABEL), credit.written_by)


def _earlier(item: ItemContent, web_url: str) -> str:
    if not item.seen_in:
        return ""
    return other_issue(web_url, item.seen_in)


def other_issue(web_url: str, slug: str) -> str:
    """Return the page of another issue than the one at ``web_url``."""
    return f"{web_url.rstrip('/').rpartition('/')[0]}/{slug}/"


def period(start: date, end: date, language: str) -> str:
    """Return the days of an issue in words, saying nothing twice."""
    return _english_period(start, end) if language == "en" else _korean_period(start, end)


def _korean_period(start: date, end: date) -> str:
    first = f"{start.year}년 {start.month}월 {start.day}일"
    if start == end:
        return first
    if start.year != end.year:
        return f"{first} – {end.year}년 {end.month}월 {end.day}일"
    month = f"{end.month}월 " if start.month != end.month else ""
    return f"{first} – {month}{end.day}일"


def _english_period(start: date, end: date) -> str:
    last = f"{_MONTHS[end.month - 1]} {end.day}, {end.year}"
    if start == end:
        return last
    first = f"{_MONTHS[start.month - 1]} {start.day}"
    if start.year != end.year:
        return f"{first}, {start.year} – {last}"
    if start.month != end.month:
        return f"{first} – {last}"
    return f"{first} – {end.day}, {end.year}"
