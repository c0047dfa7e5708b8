"""What an editor does to an issue, and the moves that freeze it.

An issue can be changed while it is a draft, and whoever changes it holds it.
Approval is withdrawn before a change; what has begun to leave is frozen for good.
"""

import logging
from collections.abc import Callable, Sequence

from django.db import transaction

from newsletter.collect import attention
from newsletter.common import clock
from newsletter.common.errors import BadInput, NewsletterError, NotFound
from newsletter.common.findings import Finding
from newsletter.issues import approval, corrections, drafting, figures, gate, signals
from newsletter.issues.background import background
from newsletter.issues.content import IssueContent
from newsletter.issues.holding import lock_draft, lock_for_approval, lock_item, wrong_state
from newsletter.issues.item_check import MAXIMUM_TITLE
from newsletter.issues.models import Issue, IssueItem, Revision
from newsletter.issues.states import IssueState, may_move

logger = logging.getLogger(__name__)

_LONGEST_INTRO = 5_000
STYLES = ("top5", "hf-ranking", "wtp", "imrlc", "pytorchkr-weekly")


def find(name: str) -> Issue:
    """Return the issue called ``name``: its slug, or its number."""
    issue = Issue.objects.filter(slug=name).first()
    if issue is None and name.isdecimal():
        issue = Issue.objects.filter(pk=int(name)).first()
    if issue is None:
        raise NotFound(
            "issue.unknown", "그런 호가 없습니다.", "There is no such issue.", place=name
        )
    return issue


def content_of(issue: Issue) -> IssueContent:
    """Return what the issue says: its frozen revision where there is one, else the draft."""
    if issue.revision is not None:
        return IssueContent.from_json(issue.revision.content)
    return drafting.draft(issue).content


def findings(issue: Issue) -> tuple[Finding, ...]:
    """Return what the gate finds in the content of this issue."""
    known = background(issue)
    if issue.revision is not None:
        frozen = gate.check(IssueContent.from_json(issue.revision.content), known)
        return approval.lifted(frozen, issue.approved_despite)
    made = drafting.draft(issue)
    return (*gate.check(made.content, known), *made.findings, *attention.findings())


def move_to(issue: Issue, target: IssueState, **fields: object) -> None:
    """Change the state by compare-and-set; refuse a move that is not allowed or came too late."""
    state = IssueState(issue.state)
    moved = may_move(state, target) and Issue.objects.filter(pk=issue.pk, state=state).update(
        state=target, **fields
    )
    if not moved:
        raise wrong_state(issue, state)
    if target in {IssueState.DRAFT, IssueState.CANCELLED}:
        corrections.mark_untold(issue)
    issue.refresh_from_db()


def approve(
    issue: Issue,
    actor: str,
    look: Callable[[Issue], Sequence[Finding]] = findings,
    *,
    read: bool = False,
    reason: str = "",
) -> None:
    """Freeze the issue, look at what was frozen, and let it leave.

    Raises what :func:`newsletter.issues.approval.decide` raises; then it is not frozen
    either. What is approved is what leaves, whatever comes in meanwhile.
    """
    try:
        with transaction.atomic():
            lock_for_approval(issue)
            made = drafting.draft(issue)
            _freeze(issue, made.content)
            found = [*look(issue), *made.findings, *attention.findings()]
            despite = approval.decide(found, actor, issue.slug, read=read, reason=reason)
            move_to(
                issue,
                IssueState.APPROVED,
                approved_at=clock.now(),
                approved_by=actor,
                approved_despite=despite,
            )
    except NewsletterError:
        issue.refresh_from_db()
        raise


def withdraw_approval(issue: Issue, actor: str) -> None:
    """Make an approved issue a draft again, so that it can be changed."""
    move_to(
        issue,
        IssueState.DRAFT,
        approved_at=None,
        approved_by="",
        approved_despite={},
        revision=None,
        send_at=None,
        send_by="",
        send_held="",
    )
    logger.info("issue %s: approval withdrawn by %s", issue.pk, actor)


def freeze(issue: Issue) -> Revision:
    """Return the revision that every letter of this issue carries, made now if there is none."""
    if issue.revision is not None:
        return issue.revision
    return _freeze(issue, drafting.draft(issue).content)


def _freeze(issue: Issue, content: IssueContent) -> Revision:
    revision, _ = Revision.objects.get_or_create(
        issue=issue,
        content_hash=content.content_hash(),
        defaults={"content": content.to_json()},
    )
    Issue.objects.filter(pk=issue.pk, revision=None).update(revision=revision)
    corrections.mark_told(issue, content.corrections)
    issue.refresh_from_db()
    signals.frozen.send(Issue, revision=revision)
    return revision


