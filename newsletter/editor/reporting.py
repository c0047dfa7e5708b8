"""How an issue fared: what mailbox providers did with it, and what readers did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from newsletter.editor.desk import find
from newsletter.insights.reports import issue_report


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the numbers in all and for each mailbox provider, against the bars of the large ones."""
    issue = find(slug)
    if issue.started_at is None:
        return redirect("editor:issue", issue.slug)
    context = {"issue": issue, "report": issue_report(issue)}
    return render(request, "web/editor/report.html", context)
