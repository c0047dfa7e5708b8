"""Makes the issue of a window: once, however many ask at the same time.

Digests come late. As long as an issue is a draft it can be refreshed: it takes
in what came since, and keeps whatever an editor has decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.common.errors import Declined
from newsletter.issues import figures
from newsletter.issues.candidates import candidates
from newsletter.issues.drafting import window_of
from newsletter.issues.holding import lock_draft
from newsletter.issues.introducing import introducing, spoken_in
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.ranking import Candidate, Ranked, Ranking, rank
from newsletter.issues.states import IssueState
from newsletter.issues.window import Window, latest_window

_STILL_FRESH = timedelta(days=7)
# What refreshing writes of a paper that stays.
_COUNTED = ("position", "votes", "source_count", "reason")


@dataclass(frozen=True, slots=True)
class Assembled:
    """The issue of a window, and whether this call made it."""

    issue: Issue
    created: bool


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many papers a draft gained and lost."""

    added: int
    removed: int


def assemble_latest(cadence: Cadence) -> Assembled:
    """Return the issue of the last window that is wholly past."""
    return assemble(latest_window(cadence, clock.now(), clock.SEOUL))


def assemble(window: Window) -> Assembled:
    """Return the issue of ``window``, made now if there is none.

    Raises :class:`Declined` (``issue.empty``) where no digest listed a paper in
    it: a quiet day makes no issue.
    """
    if known := _known(window):
        return Assembled(known, created=False)
    ranked = _rank(candidates(window), window.cadence).placed
    if not ranked:
        raise Declined(
            "issue.empty",
            "이 기간에 소개된 논문이 없어 호를 만들지 않았습니다.",
            "No digest listed a paper in this window, so no issue was made.",
            place=window.slug,
        )
    try:
        return Assembled(_create(window, ranked), created=True)
    except IntegrityError:
        # Somebody else made it between our look and our write; theirs is the issue.
        return Assembled(Issue.objects.get(slug=window.slug), created=False)


def fresh_drafts() -> list[Issue]:
    """Return the drafts whose window ended not long ago; older ones were left for a reason."""
    since = clock.now() - _STILL_FRESH
    return list(Issue.objects.filter(state=IssueState.DRAFT, window_end__gte=since))


@transaction.atomic
def refresh(issue: Issue) -> Refreshed:
    """Rank a draft anew with what has come in, votes still at its cut-off.

    What is pinned, hidden, moved, or has a speaker or a title of the editor's choice stays.
    Where nothing came, nothing is written.
    Raises :class:`Refused` (``issue.frozen``) for an issue that is no draft any more.
    """
    lock_draft(issue)
    window = window_of(issue)
    items = {item.paper_id: item for item in issue.items.all()}
    ranking = ranking_of(window, items.values())
    ranked = {place.candidate.paper_id: place for place in ranking.placed}
    known = {one.paper_id: one for one in ranking.outside}
    known |= {paper: place.candidate for paper, place in ranked.items()}
    gone = [i for i in items.values() if ranked and not (i.paper_id in ranked or i.is_decided)]
    if gone:
        IssueItem.objects.filter(pk__in=[item.pk for item in gone]).delete()
    stays = [item for item in items.values() if item not in gone]
    before = [_counted(item) for item in stays]
    new = [_item(issue, place) for paper, place in ranked.items() if paper not in items]
    for item in stays:
        _recount(item, known.get(item.paper_id))
    _place([*stays, *new], list(ranked))
    changed = [item for item, was in zip(stays, before, strict=True) if _counted(item) != was]
    IssueItem.objects.bulk_create(new)
    IssueItem.objects.bulk_update(changed, _COUNTED)
    _refresh_intro(issue, window)
    return Refreshed(added=len(new), removed=len(gone))


def _refresh_intro(issue: Issue, window: Window) -> None:
    issue.refresh_from_db()
    intro = _intro(window)
    if not issue.intro_by_editor and issue.intro != intro:
        issue.intro = intro
        issue.save(update_fields=["intro"])


def _counted(item: IssueItem) -> tuple[Any, ...]:
    return tuple(getattr(item, field) for field in _COUNTED)


def ranking_of(window: Window, items: Iterable[IssueItem]) -> Ranking:
    """Return how the papers of ``window`` rank now, by what an editor decided of ``items``."""
    return ranking_among(candidates(window), window.cadence, items)


def ranking_among(
    found: Iterable[Candidate], cadence: Cadence, items: Iterable[IssueItem]
) -> Ranking:
    """Return how these candidates rank, by what an editor decided of ``items``."""
    decided = list(items)
    pinned = {item.paper_id for item in decided if item.pinned}
    hidden = {item.paper_id for item in decided if item.hidden}
    return _rank(
        (
            replace(one, pinned=one.paper_id in pinned, hidden=one.paper_id in hidden)
            for one in found
        ),
        cadence,
    )


def _rank(found: Iterable[Candidate], cadence: Cadence) -> Ranking:
    return rank(found, _limit(cadence), least_told=settings.LEAST_TOLD_PERCENT)


def _recount(item: IssueItem, candidate: Candidate | None) -> None:
    """Write what is known of a paper now; of one that no digest lists any more, what was."""
    if candidate is None:
        return
    item.votes, item.source_count = candidate.votes, candidate.source_count
    item.reason = figures.kept_of(candidate)


def _place(items: list[IssueItem], ranked: list[int]) -> None:
    """Give each item its number: pinned ones as they stood, then by rank; moved ones stay."""
    order = {paper: number for number, paper in enumerate(ranked)}
    by_rule = sorted(
        (item for item in items if not item.moved),
        key=lambda item: (
            not item.pinned,
            item.position if item.pinned else order.get(item.paper_id, len(order)),
        ),
    )
    for item in sorted((item for item in items if item.moved), key=lambda item: item.position):
        by_rule.insert(item.position - 1, item)
    for number, item in enumerate(by_rule, 1):
        item.position = number


def _known(window: Window) -> Issue | None:
    return Issue.objects.filter(cadence=window.cadence, window_start=window.start).first()


@transaction.atomic
def _create(window: Window, ranked: Iterable[Ranked]) -> Issue:
    issue = Issue.objects.create(
        cadence=window.cadence,
        window_start=window.start,
        window_end=window.end,
        slug=window.slug,
        title=window.title,
        subject=window.title,
        style=_style(window.cadence),
        intro=_intro(window),
    )
    IssueItem.objects.bulk_create(_item(issue, place) for place in ranked)
    return issue


def _item(issue: Issue, place: Ranked) -> IssueItem:
    candidate = place.candidate
    return IssueItem(
        issue=issue,
        paper_id=candidate.paper_id,
        position=place.position,
        votes=candidate.votes,
        source_count=candidate.source_count,
        reason=figures.kept_of(place.candidate),
    )


def _intro(window: Window) -> list[dict[str, str]]:
    """Return the trends of the week, where a source wrote some of it."""
    written = introducing(window)
    return spoken_in(written) if written else []


def _limit(cadence: Cadence) -> int:
    return settings.DAILY_PAPERS if cadence is Cadence.DAILY else settings.WEEKLY_PAPERS


def _style(cadence: Cadence) -> str:
    return settings.DAILY_STYLE if cadence is Cadence.DAILY else settings.WEEKLY_STYLE
