"""What the built-in inbox received: a SQLite file of its own, apart from the ledger.

The inbox is the far side of the wire. Its file tells from outside what arrived,
so a test can hold the ledger against it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from newsletter.common import clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id          INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    mail_from   TEXT NOT NULL,
    rcpt_to     TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    subject     TEXT NOT NULL,
    raw         BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS message_by_message_id ON message (message_id);
CREATE INDEX IF NOT EXISTS message_by_rcpt_to ON message (rcpt_to);
"""
_SUMMARY = "id, received_at, mail_from, rcpt_to, message_id, subject"
_MAX_VARIABLES = 500
Row = tuple[str, str, str, str, str, bytes]


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One message that came in. ``raw`` is empty in a list."""

    id: int
    received_at: datetime
    mail_from: str
    rcpt_to: str
    message_id: str
    subject: str
    raw: bytes = b""


class InboxStore:
    """The messages of the built-in inbox. Cheap to make; every call opens the file anew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self) -> None:
        """Make the file if there is none yet."""
        with self._open() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_SCHEMA)

    def messages(self, page: int = 1, to: str = "", *, per_page: int = 50) -> list[ReceivedMessage]:
        """Return one page, newest first, of all messages or of those to one address."""
        where, values = ("WHERE rcpt_to = ?", [to]) if to else ("", [])
        query = f"SELECT {_SUMMARY} FROM message {where} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608 - constant parts
        return [
            _received(row) for row in self._rows(query, [*values, per_page, (page - 1) * per_page])
        ]

    def message(self, number: int) -> ReceivedMessage | None:
        """Return one message with its source, or ``None``."""
        query = f"SELECT {_SUMMARY}, raw FROM message WHERE id = ?"  # noqa: S608 - constant parts
        rows = self._rows(query, [number])
        return _received(rows[0]) if rows else None

    def count(self, to: str = "") -> int:
        """Return how many messages came in, to everybody or to one address."""
        where, values = ("WHERE rcpt_to = ?", [to]) if to else ("", [])
        rows = self._rows(f"SELECT count(*) FROM message {where}", values)  # noqa: S608 - constant parts
        return int(rows[0][0])

    def taken(self, message_ids: Sequence[str]) -> set[str]:
        """Return those of ``message_ids`` that came in."""
        found: set[str] = set()
        for start in range(0, len(message_ids), _MAX_VARIABLES):
            some = message_ids[start : start + _MAX_VARIABLES]
            marks = ", ".join("?" * len(some))
            query = f"SELECT message_id FROM message WHERE message_id IN ({marks})"  # noqa: S608 - question marks only
            found.update(row[0] for row in self._rows(query, some))
        return found

    def _rows(self, query: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            self.prepare()
        with self._open() as database:
            return database.execute(query, list(values)).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=20)) as database:
            yield database


class InboxWriter:
    """The one connection through which the inbox server stores what it receives.

    Any thread may use it, one at a time.
    """

    def __init__(self, path: Path) -> None:
        InboxStore(path).prepare()
        self._database = sqlite3.connect(path, timeout=20, check_same_thread=False)
        # 250 is a promise to keep it (RFC 5321, 4.2.5), also through a power cut.
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("PRAGMA wal_autocheckpoint=8000")

    def add(self, mail_from: str, recipients: Sequence[str], raw: bytes) -> None:
        """Store a message, once for each recipient; it is on the disk when this returns."""
        self.write(rows(mail_from, recipients, raw))

    def write(self, received: Iterable[Row]) -> None:
        """Store what one or several messages came to, all or nothing, with one sync of the disk."""
        with self._database:
            self._database.executemany(
                "INSERT INTO message (received_at, mail_from, rcpt_to, message_id, subject, raw)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                received,
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def rows(mail_from: str, recipients: Sequence[str], raw: bytes) -> list[Row]:
    """Return a message as it is stored, once for each recipient.

    Raises :class:`email.errors.MessageError` for one whose head cannot be read.
    """
    head = BytesHeaderParser(policy=policy.default).parsebytes(raw.partition(b"\r\n\r\n")[0])
    message_id = str(head["Message-ID"] or "").strip().strip("<>")
    received_at, subject = clock.now().isoformat(), str(head["Subject"] or "")
    return [(received_at, mail_from, to, message_id, subject, raw) for to in recipients]


def _received(row: tuple[Any, ...]) -> ReceivedMessage:
    number, received_at, *rest = row
    return ReceivedMessage(number, datetime.fromisoformat(received_at), *rest)
