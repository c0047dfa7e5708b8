"""What search engines ask for: where they may go, and which pages there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsletter.issues.models import IssueItem
from newsletter.web.addresses import absolute, paper_path
from newsletter.web.archive import published

# The protocol allows so many; the newest are the ones worth finding.
_MOST_ADDRESSES = 50_000
# Pages of one reader, of editors, or without end: nothing there is for a search engine.
_PRIVATE = ("/c/", "/desk/", "/inbox/", "/link/", "/p/", "/search/", "/u/")


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page that a search engine should know."""

    address: str
    changed: datetime | None = None


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Return which paths robots should leave alone (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE), ""]
    lines.append(f"Sitemap: {absolute(reverse('web:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return every public page: the front page, the issues, the papers."""
    context = {"pages": list(islice(_pages(), _MOST_ADDRESSES))}
    return render(request, "web/archive/sitemap.xml", context, content_type="application/xml")


def _pages() -> Iterator[SitePage]:
    yield SitePage(absolute(reverse("web:home")))
    yield SitePage(absolute(reverse("web:archive")))
    for slug, sent in published().values_list("slug", "started_at"):
        yield SitePage(absolute(reverse("web:issue", args=[slug])), sent)
    shown = IssueItem.objects.filter(issue__in=published().order_by(), hidden=False)
    papers = shown.values("paper__arxiv_id", "paper_id").annotate(sent=Max("issue__started_at"))
    for paper in papers.order_by("-sent", "-paper_id"):
        path = paper_path(paper["paper__arxiv_id"], paper["paper_id"])
        yield SitePage(absolute(path), paper["sent"])
