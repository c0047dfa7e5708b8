"""What only a person can decide: letters in doubt, and letters that were refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from newsletter.delivery import deciding
from newsletter.editor import forms
from newsletter.editor.actions import actor, do
from newsletter.editor.desk import find
from newsletter.issues.models import Issue
from newsletter.tasks.deliver import publish_issue

_PROGRESS = "editor:progress"
Decision = Callable[[int, str], int]


@require_POST
def retry(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the letters in doubt again, once the name was typed; some readers may get it twice."""
    issue = find(slug)

    def decide(issue_id: int, actor: str) -> int:
        forms.confirm_slug(request.POST, issue.slug)
        return deciding.retry(issue_id, actor)

    return _send_again(request, issue, decide)


@require_POST
def retry_rejected(request: HttpRequest, slug: str) -> HttpResponse:
    """Try the refused letters once more."""
    return _send_again(request, find(slug), deciding.retry_rejected)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the letters in doubt as they are; some readers may not get the issue."""
    issue = find(slug)

    def deed() -> str:
        number = deciding.leave(issue.pk, actor(request))
        return ngettext("%(num)s letter was left.", "%(num)s letters were left.", number) % {
            "num": number
        }

    return do(request, issue, deed, _PROGRESS)


def _send_again(request: HttpRequest, issue: Issue, decide: Decision) -> HttpResponse:
    def deed() -> str:
        number = decide(issue.pk, actor(request))
        publish_issue(issue.pk)
        return ngettext(
            "%(num)s letter is queued again.", "%(num)s letters are queued again.", number
        ) % {"num": number}

    return do(request, issue, deed, _PROGRESS)
