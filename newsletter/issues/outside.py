"""The candidates that a draft leaves out, with what each lacked, and taking them in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from newsletter.common.errors import NotFound
from newsletter.issues import figures, reasons
from newsletter.issues.assemble import ranking_of
from newsletter.issues.drafting import window_of
from newsletter.issues.holding import lock_draft
from newsletter.issues.models import Issue, IssueItem
from newsletter.issues.ranking import Candidate
from newsletter.issues.reasons import Words
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


def outsiders(issue: Issue) -> list[Outsider]:
    """Return the candidates that are not in the draft, in their order, with what each lacked."""
    lacking = _lacking(issue)
    papers = Paper.objects.in_bulk([candidate.paper_id for candidate, _ in lacking])
    return [
        Outsider(papers[candidate.paper_id], candidate, lacked) for candidate, lacked in lacking
    ]


def _lacking(issue: Issue) -> list[tuple[Candidate, Words]]:
    items = list(issue.items.all())
    inside = {item.paper_id for item in items}
    ranking = ranking_of(window_of(issue), items)
    everybody = (
        *((one.candidate, reasons.CAME_LATE) for one in ranking.placed),
        *((one, reasons.why_outside(one)) for one in ranking.outside),
    )
    return [pair for pair in everybody if pair[0].paper_id not in inside]


@transaction.atomic
def take_in(issue: Issue, names: Sequence[str]) -> int:
    """Put candidates into a draft, behind what is there; return how many.

    Each is called by its arXiv id, or by the number of its paper. They stay when the draft
    is ranked anew. Raises :class:`NotFound` (``candidate.unknown``) for one that the window
    does not offer; then none is taken in.
    """
    lock_draft(issue)
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
