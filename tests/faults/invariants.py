"""I1 to I7, held against the database and against the receiving side's own log."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from newsletter.delivery.status import UNSETTLED

Ask = Callable[[str], Sequence[tuple[object, ...]]]
MOVING = ("queued", "sending")
# A reader's own values differ; everything else in the mails of one language is the same.
PERSONAL = re.compile(r"/[up]/[^\s\"<>]+|독자 \d+")


_ISSUE = "SELECT state FROM issues_issue WHERE id = {}"
_BATCHES = """
SELECT coalesce(sum(size), 0), coalesce(sum(CASE WHEN done AND holder <> '' THEN 1 ELSE 0 END), 0)
  FROM delivery_batch WHERE issue_id = {}
"""
_ROWS = """
SELECT id, subscriber_id, status, reason, attempts, attempt, changed_at
  FROM delivery_delivery WHERE issue_id = {}
"""

_LEFT = """
SELECT letter.id, letter.changed_at, reader.left_at
  FROM delivery_delivery AS letter JOIN subscribers_subscriber AS reader
    ON reader.id = letter.subscriber_id AND reader.left_at IS NOT NULL
 WHERE letter.issue_id = {} AND letter.status = 'accepted' AND letter.reason = ''
"""
# A minute of consent, and what it may take until the answers of a slice are written down.
_CONSENT = timedelta(seconds=60 + 30)
_STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger."""

    id: int
    subscriber: int
    status: str
    reason: str
    attempts: int
    attempt: str
    changed_at: datetime | str


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says of one issue."""

    state: str
    frozen: int
    rows: tuple[Row, ...]
    held: int
    """Batches that are done and that somebody holds all the same."""
    left: tuple[tuple[object, object, object], ...] = ()
    """Letters taken whose reader has left: the id, when its outcome was written, when they left."""


def books(issue_id: int, ask: Ask | None = None) -> Books:
    """Read the books of an issue; ``ask`` where they do not lie in the tests' own database."""
    ask = ask or _ask
    ((state,),) = ask(_ISSUE.format(issue_id))
    ((frozen, held),) = ask(_BATCHES.format(issue_id))
    rows = ask(_ROWS.format(issue_id))
    left = tuple((pk, at, gone) for pk, at, gone in ask(_LEFT.format(issue_id)))
    return Books(str(state), int(frozen), tuple(Row(*row) for row in rows), int(held), left)


def check(books: Books, taken: Mapping[str, int], contents: Iterable[str] = ()) -> Counter[str]:
    """Fail with everything that is broken; return how many letters stand where.

    ``taken`` tells how often the receiving side took each delivery, by its id.
    """
    told = Counter(row.status for row in books.rows)
    problems = [
        *_nothing_lost(books, taken),
        *_nothing_twice(books, taken),
        *_nothing_stuck(books),
        *_consent(books),
        *_one_content(contents),
        *_one_holder(books),
        *_honest(books, told),
        *_traced(books),
    ]
    assert not problems, f"{problems[:10]} … in {dict(told)}, taken {len(taken)}"
    return told


def contents(mails: Iterable[Mapping[str, str]]) -> set[str]:
    """What SendGrid's mails of one language say, without what is a reader's own."""
    return {PERSONAL.sub("", mail["subject"] + mail["text"]) for mail in mails}


def _nothing_lost(books: Books, taken: Mapping[str, int]) -> Iterable[str]:
    if books.frozen != len(books.rows):
        yield f"I1: {books.frozen} were frozen, {len(books.rows)} have a row"
    known = {str(row.id) for row in books.rows}
    for stranger in set(taken) - known:
        yield f"I1: {stranger} was taken and is in no row"
    for row in books.rows:
        if row.status == "accepted" and not taken.get(str(row.id)):
            yield f"I1: {row.id} is called accepted and never came in"
        if taken.get(str(row.id)) and row.status not in ("accepted", "uncertain", "sending"):
            yield f"I1: {row.id} came in and is called {row.status}"


def _nothing_twice(books: Books, taken: Mapping[str, int]) -> Iterable[str]:
    if len({row.subscriber for row in books.rows}) < len(books.rows):
        yield "I2: a reader has two rows"
    decided = {str(row.id) for row in books.rows if row.reason.startswith("sent again")}
    for key, times in taken.items():
        if times > 1 and key not in decided:
            yield f"I2: {key} was taken {times} times"


def _nothing_stuck(books: Books) -> Iterable[str]:
    for row in books.rows:
        if row.status == "sending" and datetime.now(UTC) - _moment(row.changed_at) > _STUCK:
            yield f"I1: {row.id} has been on its way since {row.changed_at}"


def _consent(books: Books) -> Iterable[str]:
    for pk, at, left in books.left:
        if _moment(at) - _moment(left) > _CONSENT:
            yield f"I3: {pk} was taken at {at}, its reader left at {left}"


def _moment(value: object) -> datetime:
    """Return a moment of the database; SQLite gives its text, without a zone."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _one_content(contents: Iterable[str]) -> Iterable[str]:
    if len(different := set(contents)) > 1:
        yield f"I4: {len(different)} contents"


def _one_holder(books: Books) -> Iterable[str]:
    # A lease whose holder could not let go runs out by itself; nobody may hold what is done.
    if books.held:
        yield f"I5: {books.held} batches are done, and held"


def _honest(books: Books, told: Mapping[str, int]) -> Iterable[str]:
    if books.state == "sent" and any(told.get(status) for status in UNSETTLED):
        yield "I6: called sent too early"


def _traced(books: Books) -> Iterable[str]:
    for row in books.rows:
        if not row.changed_at:
            yield f"I7: {row.id} has no time"
        if row.status in ("rejected", "skipped", "uncertain") and not row.reason:
            yield f"I7: {row.id} is {row.status} without a reason"
        if row.status in ("accepted", "uncertain", "sending") and not row.attempt:
            yield f"I7: {row.id} is {row.status} without an attempt"


def _ask(query: str) -> Sequence[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
