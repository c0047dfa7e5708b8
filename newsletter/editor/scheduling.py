"""The time at which an approved issue leaves by itself, and how it is taken back."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsletter.common import clock
from newsletter.delivery import scheduling
from newsletter.editor import forms
from newsletter.editor.actions import actor, do
from newsletter.editor.desk import find

_PAGE = "editor:send"


@require_POST
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the issue leave at the time that was typed, once its name was typed too."""
    issue = find(slug)

    def deed() -> str:
        forms.confirm_slug(request.POST, issue.slug)
        when = scheduling.parse_moment(request.POST.get("at", ""))
        scheduling.schedule(issue, when, actor(request))
        told = when.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
        return _("It leaves by itself at %(time)s.") % {"time": told}

    return do(request, issue, deed, _PAGE)


@require_POST
def forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the time back; the issue stays approved."""
    issue = find(slug)

    def deed() -> str:
        scheduling.forget(issue, actor(request))
        return _("The time is forgotten; the issue stays approved.")

    return do(request, issue, deed, _PAGE)
