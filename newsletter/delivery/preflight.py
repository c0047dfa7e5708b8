"""The last look before an issue may leave: its content, and every variant of its mail."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.common.cadence import Language
from newsletter.common.findings import Finding, Severity
from newsletter.delivery.letters import site
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.render.compile import compile_and_show
from newsletter.render.mail import CompiledMail
from newsletter.render.view import IssueView

# Gmail clips near 102 KB and hides the way out with the rest.
MAXIMUM_HTML = 80_000
HEAVY_HTML = 70_000


@dataclass(frozen=True, slots=True)
class VariantGauge:
    """How heavy the mail is in one language, and what gave way for that."""

    language: Language
    size: int
    """Bytes of the HTML part."""
    folded: int
    """Papers that show their first sentences only."""
    brief: int
    """Papers that show title and links only."""
    left_out: int
    """Papers that stand in the web version only."""

    @property
    def percent(self) -> int:
        """The share of what a mail may weigh."""
        return self.size * 100 // MAXIMUM_HTML


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was seen in the last look."""

    findings: tuple[Finding, ...]
    gauges: tuple[VariantGauge, ...]
    """One for each language that a reader may choose; none for an empty issue."""


def look(issue: Issue) -> Preflight:
    """Return what the gate finds in the content of an issue and in each variant of its mail."""
    content = editing.content_of(issue)
    found = list(editing.findings(issue))
    gauges = []
    for language in Language if content.items else ():
        mail, shown = compile_and_show(content.in_full(), language, site())
        found += _mail(mail, issue)
        gauges.append(_gauge(mail, shown))
    return Preflight(tuple(found), tuple(gauges))


def findings(issue: Issue) -> tuple[Finding, ...]:
    """Return what :func:`look` finds."""
    return look(issue).findings


def approve(issue: Issue, actor: str, *, read: bool = False, reason: str = "") -> None:
    """Freeze the issue and let it leave, if nothing is wrong with any of its mails.

    Raises ``Declined`` (``gate.closed``) while an error stands for which there is no
    ``reason``, and ``BadInput`` (``approve.unread``) for warnings that nobody has ``read``.
    """
    editing.approve(issue, actor, findings, read=read, reason=reason)


def _gauge(mail: CompiledMail, shown: IssueView) -> VariantGauge:
    folded = [paper for paper in shown.papers if paper.folded]
    return VariantGauge(
        language=mail.language,
        size=len(mail.html.encode()),
        folded=sum(bool(paper.sections) for paper in folded),
        brief=sum(not paper.sections for paper in folded),
        left_out=shown.left_out,
    )


def _mail(mail: CompiledMail, issue: Issue) -> Iterator[Finding]:
    place = f"{issue.slug} · {mail.language}"
    size = len(mail.html.encode())
    if size > HEAVY_HTML:
        yield Finding(
            "issue.too_large" if size > MAXIMUM_HTML else "issue.heavy",
            f"HTML이 {size:,}바이트입니다(한도 {MAXIMUM_HTML:,}).",
            f"The HTML part has {size:,} bytes (limit {MAXIMUM_HTML:,}).",
            Severity.ERROR if size > MAXIMUM_HTML else Severity.NOTICE,
            place,
            remedy_ko="긴 요약을 가진 논문을 숨기거나 더 짧은 스타일을 골라 주세요.",
            remedy_en="Hide a paper with long text, or choose a shorter style.",
        )
    for part, name in ((mail.html, "HTML"), (mail.text, "text")):
        if mail.tokens.unsubscribe not in part:
            yield Finding(
                "template.no_unsubscribe",
                f"{name} 본문에 수신 거부 링크가 없습니다.",
                f"The {name} part has no link to unsubscribe.",
                Severity.ERROR,
                place,
                remedy_ko="템플릿의 꼬리말을 되돌려 주세요.",
                remedy_en="Put the footer back into the template.",
            )
