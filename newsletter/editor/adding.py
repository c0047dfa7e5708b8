"""A source is added at the desk: checked as on the command line, and read at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.collect import licences
from newsletter.collect.licences import Writer
from newsletter.collect.models import Source
from newsletter.collect.registering import Registration, register
from newsletter.collect.schedule import Interval
from newsletter.common.errors import BadInput
from newsletter.editor import forms
from newsletter.editor.actions import actor
from newsletter.tasks.collect import collect_source
from newsletter.tasks.publishing import publish
from newsletter.web.language import sentence


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask what to read on GET; register it on POST. What was typed stays where it was wrong."""
    if request.method != "POST":
        return _page(request, QueryDict())
    try:
        source = register(_asked(request.POST), actor(request))
    except BadInput as error:
        messages.error(request, f"{sentence(error)} ({error.place})")
        return _page(request, request.POST, status=400)
    messages.success(request, _read_at_once(source))
    if not source.may_be_mailed:
        messages.success(request, _("Its texts are linked and never mailed."))
    elif licences.forbids_mailing(source.licence):
        messages.success(request, _("Its texts are mailed although its licence forbids it."))
    return redirect("editor:sources")


def _asked(data: QueryDict) -> Registration:
    return Registration(
        kind=forms.line(data, "kind"),
        address=forms.line(data, "address"),
        slug=forms.line(data, "slug"),
        interval=forms.one_of(data, "interval", Interval.DAILY),
        name=forms.line(data, "name"),
        credit=forms.line(data, "credit"),
        licence=forms.line(data, "licence"),
        may_be_mailed={"yes": True, "no": False}.get(data.get("mail", "")),
        written_by=forms.one_of(data, "written_by", Writer.UNKNOWN),
        adopt="adopt" in data,
    )


def _read_at_once(source: Source) -> str:
    """Have it read now; where the queue is away, its turn comes with the clock."""
    name = {"name": source.name}
    if publish(collect_source, source.pk):
        return _("Added. It is being read for the first time: %(name)s") % name
    return _("Added. It is read as soon as the queue is back: %(name)s") % name


def _page(request: HttpRequest, typed: QueryDict, status: int = 200) -> HttpResponse:
    return render(request, "web/editor/add_source.html", {"typed": typed}, status=status)
