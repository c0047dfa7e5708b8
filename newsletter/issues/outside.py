"""The candidates that a draft leaves out, with what each lacked, and taking them in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from newsletter.collect.arxiv_ids import bare_id
from newsletter.common.errors import NotFound
from newsletter.issues import figures, reasons
from newsletter.issues.assemble import ranking_of
from newsletter.issues.drafting import window_of
from newsletter.issues.holding import lock_draft
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.ranking import Candidate
from newsletter.issues.reasons import Words
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper


@dataclass(frozen=True, slots=True)
class Outsider:
    """A paper of the window that the draft does not hold."""

    paper: Paper
    candidate: Candidate
    lacked: Words

    @property
    def weighed(self) -> Words:
        """What the rule weighed of it."""
        return reasons.for_editors(self.candidate)


@dataclass(frozen=True, slots=True)
class Sides:
    """The candidates of an issue: those that it holds, and those that it leaves out."""

    inside: dict[int, Candidate]
    """By the id of the paper: as it is weighed now; of an issue that is no draft, as it was."""
    outside: tuple[Outsider, ...]

    @property
    def all(self) -> tuple[Candidate, ...]:
        """Every candidate."""
        return (*self.inside.values(), *(one.candidate for one in self.outside))


def sides(issue: Issue) -> Sides:
    """Return what is in an issue and what a draft leaves out, in their order, with what each lacked."""
    items = list(issue.items.all())
    kept = {item.paper_id: figures.candidate_of(item) for item in items}
    inside = {paper: candidate for paper, candidate in kept.items() if candidate}
    if issue.state != IssueState.DRAFT:
        return Sides(inside, ())
    ranking = ranking_of(window_of(issue), items)
    everybody = (
        *((one.candidate, reasons.BELONGS_IN) for one in ranking.placed),
        *((one, reasons.why_outside(one)) for one in ranking.outside),
    )
    inside |= {one.paper_id: one for one, _ in everybody if one.paper_id in kept}
    return Sides(inside, _outsiders([pair for pair in everybody if pair[0].paper_id not in kept]))


def outsiders(issue: Issue) -> tuple[Outsider, ...]:
    """Return the candidates that a draft leaves out, in their order, with what each lacked."""
    return sides(issue).outside


def _outsiders(lacking: Sequence[tuple[Candidate, Words]]) -> tuple[Outsider, ...]:
    papers = Paper.objects.in_bulk([candidate.paper_id for candidate, _ in lacking])
    # An import may have made two papers one meanwhile.
    return tuple(
        Outsider(papers[candidate.paper_id], candidate, lacked)
        for candidate, lacked in lacking
        if candidate.paper_id in papers
    )


@transaction.atomic
def take_in(issue: Issue, names: Sequence[str]) -> int:
    """Put candidates into a draft, behind what is there; return how many.

    Each is called by its arXiv id or an address with it, or by the number of its paper; one
    that is in the draft already is left alone. They stay when the draft is ranked anew. Raises :class:`NotFound` (``candidate.unknown``) for one that the window
    does not offer; then none is taken in.
    """
    lock_draft(issue)
    inside = set(issue.items.values_list("paper__arxiv_id", flat=True))
    names = [bare_id(name) or name for name in names]
    names = [name for name in names if name not in inside]
    offered = {
        name: one for one in outsiders(issue) for name in (one.candidate.key, str(one.paper.pk))
    }
    if unknown := next((name for name in names if name not in offered), None):
        raise NotFound(
            "candidate.unknown",
            "이 호의 후보 가운데 그런 논문이 없습니다.",
            "There is no such paper among the candidates of this issue.",
            place=unknown[:60],
        )
    chosen = {offered[name].paper.pk: offered[name] for name in names}
    last = issue.items.count()
    IssueItem.objects.bulk_create(
        IssueItem(
            issue=issue,
            paper=one.paper,
            position=last + number,
            votes=one.candidate.votes,
            source_count=one.candidate.source_count,
            reason=figures.kept_of(one.candidate),
            taken_in=True,
        )
        for number, one in enumerate(chosen.values(), 1)
    )
    return len(chosen)
