"""The issues that were sent, for anyone to read."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsletter.common.cadence import Cadence, Language
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.content import IssueContent
from newsletter.issues.editing import content_of
from newsletter.issues.models import Issue
from newsletter.issues.states import BEGUN, IssueState
from newsletter.render import show, views
from newsletter.web.addresses import paper_paths
from newsletter.web.language import page_language, reader_language
from newsletter.web.story import stories

_PER_PAGE = 60
_TEASED = 5


def published() -> QuerySet[Issue]:
    """Return the issues that anybody may read, the newest first."""
    return Issue.objects.filter(state__in=BEGUN).order_by("-window_end", "cadence")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List the issues, all of them or those of one cadence."""
    issues, cadence = published(), request.GET.get("cadence", "")
    if cadence in set(Cadence):
        issues = issues.filter(cadence=cadence)
    page = Paginator(issues, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/archive/list.html", {"page": page, "cadence": cadence})


@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an issue as a page, in one language or in both; drafts only to editors."""
    found = get_object_or_404(Issue.objects.select_related("revision"), slug=slug)
    stopped = found.state == IssueState.CANCELLED and _has_readers(found)
    if found.state not in BEGUN and not stopped and not request.user.is_authenticated:
        raise Http404
    content, language = content_of(found), reader_language()
    both = request.GET.get("read") == "both"
    before, after = neighbours(found)
    context = {
        "issue": found,
        "content": content,
        "description": description(content),
        "stories": stories(content.items, language, both=both),
        "papers": paper_paths(content.items),
        "corrections": views.corrections(content, reverse("web:issue", args=[slug])),
        "intro": show.chosen(content.intro, Language.BOTH if both else language),
        "period": show.period(content.start, content.end, language),
        "both": both,
        "before": before,
        "after": after,
        "public": found.state in BEGUN,
        "stopped": stopped,
    }
    return render(request, "web/archive/issue.html", context)


def _has_readers(issue: Issue) -> bool:
    """Tell whether letters of a cancelled issue were taken: their links have to lead here."""
    return Delivery.objects.filter(issue=issue, status=DeliveryStatus.ACCEPTED).exists()


def neighbours(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """Return the public issues of the same cadence before and after this one."""
    alike = published().filter(cadence=issue.cadence)
    before = alike.filter(window_start__lt=issue.window_start).first()
    return before, alike.filter(window_start__gt=issue.window_start).last()


def description(content: IssueContent) -> str:
    """Return the first papers of an issue by name, for search engines and link previews."""
    korean = page_language() == "ko"
    shown = content.items[:_TEASED]
    titles = [(korean and item.title_ko) or item.title for item in shown]
    return ", ".join(title.partition(":")[0] for title in titles)
