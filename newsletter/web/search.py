"""Searching past issues by word, arXiv id and author."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsletter.issues.models import Issue
from newsletter.web import search_index
from newsletter.web.addresses import paper_path, row_numbers
from newsletter.web.models import SearchEntry
from newsletter.web.searching import MOST_LETTERS, Excerpt, excerpt, terms

_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue carried the paper."""

    issue: Issue
    position: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found, once, with every issue that carried it."""

    title: str
    subtitle: str
    authors: str
    path: str
    excerpt: Excerpt
    places: tuple[Place, ...]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for ``q``; without one, the form alone."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_LETTERS]
    wanted = terms(asked)
    page = Paginator(search_index.papers(wanted), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "understood": bool(wanted),
        "page": page,
        "hits": _hits(page, wanted),
    }
    return render(request, "web/archive/search.html", context)


def _hits(page: Page[str], wanted: tuple[str, ...]) -> list[Hit]:
    """Return the papers of one page in their order; their rows are read in one statement."""
    keys = list(page)
    rows = search_index.matching(()).filter(key__in=keys).select_related("issue")
    entries: dict[str, list[SearchEntry]] = {key: [] for key in keys}
    for entry in rows.order_by("-issue__window_end", "issue__cadence"):
        entries[entry.key].append(entry)
    shown = [entry for found in entries.values() for entry in found]
    numbers = row_numbers(entry.title for entry in shown if not entry.arxiv_id)
    return [_hit(found, numbers, wanted) for found in entries.values() if found]


def _hit(entries: list[SearchEntry], numbers: dict[str, int], wanted: tuple[str, ...]) -> Hit:
    newest = entries[0]
    return Hit(
        title=newest.title_ko or newest.title,
        subtitle=newest.title if newest.title_ko else "",
        authors=newest.authors,
        path=paper_path(newest.arxiv_id, numbers.get(newest.key)),
        excerpt=excerpt(newest.text, wanted),
        places=tuple(Place(entry.issue, entry.position) for entry in entries),
    )
