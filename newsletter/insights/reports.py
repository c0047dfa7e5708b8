"""What the desk and the command line show of an issue that has left."""

from newsletter.common import clock
from newsletter.insights import rollup
from newsletter.insights.models import Rollup
from newsletter.insights.rates import Counts, IssueReport, MailboxReport
from newsletter.issues.models import Issue


def issue_report(issue: Issue) -> IssueReport:
    """Return how an issue fared, from the numbers counted last; counted now where there are none."""
    rows = list(Rollup.objects.filter(issue=issue))
    if not rows:
        return _report(issue, rollup.count(issue), as_of=None)
    counted = {row.mailbox: _counts(row) for row in rows}
    return _report(issue, counted, as_of=rows[0])


def _report(issue: Issue, counted: dict[str, Counts], as_of: Rollup | None) -> IssueReport:
    mailboxes = [MailboxReport(mailbox, counts) for mailbox, counts in counted.items()]
    return IssueReport(
        issue=issue.slug,
        as_of=as_of.updated_at if as_of else clock.now(),
        total=sum(counted.values(), Counts()),
        mailboxes=tuple(sorted(mailboxes, key=lambda one: (-one.counts.accepted, one.mailbox))),
    )


def _counts(row: Rollup) -> Counts:
    return Counts(
        accepted=row.accepted,
        delivered=row.delivered,
        deferred=row.deferred,
        bounced=row.bounced,
        dropped=row.dropped,
        complained=row.complained,
        left=row.left,
    )
