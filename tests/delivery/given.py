"""Given: letters, readers, issues that have begun to leave, and a mailbox to send them to."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf

from newsletter.common.cadence import Cadence, Language
from newsletter.delivery import sending
from newsletter.delivery.backends.base import (
    Letter,
    MailBackend,
    NotHandedOver,
    Outcome,
    OutgoingMessage,
    SendError,
    SendReceipt,
)
from newsletter.delivery.ledger import LedgerCounts, counts
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from newsletter.issues import editing
from newsletter.issues.models import Issue
from newsletter.render.mail import CompiledMail, PersonalValues, Tokens
from newsletter.subscribers.models import Subscriber, SubscriberStatus, Subscription
from newsletter.subscribers.suppression import hashes_of
from tests.factories import a_weekly

TOKENS = Tokens.with_nonce("abc123")
HTML = (
    "<html><body><p>안녕하세요, __NAME_abc123__ 님</p>"
    + "<p>보상마다 따로 정규화합니다.</p>\n" * 40
    + '<a href="https://news.example.org/u/__UNSUBSCRIBE_abc123__">수신 거부</a>'
    + '<a href="https://news.example.org/p/__PREFERENCES_abc123__">설정</a></body></html>\n'
)
TEXT = (
    "__NAME_abc123__ 님, 이번 주의 논문입니다.\n.점으로 시작하는 줄\n"
    "수신 거부: https://news.example.org/u/__UNSUBSCRIBE_abc123__\n"
    "설정: https://news.example.org/p/__PREFERENCES_abc123__\n"
)


def a_letter(
    subject: str = "[2026/01/05 ~ 01/11] 이번 주의 주요 ML 논문",
    *,
    html: str = HTML,
    text: str = TEXT,
    bulk: bool = True,
    from_name: str = "오늘의 ML 논문",
    base_url: str = "https://news.example.org",
    prefix: str = "",
) -> Letter:
    return Letter(
        mail=CompiledMail(subject, html, text, Language.KOREAN, TOKENS),
        mail_from="news@news.example.org",
        from_name=from_name,
        reply_to="editors@news.example.org",
        base_url=base_url,
        list_id="newsletter.news.example.org" if bulk else "",
        bulk=bulk,
        subject_prefix=prefix,
    )


def a_message(
    number: int = 1,
    name: str = "김하늘",
    *,
    address: str = "",
    unsubscribe: str = "3k.mVd0aaaaaaaaaaaaaaaaaa",
) -> OutgoingMessage:
    return OutgoingMessage(
        delivery_id=number,
        attempt="a1",
        address=address or f"reader{number}@example.com",
        values=PersonalValues(name, unsubscribe, "3k-f1x9.Qd7bbbbbbbbbbbbbbbbbbb"),
        message_id=f"d{number}.0123456789ab.19b0@news.example.org",
    )


def readers(number: int, cadence: Cadence = Cadence.WEEKLY, language: str = "ko") -> None:
    """Make active readers of one cadence, as an import of confirmed ones would."""
    first = Subscriber.objects.count()
    made = Subscriber.objects.bulk_create(
        Subscriber(
            email=f"reader{n}@example.com",
            email_key=f"reader{n}@example.com",
            address_hash=hashes_of(f"reader{n}@example.com")[0],
            name=f"독자 {n}",
            language=language,
            status=SubscriberStatus.ACTIVE,
        )
        for n in range(first, first + number)
    )
    Subscription.objects.bulk_create(Subscription(subscriber=r, cadence=cadence) for r in made)


def an_approved_issue(number_of_readers: int = 0) -> Issue:
    issue = a_weekly()
    readers(number_of_readers)
    editing.approve(issue, "지은")
    return issue


def an_issue_being_sent(number_of_readers: int) -> Issue:
    issue = an_approved_issue(number_of_readers)
    sending.start(issue.pk, "지은")
    issue.refresh_from_db()
    return issue


class Mailbox:
    """A backend that keeps what it is handed, and answers as it is told.

    ``answers`` maps the number of a letter, counted from 1, to the error it meets;
    ``before`` maps it to something that happens in the world just before it.
    """

    name = "mailbox"

    def __init__(self, slice_size: int = 5, *, knows: bool = True) -> None:
        self.slice_size = slice_size
        self.knows = knows
        self.answers: dict[int, SendError] = {}
        self.before: dict[int, Callable[[], object]] = {}
        self.accepted: list[str] = []
        self.addresses: list[str] = []
        self.letters: list[Letter] = []
        self.handed = 0

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        self.letters.append(letter)
        for message in messages:
            if time.monotonic() > until:
                yield Outcome(message.delivery_id, NotHandedOver("lease over"))
                continue
            self.handed += 1
            self.before.pop(self.handed, lambda: None)()
            result = self.answers.get(self.handed, SendReceipt(f"box-{self.handed}"))
            if isinstance(result, SendReceipt):
                self.accepted.append(message.message_id)
                self.addresses.append(message.address)
            yield Outcome(message.delivery_id, result)

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:
        return {key: key in self.accepted for key in message_ids} if self.knows else None

    def close(self) -> None:
        pass


def deliver_all(way: MailBackend, issue: Issue) -> LedgerCounts:
    """Do what workers do, once for each batch that is due; return the books, which balance."""
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    issue.refresh_from_db()
    told = counts(issue)
    assert told.balances
    return told
