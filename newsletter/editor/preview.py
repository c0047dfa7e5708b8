"""The mail as readers will see it, on a phone and on a desk, in each language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsletter.common.cadence import Language
from newsletter.delivery.letters import site
from newsletter.delivery.preview import NOBODY
from newsletter.editor.desk import find
from newsletter.editor.forms import mail_language
from newsletter.issues.editing import content_of
from newsletter.render.compile import compile_issue
from newsletter.render.mail import RenderedMail
from newsletter.render.personalize import personalize
from newsletter.web.framed import framed, mail_document

_WIDTHS = ("full", "phone")


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the mail in a frame, wide or as narrow as a phone, or its text part."""
    issue, language = find(slug), mail_language(request.GET)
    width = request.GET.get("width", "full")
    rendered = _rendered(slug, language)
    context = {
        "issue": issue,
        "mail": language.value,
        "languages": [one.value for one in Language],
        "width": width if width in _WIDTHS else "full",
        "rendered": rendered,
        "size": len(rendered.html.encode()),
        "as_text": "text" in request.GET,
    }
    return render(request, "web/editor/preview.html", context)


@require_safe
@framed
def mail(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the HTML of the mail, to be framed."""
    return mail_document(_rendered(slug, mail_language(request.GET)).html)


def _rendered(slug: str, language: Language) -> RenderedMail:
    return personalize(compile_issue(content_of(find(slug)), language, site()), NOBODY)