@transaction.atomic
def set_pinned(item: IssueItem, pinned: bool) -> None:
    """Keep a paper at the top, or let its votes decide again."""
    lock_item(item)
    item.pinned, item.moved = pinned, False
    item.reason = {**item.reason, **figures.pinned_or_not(item)}
    item.save(update_fields=["pinned", "moved", "reason"])
    _put(item, 1 if pinned else _place_by_rule(item))


@transaction.atomic
def set_hidden(item: IssueItem, hidden: bool) -> None:
    """Leave a paper out of the issue, or take it in again."""
    lock_item(item)
    item.hidden = hidden
    item.save(update_fields=["hidden"])


@transaction.atomic
def move(item: IssueItem, position: int) -> None:
    """Give a paper another place; those between make room."""
    lock_item(item)
    last = item.issue.items.count()
    if not 1 <= position <= last:
        raise BadInput(
            "item.position",
            f"자리는 1에서 {last} 사이여야 합니다.",
            f"The place must be from 1 to {last}.",
            place=str(position),
        )
    item.moved = True
    item.save(update_fields=["moved"])
    _put(item, position)


def _put(item: IssueItem, position: int) -> None:
    others = list(item.issue.items.exclude(pk=item.pk))
    others.insert(position - 1, item)
    for place, other in enumerate(others, 1):
        other.position = place
    IssueItem.objects.bulk_update(others, ["position"])


@transaction.atomic
def set_speaker(item: IssueItem, slug: str) -> None:
    """Let the digest of one source speak for a paper; an empty ``slug`` leaves it to the rule."""
    lock_item(item)
    told = {summary.source.slug for summary in item.paper.summaries.select_related("source")}
    if slug and slug not in told:
        raise NotFound(
            "source.silent",
            "그 소스는 이 논문을 소개하지 않았습니다.",
            "That source has written nothing of this paper.",
            place=slug,
        )
    item.speaker = slug
    item.save(update_fields=["speaker"])


@transaction.atomic
def set_title_ko(item: IssueItem, title: str) -> None:
    """Give a paper another Korean title; an empty one leaves it to the digests."""
    lock_item(item)
    title = " ".join(title.split())
    if len(title) > MAXIMUM_TITLE:
        raise BadInput(
            "item.title_length",
            f"제목은 {MAXIMUM_TITLE}자까지 적을 수 있습니다.",
            f"A title may have at most {MAXIMUM_TITLE} characters.",
            place="title_ko",
        )
    item.title_ko = "" if title == item.paper.title_ko else title
    item.save(update_fields=["title_ko"])


@transaction.atomic
def set_intro(issue: Issue, texts: Sequence[str]) -> None:
    """Correct the texts of the introduction, one for each of its sections; an empty one drops out."""
    lock_draft(issue)
    issue.refresh_from_db(fields=["intro"])
    if len(texts) != len(issue.intro) or any(len(text) > _LONGEST_INTRO for text in texts):
        raise BadInput(
            "intro.texts",
            f"머리글은 지금 있는 글마다 하나씩, {_LONGEST_INTRO:,}자까지 적을 수 있습니다.",
            f"Give one text for each that is there, of at most {_LONGEST_INTRO:,} characters.",
            place="intro",
        )
    kept = [
        (old, "\n".join(text.strip().splitlines()))
        for old, text in zip(issue.intro, texts, strict=True)
    ]
    issue.intro = [{**old, "text": text} for old, text in kept if text]
    issue.intro_by_editor = True
    issue.save(update_fields=["intro", "intro_by_editor"])


@transaction.atomic
def set_subject(issue: Issue, subject: str) -> None:
    """Give the mail another subject: one line of 1 to 120 characters."""
    lock_draft(issue)
    gate.refuse_bad_subject(subject)
    issue.subject = subject.strip()
    issue.save(update_fields=["subject"])


@transaction.atomic
def set_style(issue: Issue, style: str) -> None:
    """Choose in which of the published styles the issue appears."""
    lock_draft(issue)
    if style not in STYLES:
        raise BadInput(
            "style.unknown",
            "스타일은 " + ", ".join(STYLES) + " 가운데 하나여야 합니다.",
            "The style must be one of " + ", ".join(STYLES) + ".",
            place=style,
        )
    issue.style = style
    issue.save(update_fields=["style"])


def _place_by_rule(item: IssueItem) -> int:
    """Return the place behind what is pinned and what the rule puts before it or beside it."""
    own = figures.weight_of(item)
    others = item.issue.items.exclude(pk=item.pk)
    return 1 + sum(other.pinned or figures.weight_of(other) >= own for other in others)
