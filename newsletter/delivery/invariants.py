"""The seven promises of a send, held against the books of one issue, each with what to do.

    I1  nothing is lost: every frozen reader has a row, and none is stuck on its way
    I2  nobody is written to twice: one row for each reader
    I3  consent: nothing was handed over a minute after somebody left
    I4  one content: a frozen revision, unchanged since
    I5  one holder: what is handed over is held, what is done is not
    I6  honest: "sent" is said when nothing can move any more
    I7  traced: each letter says which attempt, and why

The books alone are asked, in a few statements that walk the issue's own rows once.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from newsletter.common import clock
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.status import UNSETTLED, DeliveryStatus
from newsletter.issues.content import IssueContent
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.subscribers.models import Suppression

STUCK_AFTER = timedelta(minutes=10)
# A minute of consent, and two in which the last answers of a slice may come in.
_RECORDED_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, and in how many places it is broken."""

    name: str
    ko: str
    en: str
    broken: int
    remedy_ko: str
    remedy_en: str

    @property
    def holds(self) -> bool:
        """Whether it is kept everywhere."""
        return not self.broken

    def to_json(self) -> dict[str, object]:
        """Return what ``newsletter status --json`` prints."""
        return {**asdict(self), "holds": self.holds}


def check(issue: Issue) -> tuple[Promise, ...]:
    """Hold all seven against the ledger of an issue."""
    told = _walk(issue)
    broken = (
        abs(told["frozen"] - told["rows"]) + told["stuck"],
        _twice(issue),
        _without_consent(issue),
        _other_content(issue),
        _held_wrongly(issue, told["sending"]),
        told["unsettled"] if issue.state == IssueState.SENT else 0,
        told["untraced"],
    )
    return tuple(
        Promise(name, ko, en, number, *remedy)
        for (name, ko, en, *remedy), number in zip(_PROMISES, broken, strict=True)
    )


def _walk(issue: Issue) -> dict[str, int]:
    """Read the rows once. The range of the batches lets the database walk its primary key."""
    batches = Batch.objects.filter(issue=issue).aggregate(
        frozen=Sum("size"), first=Min("first_id"), last=Max("last_id")
    )
    span = (batches["first"] or 0, batches["last"] or 0)
    sending = Q(status=DeliveryStatus.SENDING)
    rows = Delivery.objects.filter(issue=issue, pk__range=span).aggregate(
        rows=Count("pk"),
        sending=Count("pk", filter=sending),
        stuck=Count("pk", filter=sending & Q(changed_at__lt=clock.now() - STUCK_AFTER)),
        unsettled=Count("pk", filter=Q(status__in=UNSETTLED)),
        untraced=Count("pk", filter=_UNTRACED),
    )
    return {"frozen": batches["frozen"] or 0, **rows}


_UNTRACED = Q(
    status__in=(DeliveryStatus.REJECTED, DeliveryStatus.SKIPPED, DeliveryStatus.UNCERTAIN),
    reason="",
) | Q(
    status__in=(DeliveryStatus.ACCEPTED, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN),
    attempt="",
)


def _twice(issue: Issue) -> int:
    rows = Delivery.objects.filter(issue=issue).values("subscriber_id")
    return rows.annotate(number=Count("pk")).filter(number__gt=1).count()


def _without_consent(issue: Issue) -> int:
    """Count letters taken long after their reader left. Later words of a provider tell no time."""
    if issue.started_at is None:
        return 0
    taken = Delivery.objects.filter(issue=issue, status=DeliveryStatus.ACCEPTED, reason="")
    left = taken.filter(
        Q(subscriber__confirmed_at=None) | Q(subscriber__confirmed_at__lt=F("subscriber__left_at")),
        subscriber__left_at__gte=issue.started_at,
        changed_at__gt=F("subscriber__left_at") + _RECORDED_AFTER,
    )
    return left.count() + _suppressed(taken, issue)


def _suppressed(taken: QuerySet[Delivery], issue: Issue) -> int:
    since = dict(
        Suppression.objects.filter(at__gte=issue.started_at).values_list("address_hash", "at")
    )
    if not since:
        return 0
    hashes = Suppression.objects.filter(at__gte=issue.started_at).values("address_hash")
    rows = taken.filter(subscriber__address_hash__in=hashes)
    return sum(
        changed_at > since[address_hash] + _RECORDED_AFTER
        for address_hash, changed_at in rows.values_list("subscriber__address_hash", "changed_at")
        if address_hash in since
    )


def _other_content(issue: Issue) -> int:
    if issue.started_at is None:
        return 0
    if issue.revision is None:
        return 1
    frozen = IssueContent.from_json(issue.revision.content)
    return int(frozen.content_hash() != issue.revision.content_hash)


def _held_wrongly(issue: Issue, sending: int) -> int:
    batches = Batch.objects.filter(issue=issue)
    wrong = batches.filter(done=True).exclude(holder="").count()
    if not sending:
        return wrong
    rows = Delivery.objects.filter(
        issue_id=OuterRef("issue_id"),
        pk__gte=OuterRef("first_id"),
        pk__lte=OuterRef("last_id"),
        status=DeliveryStatus.SENDING,
    )
    return wrong + batches.filter(Exists(rows), holder="").count()


_PROMISES = (
    (
        "I1",
        "잃어버린 편지 없음",
        "nothing is lost",
        "워커가 살아 있는지 newsletter doctor로 확인해 주세요. 합이 계속 맞지 않으면 발송을 멈추고 백업과 비교해 주세요.",
        "See with newsletter doctor whether workers live. If the sum stays wrong, pause and compare with a backup.",
    ),
    (
        "I2",
        "두 번 받은 독자 없음",
        "nobody is written to twice",
        "발송을 멈추고, 데이터베이스의 고유 제약을 newsletter doctor로 확인해 주세요.",
        "Pause, and see with newsletter doctor whether the database is whole.",
    ),
    (
        "I3",
        "떠난 독자에게 보내지 않음",
        "nobody who left is written to",
        "발송을 멈추고 기기들의 시계를 맞춘 뒤 그 독자에게 사과해 주세요.",
        "Pause, set the clocks of all machines right, and apologize to the reader.",
    ),
    (
        "I4",
        "모두 같은 내용",
        "all get one content",
        "발송을 취소하고, 데이터베이스를 백업에서 되돌려 주세요.",
        "Cancel the send, and restore the database from a backup.",
    ),
    (
        "I5",
        "배치마다 담당은 하나",
        "one holder for each batch",
        "1분 뒤 다시 확인하고, 그대로면 워커를 다시 시작해 주세요.",
        "Look again in a minute; if it stays, start the workers again.",
    ),
    (
        "I6",
        "남은 편지가 있으면 끝났다고 하지 않음",
        "called sent only when it is",
        "남은 편지를 데스크나 newsletter decide로 정해 주세요.",
        "Decide about the letters that are left, at the desk or with newsletter decide.",
    ),
    (
        "I7",
        "편지마다 시도와 사유가 남음",
        "each letter says which attempt, and why",
        "원장을 손으로 고친 일이 있는지 확인해 주세요.",
        "Find out whether somebody changed the ledger by hand.",
    ),
)
