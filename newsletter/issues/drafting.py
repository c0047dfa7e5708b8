"""Makes the content of a draft from its items: chosen text, links and credits, ready to freeze.

What nobody should read (an error sentence, a dead link, broken characters) is
left out here and told to the editor; its paper falls back to another digest's
words, then to arXiv's own abstract, then to title, links and credit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsletter.collect.dead_addresses import dead_among
from newsletter.collect.digests.digest import Link, Section
from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.findings import Finding
from newsletter.issues import corrections
from newsletter.issues.candidates import listed_in
from newsletter.issues.content import (
    IssueContent,
    ItemContent,
    abstract_section,
    arxiv_credit,
)
from newsletter.issues.crediting import credits_of, licence_of
from newsletter.issues.dropping import Sieve
from newsletter.issues.introducing import credited
from newsletter.issues.kinship import Subject
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.selection import Account, voices
from newsletter.issues.states import BEGUN
from newsletter.issues.term_base import term_base
from newsletter.issues.window import Window
from newsletter.papers.models import Summary


@dataclass(frozen=True, slots=True)
class Draft:
    """What an issue would say if it left now, and what was found while it was put together."""

    content: IssueContent
    findings: tuple[Finding, ...]


def draft(issue: Issue) -> Draft:
    """Return the issue as it would leave now. Hidden papers are not in it."""
    items = _shown(issue)
    told = _summaries(issue, items)
    window, dailies = window_of(issue), _dailies(issue)
    sieve = Sieve(dead=_dead(items, told), terms=term_base())
    intro = sieve.sections((Section(**section) for section in issue.intro), issue.slug)
    content = IssueContent(
        cadence=Cadence(issue.cadence),
        slug=issue.slug,
        title=issue.title,
        subject=issue.subject,
        style=issue.style,
        start=window.first_day,
        end=window.last_day,
        intro=credited(intro, window, by_editor=issue.intro_by_editor),
        corrections=corrections.owed(issue),
        items=tuple(
            _item(item, position, told.get(item.paper.pk, []), issue.style, dailies, sieve)
            for position, item in enumerate(items, 1)
        ),
    )
    return Draft(content, tuple(sieve.findings))


def window_of(issue: Issue) -> Window:
    """Return the stretch of time that the issue covers, in the publication's own zone."""
    start, end = (at.astimezone(clock.SEOUL) for at in (issue.window_start, issue.window_end))
    return Window(Cadence(issue.cadence), start, end)


def _shown(issue: Issue) -> list[IssueItem]:
    """Return the items of a draft; what was withdrawn or hidden is not among them."""
    items = issue.items.filter(hidden=False, paper__withdrawn_at=None)
    return list(items.select_related("paper"))


def _dailies(issue: Issue) -> dict[int, str]:
    """Return, for a weekly, which Daily of its week has already told readers of a paper."""
    if issue.cadence != Cadence.WEEKLY:
        return {}
    carried = IssueItem.objects.filter(
        hidden=False,
        issue__cadence=Cadence.DAILY,
        issue__state__in=BEGUN,
        issue__window_start__gte=issue.window_start,
        issue__window_end__lte=issue.window_end,
    ).order_by("-issue__window_start")
    return dict(carried.values_list("paper_id", "issue__slug"))


def _summaries(issue: Issue, items: Iterable[IssueItem]) -> dict[int, list[Summary]]:
    listed = listed_in(window_of(issue)).filter(paper__in=[item.paper.pk for item in items])
    # The stored bytes stay where they are; only what was made of them is needed here.
    light = listed.select_related("source__derived_from", "digest").defer(
        "raw", "digest__raw", "digest__text"
    )
    told: dict[int, list[Summary]] = {}
    for summary in light.order_by("listed_on", "pk"):
        told.setdefault(summary.paper_id, []).append(summary)
    return told


def _item(  # noqa: PLR0913, PLR0917 - what one paper is made of
    item: IssueItem,
    position: int,
    summaries: list[Summary],
    style: str,
    dailies: Mapping[int, str],
    sieve: Sieve,
) -> ItemContent:
    paper, place = item.paper, str(item.paper)
    institution = next((s.institution for s in summaries if s.institution), "")
    speaking = voices([_account(summary, item, sieve) for summary in summaries], style)
    sections = sieve.spoken(speaking, place)
    named = credits_of(summaries, _languages(speaking))
    if not sections and paper.abstract and paper.arxiv_id:
        # Whatever the terms of the digests are, arXiv gives its own words away.
        sections = (abstract_section(paper.abstract),)
        named = (*named, arxiv_credit(paper.arxiv_id))
    return ItemContent(
        position=position,
        title=paper.title,
        arxiv_id=paper.arxiv_id,
        title_ko=sieve.words(item.title_ko or paper.title_ko, place),
        authors=tuple(paper.authors),
        institution=sieve.words(institution, place),
        votes=item.votes,
        image=sieve.picture(paper.image, place),
        sections=sections,
        links=sieve.links(_links(summaries), place),
        credits=named,
        reason_ko=item.reason.get("ko", ""),
        reason_en=item.reason.get("en", ""),
        seen_in=dailies.get(paper.pk, ""),
        abstract=paper.abstract,
    )


def _languages(speaking: Iterable[Account]) -> dict[str, str]:
    """Return by the slug of each source that speaks in which language it does."""
    spoken: dict[str, str] = {}
    for account in speaking:
        lang = account.sections[0].lang
        spoken[account.source] = "both" if account.source in spoken else lang
    return spoken


def _dead(items: Iterable[IssueItem], told: Mapping[int, list[Summary]]) -> frozenset[str]:
    """Return the addresses of this draft at which nothing is any more."""
    links = {link["url"] for summaries in told.values() for one in summaries for link in one.links}
    return dead_among(links | {item.paper.image for item in items})


def _account(summary: Summary, item: IssueItem, sieve: Sieve) -> Account:
    sections = [Section(**section) for section in summary.sections]
    place = f"{item.paper} · {summary.source.name}"
    chosen = bool(item.speaker) and summary.source.slug == item.speaker
    subject = Subject(item.paper.title, item.paper.title_ko, item.paper.abstract)
    return Account(
        format=summary.digest.format,
        sections=sieve.own(sieve.sections(sections, place), subject, place, chosen=chosen),
        may_be_mailed=summary.source.may_be_mailed,
        chosen=chosen,
        source=summary.source.slug,
        name=summary.source.name,
        licence=licence_of(summary),
    )


def _links(summaries: Iterable[Summary]) -> tuple[Link, ...]:
    """Return every link once, by its address, in the order of the digests."""
    links = (Link(**link) for summary in summaries for link in summary.links)
    return tuple({link.url: link for link in reversed(list(links))}.values())[::-1]
