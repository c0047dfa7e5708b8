"""An issue as a Markdown post, in each of the five published formats.

What the importer of a format reads, the template of that format writes: papers,
votes, links and sections come back the same, as far as the format has a place
for them. Votes have none in ``imrlc`` and ``pytorchkr-weekly``, a Korean title
only in ``pytorchkr-weekly``, which keeps the two languages of a section together.
"""

from dataclasses import dataclass

from newsletter.collect.digests import dates
from newsletter.collect.digests.digest import Link, Section
from newsletter.common.cadence import Language
from newsletter.common.errors import NotFound
from newsletter.issues.content import Credit, IssueContent, ItemContent
from newsletter.render import environment, links, show
from newsletter.render.mail import Site
from newsletter.render.text import one_line, tidy

_LINE = 500


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading: a text, or the Korean and then the English one."""

    heading: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostPaper:
    """One paper of a post; every value is one line, but for the texts."""

    title: str
    title_ko: str
    link: Link | None
    """The page of the paper, which most formats link from its heading."""
    votes: int | None
    authors: tuple[str, ...]
    institution: str
    image: str
    sections: tuple[Part, ...]
    paired: tuple[Part, ...]
    """The same sections, with the two languages of a heading under it together."""
    further: tuple[Link, ...]
    """The links that the heading does not show."""
    credits: tuple[Credit, ...]


def issue_markdown(
    content: IssueContent, language: Language, site: Site, *, style: str | None = None
) -> str:
    """Return the issue as a post in the format ``style``, else in the issue's own."""
    name = style or content.style
    if name not in environment.names("markdown"):
        raise NotFound(
            "style.unknown", "그런 스타일이 없습니다.", "There is no such style.", place=name
        )
    papers = [_paper(item, language, name) for item in content.items]
    intro = [_part(section) for section in show.spoken(content.intro, language)]
    values = {
        "issue": content,
        "title": _title(content),
        "site": site,
        "papers": papers,
        "intro": intro,
    }
    return tidy(environment.render(f"markdown/{name}.md", show.interface(language), values))


def _title(content: IssueContent) -> str:
    """Return the title with the week before it, by which a reader of the weekly knows it."""
    title = one_line(content.title, _LINE)
    if dates.week(title):
        return title
    return f"[{content.start:%Y/%m/%d} ~ {content.end:%Y/%m/%d}] {title}"


def _paper(item: ItemContent, language: Language, style: str) -> PostPaper:
    told = show.told_of(item, language)
    sections = show.spoken(told, language)
    link = _page(item, style)
    return PostPaper(
        title=one_line(item.title, _LINE),
        title_ko=one_line(item.title_ko, _LINE),
        link=link,
        votes=item.votes,
        authors=tuple(one_line(name, _LINE) for name in item.authors),
        institution=one_line(item.institution, _LINE),
        image=links.picture(item.image),
        sections=tuple(map(_part, sections)),
        paired=_paired(sections),
        further=tuple(known for known in _links(item) if known != link),
        credits=show.credits_of(item, sections),
    )


def _page(item: ItemContent, style: str) -> Link | None:
    """Return the paper's page: of the links its digest wrote, the one that the format prefers."""
    if not item.arxiv_id:
        return None
    own = [link for link in _links(item) if item.arxiv_id in link.url]
    if style == "hf-ranking" and own:
        return None  # all its links are in a list there, the paper's page among them
    site = "huggingface.co/papers/" if style == "top5" else "arxiv.org/"
    made = links.huggingface if style == "top5" else links.arxiv
    preferred = (link for link in own if site in link.url)
    return next(preferred, next(iter(own), Link("논문 링크", made(item.arxiv_id))))


def _links(item: ItemContent) -> tuple[Link, ...]:
    return tuple(
        Link(one_line(link.label, _LINE), link.url)
        for link in item.links
        if links.absolute(link.url)
    )


def _part(section: Section) -> Part:
    return Part(one_line(section.heading, _LINE), (section.text,))


def _paired(sections: tuple[Section, ...]) -> tuple[Part, ...]:
    texts: dict[str, list[Section]] = {}
    for section in sections:
        texts.setdefault(section.heading, []).append(section)
    return tuple(
        Part(
            one_line(heading, _LINE),
            # Korean stands first, whoever's digest spoke first.
            tuple(section.text for section in sorted(own, key=lambda s: s.lang != "ko")),
        )
        for heading, own in texts.items()
    )
