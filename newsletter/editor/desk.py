"""What an editor sees: the issues, and one issue with the reasons for each of its papers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsletter.collect.models import Source
from newsletter.common.findings import Finding, Severity, gathered
from newsletter.delivery import notices
from newsletter.delivery.ledger import LedgerCounts, counts
from newsletter.delivery.models import Batch
from newsletter.editor import checking, forms
from newsletter.issues import approval, editing, reasons
from newsletter.issues.candidates import listed_in
from newsletter.issues.content import IssueContent, ItemContent
from newsletter.issues.drafting import window_of
from newsletter.issues.gate import DROPPED
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.outside import Sides, sides
from newsletter.issues.ranking import Candidate, Told, Withheld
from newsletter.issues.states import IssueState
from newsletter.papers.identity import title_key
from newsletter.papers.models import Paper, Summary
from newsletter.render.text import first_sentences
from newsletter.web.language import page_language

_ON_THE_DESK = 40
_OPENING = 90
_PREVIEWS = 5
_MOVING = (IssueState.SENDING, IssueState.PAUSED)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An issue in the list: how many readers it has, and how far it is."""

    issue: Issue
    readers: int
    counts: LedgerCounts | None
    """Only while it moves; an issue that was sent is settled."""


@dataclass(frozen=True, slots=True)
class DeskItem:
    """A paper of an issue with what its content shows of it, and why it is in it or not."""

    item: IssueItem
    content: ItemContent | None
    """``None`` where the paper is hidden, or was left out of the mail."""
    reason: str
    weighed: str
    """What the rule weighed; empty for an issue that was ranked before this was kept."""
    speakers: tuple[Source, ...]
    """The sources that wrote of it in words that may be mailed."""

    @property
    def title_ko(self) -> str:
        """Return its Korean title, as an editor or a digest gave it."""
        return self.item.title_ko or self.item.paper.title_ko

    @property
    def opening(self) -> str:
        """Return the first sentence of the text that the mail shows."""
        if self.content is None or not self.content.sections:
            return ""
        return first_sentences(self.content.sections[0].text, _OPENING)

    @property
    def opening_lang(self) -> str:
        """Return the language of that sentence."""
        return self.content.sections[0].lang if self.content and self.content.sections else ""


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """List the issues, the newest first, with their state and numbers."""
    newest = list(Issue.objects.order_by("-window_end", "cadence")[:_ON_THE_DESK])
    sizes = Batch.objects.filter(issue__in=newest).values_list("issue").annotate(Sum("size"))
    readers = dict(sizes)
    rows = [
        DeskRow(
            issue=issue,
            readers=readers.get(issue.pk, 0),
            counts=counts(issue) if issue.state in _MOVING else None,
        )
        for issue in newest
    ]
    return render(request, "web/editor/issues.html", {"rows": rows})


@require_safe
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that decides whether this issue should leave."""
    found = find(slug)
    content = editing.content_of(found)
    seen = checking.look(found, content)
    both = sides(found)
    context = {
        "issue": found,
        "content": content,
        "items": _items(found, content, seen.findings, both),
        "findings": gathered(seen.findings),
        "gauges": seen.gauges,
        "closed": bool(approval.errors_of(seen.findings)),
        "can_be_lifted": approval.can_be_lifted(seen.findings),
        "warned": any(finding.severity is Severity.WARNING for finding in seen.findings),
        "draft": found.state == IssueState.DRAFT,
        "outsiders": both.outside[:_ON_THE_DESK],
        "korean_outside": sum(one.candidate.told is Told.KOREAN for one in both.outside),
        "unconfirmed": any(one.withheld is Withheld.UNCONFIRMED for one in both.all),
        "styles": editing.STYLES,
        "counts": None if found.started_at is None else counts(found),
        "previews": notices.previews_of(found, _PREVIEWS),
        "addresses": request.session.get(forms.TYPED, ", ".join(settings.EDITOR_ADDRESSES)),
        "inbox": settings.MAIL_BACKEND == "inbox",
    }
    return render(request, "web/editor/issue.html", context)


def find(slug: str) -> Issue:
    """Return the issue, with its revision, or raise the 404."""
    return get_object_or_404(Issue.objects.select_related("revision"), slug=slug)


def _items(
    found: Issue, content: IssueContent, told: Iterable[Finding], both: Sides
) -> list[DeskItem]:
    """Pair each paper with its content, which leaves out what is hidden or withdrawn."""
    korean = page_language() == "ko"
    shown = {one.arxiv_id or _folded(one.title): one for one in content.items}
    dropped = {one.place: one.ko if korean else one.en for one in told if one.code == DROPPED}
    all_by_id = all(one.arxiv_id for one in content.items)
    speakers, called = _speakers(found), {} if all_by_id else _called(found)
    items = []
    for item in found.items.select_related("paper"):
        own = None if item.hidden else _content(item.paper, shown, called)
        left_out = "" if own else dropped.get(item.paper.arxiv_id or "", "")
        items.append(
            DeskItem(
                item=item,
                content=own,
                reason=left_out or item.reason.get("ko" if korean else "en", ""),
                weighed=_weighed(both.inside.get(item.paper_id), korean=korean),
                speakers=tuple(speakers.get(item.paper_id, {}).values()),
            )
        )
    return items


def _weighed(candidate: Candidate | None, *, korean: bool) -> str:
    if candidate is None:
        return ""
    words = reasons.for_editors(candidate)
    return words.ko if korean else words.en


def _content(
    paper: Paper, shown: Mapping[str, ItemContent], called: Mapping[int, list[str]]
) -> ItemContent | None:
    """Return what is shown of a paper; one that had no id when it was frozen goes by its title."""
    keys = [paper.arxiv_id or "", _folded(paper.title), *called.get(paper.pk, [])]
    return next((shown[key] for key in keys if key in shown), None)


def _called(found: Issue) -> dict[int, list[str]]:
    """Return by paper what else it was ever called: it may have got its id and a new title since.

    By which another paper of the issue goes now is that one's alone.
    """
    told = Summary.objects.filter(paper__in=found.items.values("paper")).exclude(title_key="")
    others = told.exclude(title_key__in=found.items.values("paper__title_key"))
    called: dict[int, list[str]] = {}
    for paper, key in others.values_list("paper_id", "title_key").distinct():
        called.setdefault(paper, []).append(key)
    return called


def _folded(title: str) -> str:
    return title_key(title) or title


def _speakers(found: Issue) -> dict[int, dict[int, Source]]:
    """Return by paper who wrote of it; a licence that forbids mailing cannot be overruled."""
    told = listed_in(window_of(found)).filter(paper__in=found.items.values("paper"))
    with_words = told.filter(source__may_be_mailed=True).exclude(sections=[])
    speakers: dict[int, dict[int, Source]] = {}
    for summary in with_words.select_related("source").only("paper_id", "source").order_by("pk"):
        speakers.setdefault(summary.paper_id, {})[summary.source_id] = summary.source
    return speakers
