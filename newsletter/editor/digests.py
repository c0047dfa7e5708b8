"""A digest beside its original: what was read by guess, and whether an editor finds it right."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter.collect import beside
from newsletter.collect.beside import Beside, Stretch
from newsletter.collect.digests.digest import Listing
from newsletter.collect.models import StoredDigest
from newsletter.common import confined
from newsletter.common.errors import NewsletterError
from newsletter.papers import judging
from newsletter.papers.models import Summary
from newsletter.web.language import sentence

_MOST_OTHERS = 20
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Shown:
    """Some lines of the original, what was read of them, and the row that keeps it."""

    stretch: Stretch
    summary: Summary | None


def last_guessed() -> QuerySet[StoredDigest]:
    """Return the digests that were read by guess, the last one last."""
    return StoredDigest.objects.filter(format=Listing.GENERIC).order_by("read_at", "pk")


@require_safe
def digest(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was read of a digest beside its text."""
    stored = get_object_or_404(StoredDigest.objects.select_related("source"), pk=number)
    looked = _looked(request, stored)
    rows = Summary.objects.filter(digest=stored).select_related("paper")
    known = {row.paper.arxiv_id: row for row in rows.defer("raw")}
    others = last_guessed().filter(source=stored.source).exclude(pk=stored.pk).defer("raw", "text")
    context = {
        "digest": stored,
        "by_guess": stored.format == Listing.GENERIC,
        "stretches": [Shown(one, _row(one, known)) for one in looked.stretches] if looked else [],
        "findings": looked.file.findings if looked else (),
        "others": others.reverse()[:_MOST_OTHERS],
    }
    return render(request, "web/editor/digest.html", context)


@require_POST
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what an editor says of one paper of a digest."""
    summary = get_object_or_404(Summary, pk=_number(request.POST.get("summary", "")), digest=number)
    try:
        judging.judge(summary, request.POST.get("verdict", ""))
        messages.success(request, _("Saved."))
    except NewsletterError as error:
        messages.error(request, sentence(error))
    response = redirect("editor:digest", number)
    response.headers["Location"] += f"#summary-{summary.pk}"
    return response


def _looked(request: HttpRequest, stored: StoredDigest) -> Beside | None:
    """Read the stored bytes again, within the limits of everything foreign."""
    raw, name = bytes(stored.raw), stored.name
    try:
        return confined.call(beside.look, raw, name, stored.format, place=name)
    except NewsletterError as error:
        messages.error(request, sentence(error))
        return None


def _row(stretch: Stretch, known: dict[str | None, Summary]) -> Summary | None:
    return known.get(stretch.entry.arxiv_id) if stretch.entry else None


def _number(text: str) -> int:
    """Return the number of a row; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
