"""Tells the editors, once for each issue and bar, that too many readers called it spam."""

from django.db import transaction

from newsletter.delivery import editors
from newsletter.insights.models import RateAlarm
from newsletter.insights.rates import Bar, Counts, IssueReport
from newsletter.issues.models import Issue


def sound(issue: Issue, report: IssueReport) -> None:
    """Write to the editors for each bar that was reached since they were told last."""
    for bar in Bar:
        if report.bar is None or bar > report.bar:
            continue
        with transaction.atomic():
            _, new = RateAlarm.objects.get_or_create(issue=issue, bar=bar)
            if new and _is_the_worst(bar, report):
                _tell_editors(issue, report)


def _is_the_worst(bar: Bar, report: IssueReport) -> bool:
    """Tell whether no higher bar was reached at once: one letter is enough then."""
    return bar is report.bar


def _tell_editors(issue: Issue, report: IssueReport) -> None:
    editors.tell(
        f"스팸 신고가 많습니다 / Too many complaints: {issue.title}",
        _body(report),
    )


def _body(report: IssueReport) -> str:
    bar = report.bar.label if report.bar else ""
    lines = [_line("전체 / in all", report.total)]
    lines += [_line(one.mailbox, one.counts) for one in report.mailboxes if one.counts.bar]
    return (
        f"스팸 신고율이 {bar} 기준에 이르렀습니다. / Complaints have reached the bar of {bar}.\n"
        + "\n".join(lines)
        + "\nGmail과 Yahoo는 0.1 %를 넘으면 스팸함으로 보내고 0.3 %부터는 거절하기 시작합니다. "
        "다음 호를 보내기 전에 독자를 어떻게 모았는지, 무엇을 얼마나 자주 보냈는지 살펴봐 주세요. / "
        "Gmail and Yahoo file as spam above 0.1 % and begin to refuse from 0.3 %. Before the next "
        "issue, look at how readers were won, and at what you sent how often."
    )


def _line(name: str, counts: Counts) -> str:
    rate = f"{counts.complaint_rate:.2%}"
    return f"{name}: 신고 / complaints {counts.complained}, {rate} ({counts.reached:,})"
