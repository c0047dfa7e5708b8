"""One page for each paper that an issue carried: all that was said of it, and by whom.

A text whose source may not be passed on is credited and linked, never shown: a
page is a publication just as a mail is.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from newsletter.collect.digests.digest import Link, Section
from newsletter.collect.digests.failures import told_apart
from newsletter.common import clock
from newsletter.issues.content import Credit
from newsletter.issues.crediting import licence_of, origin_of
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.prose_check import is_no_summary
from newsletter.papers.models import Paper, Summary, Verdict, VoteObservation
from newsletter.render import links, show
from newsletter.render.text import one_line
from newsletter.render.view import SectionView
from newsletter.web.addresses import absolute, paper_path
from newsletter.web.archive import published
from newsletter.web.bibtex import Citation, bibtex, year_of
from newsletter.web.chart import Vote, by_source, daily, votes_chart
from newsletter.web.language import reader_language


@dataclass(frozen=True, slots=True)
class Told:
    """What one source said of a paper, on which day, and where to read it."""

    name: str
    url: str
    licence: str
    day: date
    sections: tuple[SectionView, ...]
    """In the page's language; empty where the text may only be linked."""
    other: tuple[SectionView, ...]
    linked_only: bool
    origin: Credit | None
    """Whose list it tells again, where that one is not named by itself."""


@require_safe
def paper(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """Show the paper with this arXiv id."""
    return _page(request, get_object_or_404(Paper, arxiv_id=arxiv_id))


@require_safe
def paper_by_number(request: HttpRequest, number: int) -> HttpResponse:
    """Show a paper that has no id, or lead to its own address once it has one."""
    found = get_object_or_404(Paper, pk=number)
    own = paper_path(found.arxiv_id, found.pk)
    return _page(request, found) if own == request.path else redirect(own, permanent=True)


@require_safe
def paper_version(request: HttpRequest, arxiv_id: str, version: int) -> HttpResponse:  # noqa: ARG001 - all versions of a paper are one
    """Lead from an address with a version to the paper."""
    return redirect("web:paper", arxiv_id, permanent=True)


@require_safe
def citation(request: HttpRequest, arxiv_id: str = "", number: int = 0) -> HttpResponse:
    """Return the paper as a BibTeX entry."""
    found = get_object_or_404(Paper, **({"arxiv_id": arxiv_id} if arxiv_id else {"pk": number}))
    _refuse_unsent(request, found)
    own = absolute(paper_path(found.arxiv_id, found.pk))
    entry = Citation(
        title=found.arxiv_title or found.title,
        authors=found.authors,
        year=_year(found),
        arxiv_id=found.arxiv_id or "",
        category=next(iter(found.categories), ""),
        url=links.arxiv(found.arxiv_id) if found.arxiv_id else own,
    )
    return HttpResponse(bibtex(entry), content_type="text/plain; charset=utf-8")


def carriers(paper: Paper) -> QuerySet[Issue]:
    """Return the public issues that carried the paper, the newest first."""
    shown = IssueItem.objects.filter(paper=paper, hidden=False)
    return published().filter(pk__in=shown.values("issue"))


def _page(request: HttpRequest, paper: Paper) -> HttpResponse:
    issues = _refuse_unsent(request, paper)
    summaries = list(_summaries(paper))
    votes = daily(_votes(paper), clock.SEOUL)
    counted = by_source(votes)
    told = [_told(summary, summaries) for summary in summaries]
    context = {
        "paper": paper,
        "path": paper_path(paper.arxiv_id, paper.pk),
        "told": told,
        "sources": len({summary.source_id for summary in summaries}),
        "links": _links(paper, summaries),
        "image": links.picture(paper.image),
        "votes": max((seen[-1].value for seen in counted.values()), default=None),
        "counted": counted,
        "chart": votes_chart(votes),
        "issues": issues,
        "description": _description(paper, told),
    }
    return render(request, "web/papers/paper.html", context)


def _refuse_unsent(request: HttpRequest, paper: Paper) -> QuerySet[Issue]:
    """Return the issues that carried the paper; where there are none, it is for editors only."""
    issues = carriers(paper)
    if not issues.exists() and not request.user.is_authenticated:
        raise Http404
    return issues


def _summaries(paper: Paper) -> QuerySet[Summary]:
    told = Summary.objects.filter(paper=paper).exclude(verdict=Verdict.NO_PAPER)
    written = told.select_related("source__derived_from", "digest")
    light = written.defer("raw", "digest__raw", "digest__text")
    return light.order_by("listed_on", "source__name", "pk")


def _told(summary: Summary, summaries: list[Summary]) -> Told:
    source, language = summary.source, reader_language()
    read = (Section(**section) for section in summary.sections)
    sections = tuple(
        replace(section, text=told_apart(section.text)[0])
        for section in read
        if not is_no_summary(section)
    )
    may_be_shown = sections if source.may_be_mailed else ()
    own = show.spoken(may_be_shown, language)
    return Told(
        name=source.known_as,
        url=links.absolute(summary.page),
        licence=licence_of(summary),
        day=summary.listed_on,
        sections=show.chosen(own, language),
        other=show.chosen([one for one in may_be_shown if one not in own], language),
        linked_only=bool(sections) and not source.may_be_mailed,
        origin=origin_of(summary, summaries),
    )


def _votes(paper: Paper) -> list[Vote]:
    observed = VoteObservation.objects.filter(paper=paper).order_by("observed_at", "pk")
    rows = observed.values_list("source__name", "observed_at", "value")
    return [Vote(source, at, value) for source, at, value in rows]


def _links(paper: Paper, summaries: list[Summary]) -> tuple[Link, ...]:
    written = tuple(Link(**link) for summary in summaries for link in summary.links)
    further = links.further(written, paper.arxiv_id)
    if not paper.arxiv_id:
        return further
    return show.own_links(paper.arxiv_id, reader_language()) + further


def _description(paper: Paper, told: list[Told]) -> str:
    first = next((one.sections[0].text for one in told if one.sections), paper.abstract)
    return one_line(first.replace("**", "") or paper.title, 150)


def _year(paper: Paper) -> int:
    known = paper.published_at or paper.first_seen_at
    return known.year if paper.published_at else year_of(paper.arxiv_id or "", known.date())
