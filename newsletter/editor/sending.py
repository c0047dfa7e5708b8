"""The send: the typed confirmation, its progress, the brakes, and who got it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsletter.common.cadence import Cadence
from newsletter.delivery import deciding, invariants, sending
from newsletter.delivery.ledger import LedgerCounts, counts
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.editor import forms, reasons
from newsletter.editor.actions import actor, do
from newsletter.editor.desk import find
from newsletter.events import fates
from newsletter.events.fates import Fate
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers.audience import audience
from newsletter.subscribers.models import Subscriber
from newsletter.tasks.deliver import publish_issue

_PER_PAGE = 100
_PROGRESS = "editor:progress"


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the issue's name on GET; start the send on POST."""
    issue = find(slug)
    if request.method == "POST":
        return do(request, issue, lambda: _start(issue, request), "editor:send")
    if issue.state != IssueState.APPROVED:
        return redirect(_PROGRESS if issue.started_at else "editor:issue", issue.slug)
    readers = audience(Cadence(issue.cadence)).count()
    context = {
        "issue": issue,
        "readers": readers,
        "late_hours": settings.SCHEDULE_LIMIT_HOURS,
    }
    return render(request, "web/editor/send.html", context)


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the ledger's numbers; the page refreshes itself while they can still move."""
    issue = find(slug)
    if issue.started_at is None:
        return redirect("editor:issue", issue.slug)
    told = counts(issue)
    # Of an issue that was stopped, what counts is how many it reached.
    done = told.accepted if issue.state == IssueState.CANCELLED else told.ended
    context = {
        "issue": issue,
        "counts": told,
        "done": done,
        "left": deciding.left(issue.pk) if told.rejected else 0,
        "promises": invariants.check(issue),
        "percent": 100 * done // told.frozen if told.frozen else 100,
        "headline": headline(issue, told),
        "moving": issue.state == IssueState.SENDING or bool(told.sending),
    }
    return render(request, "web/editor/progress.html", context)


@require_safe
def recipients(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is to get the issue and what became of each letter."""
    issue, status = find(slug), request.GET.get("status", "")
    wanted = request.GET.get("fate", "")
    rows = Delivery.objects.filter(issue=issue)
    if wanted in set(Fate):
        rows = fates.letters_with(issue, Fate(wanted))
    if status in set(DeliveryStatus):
        rows = rows.filter(status=status)
    rows = rows.order_by("pk")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    people = Subscriber.objects.in_bulk([row.subscriber_id for row in page])
    context = {
        "issue": issue,
        "page": page,
        "people": people,
        "fates": fates.of_letters([row.pk for row in page]),
        "said": reasons.said,
        "status": status,
        "fate": wanted,
        "all_fates": [one.value for one in Fate],
        "statuses": [one.value for one in DeliveryStatus],
    }
    return render(request, "web/editor/recipients.html", context)


@require_POST
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop handing letters over until somebody resumes."""
    issue = find(slug)

    def deed() -> str:
        sending.pause(issue.pk, _("paused by %(name)s") % {"name": actor(request)})
        return _("Paused. Letters already handed over will still arrive.")

    return do(request, issue, deed, _PROGRESS)


@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a paused send."""
    issue = find(slug)

    def deed() -> str:
        sending.resume(issue.pk, actor(request))
        publish_issue(issue.pk)
        return _("Sending goes on.")

    return do(request, issue, deed, _PROGRESS)


@require_POST
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop for good, once the name of the issue has been typed."""
    issue = find(slug)

    def deed() -> str:
        forms.confirm_slug(request.POST, issue.slug)
        sending.cancel(issue.pk, actor(request))
        return _("Cancelled. Whoever had not been written to will not be.")

    return do(request, issue, deed, _PROGRESS)


def headline(issue: Issue, told: LedgerCounts) -> str:
    """Return one sentence on the send. It never says "sent" while a letter may still move."""
    if issue.state == IssueState.PAUSED:
        return _("Paused")
    if told.queued or told.sending:
        return _("Sending") if issue.state == IssueState.SENDING else _("Stopping")
    if told.uncertain:
        return _("Waiting for certainty")
    return _("Cancelled") if issue.state == IssueState.CANCELLED else _("Sent")


def _start(issue: Issue, request: HttpRequest) -> str:
    forms.confirm_slug(request.POST, issue.slug)
    sending.start(issue.pk, actor(request))
    if publish_issue(issue.pk):
        return _("Sending has begun.")
    return _("Sending begins as soon as the queue is back.")
