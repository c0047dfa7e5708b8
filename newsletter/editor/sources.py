"""Whom we read, how well it goes, and what an editor should know of it and can do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter.collect.models import Source, SourceFinding
from newsletter.common.errors import BadInput, NewsletterError, Refused
from newsletter.common.findings import Severity
from newsletter.editor import terms_form
from newsletter.editor.actions import actor
from newsletter.editor.digests import last_guessed
from newsletter.papers import told
from newsletter.tasks.collect import collect_source
from newsletter.tasks.publishing import publish
from newsletter.web.language import sentence

_NOTHING = told.Given(papers=0, texts=0)
_GRAVITY = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class DeskSource:
    """A source with what is wrong with it now, the gravest first."""

    source: Source
    findings: tuple[SourceFinding, ...]
    papers: int
    """How many papers it has ever given."""
    asked_for: bool
    """Whether it wrote texts and nobody has said on what terms they may be used."""
    terms: Mapping[str, str]
    """What its form shows."""
    words: str
    """What its newest post says of its maker, for who confirms it."""
    guessed: int | None = None
    """Its last digest that was read by guess."""

    @property
    def gravity(self) -> int:
        """The rank of its gravest finding; sources that are well come last."""
        ranks = [_GRAVITY[one.severity] for one in self.findings]
        ranks += [_GRAVITY[Severity.WARNING]] if self.asked_for else []
        return min(ranks, default=len(_GRAVITY))


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """List the sources, those that need somebody first."""
    return page(request)


@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down on what terms its texts may be used; what was typed stays where it was wrong."""
    source = get_object_or_404(Source, slug=slug)
    try:
        messages.success(request, terms_form.confirm(source, request.POST, actor(request)))
    except BadInput as error:
        messages.error(request, f"{sentence(error)} ({error.place})")
        return page(request, {slug: terms_form.typed(request.POST)}, status=400)
    return redirect("editor:sources")


def page(
    request: HttpRequest, typed: Mapping[str, Mapping[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of the sources, with what was typed into the form of one of them."""
    now = Prefetch("findings", SourceFinding.objects.filter(passed_at=None))
    read = Source.objects.prefetch_related(now).select_related("derived_from")
    read = read.annotate(words=told.words_of_maker()).order_by("-enabled", "name")
    given, guessed = told.given(), dict(last_guessed().values_list("source", "pk"))
    rows = [
        _row(source, given.get(source.pk, _NOTHING), typed or {}, guessed.get(source.pk))
        for source in read
    ]
    rows.sort(key=lambda row: row.gravity)
    context = {"rows": rows, "open": set(typed or {})}
    return render(request, "web/editor/sources.html", context, status=status)


@require_POST
def read_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the source read at once; the page does not wait for it."""
    source = get_object_or_404(Source, slug=slug)
    return _do(request, lambda: _read(source))


@require_POST
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop reading the source, or read it again; what it said so far stays."""
    source = get_object_or_404(Source, slug=slug)
    source.enabled = request.POST.get("deed") == "on"
    if source.enabled:
        source.next_check_at = None
    source.save(update_fields=["enabled", "next_check_at"])
    return _do(
        request,
        lambda: (
            _("It is used again.") if source.enabled else _("It is used no more; its papers stay.")
        ),
    )


def _do(request: HttpRequest, deed: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, deed())
    except NewsletterError as error:
        messages.error(request, sentence(error))
    return redirect("editor:sources")


def _read(source: Source) -> str:
    if not (source.enabled and source.interval):
        raise BadInput(
            "source.not_read",
            "꺼져 있거나 파일로만 가져오는 소스라서 읽을 수 없습니다.",
            "This source is off or fed by files only, so it cannot be read.",
            place=source.slug,
        )
    if not publish(collect_source, source.pk):
        raise Refused(
            "queue.unreachable",
            "작업 대기열에 닿지 않아 읽지 못했습니다. 잠시 뒤에 다시 시도해 주세요.",
            "The queue cannot be reached; nothing was read. Please try again in a moment.",
            place=source.slug,
        )
    return _("It is being read. Look again in a moment: %(name)s") % {"name": source.name}


def _row(
    source: Source,
    given: told.Given,
    typed: Mapping[str, Mapping[str, str]],
    guessed: int | None,
) -> DeskSource:
    found = sorted(source.findings.all(), key=lambda one: (_GRAVITY[one.severity], one.code))
    words = getattr(source, "words", "") or ""
    return DeskSource(
        source,
        tuple(found) if source.enabled else (),
        given.papers,
        asked_for=source.enabled and bool(given.texts) and not source.is_confirmed,
        terms=typed.get(source.slug) or terms_form.known(source),
        words="" if words == source.credit else words,
        guessed=guessed,
    )
