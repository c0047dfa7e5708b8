"""Store letters of the present code, with the rows they need, for every later version to honour.

Run once for each release, from the checkout of that release:

    .venv/bin/python -m tests.store_letters tests/samples/letters-0.1.0

The papers are the samples of the project and the people are made up. Each letter is
stored as its mailbox keeps it: the bytes that went over SMTP, below the Return-Path
that the last server writes (RFC 5321, section 4.4).
"""

import json
import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

# Fixed: the links of the letters are signed with it, and must be followed years later.
SECRET_KEY = "the-key-of-the-stored-letters-and-of-nothing-else"
WRITTEN_AT = datetime(2026, 1, 11, 23, 0, tzinfo=UTC)
SAMPLE_DAY = date(2026, 1, 9)
FIRST_DELIVERY = 46_700
READERS = (
    {"id": 1010, "email": "haneul@example.com", "name": "김하늘", "language": "ko"},
    {"id": 1020, "email": "june@example.com", "name": "June", "language": "en"},
    {"id": 1030, "email": "asked@example.com", "name": "", "language": "ko"},
    {"id": 1040, "email": "welcome@example.com", "name": "새봄", "language": "ko"},
    {"id": 1050, "email": "goodbye@example.com", "name": "", "language": "en"},
    {"id": 1060, "email": "moving@example.com", "name": "이사", "language": "ko"},
    {"id": 1070, "email": "moved@example.com", "name": "Move", "language": "en"},
    {"id": 1080, "email": "both@example.com", "name": "", "language": "ko"},
    {"id": 1090, "email": "lost-link@example.com", "name": "", "language": "ko"},
)
WISHES = {1060: 31, 1070: 32}


class Mailboxes:
    """An SMTP handler that keeps each letter by its recipient, with its envelope sender."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, bytes]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's names
        """Keep the letter."""
        self.letters.append(
            (envelope.rcpt_tos[0], envelope.mail_from, envelope.original_content)  # type: ignore[attr-defined]  # aiosmtpd's
        )
        return "250 kept"


def store(folder: Path, boxes: Mailboxes) -> None:
    """Make the letters, and write them with their rows."""
    import time_machine

    folder.mkdir(parents=True, exist_ok=True)
    with time_machine.travel(WRITTEN_AT, tick=False):
        issue = _send_an_issue()
        rows = {"written_at": WRITTEN_AT.isoformat(), **_issue_rows(issue)}
        for kind, letter in zip(("weekly-ko", "weekly-en"), boxes.letters, strict=True):
            _write(folder, kind, letter)
        rows["letters"] = {"weekly-ko": 1010, "weekly-en": 1020}
        for kind, reader_id in _notices():
            _write(folder, kind, boxes.letters[-1])
            rows["letters"][kind] = reader_id
        rows |= _reader_rows()
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    (folder / "rows.json").write_text(text + "\n", encoding="utf-8")


def _write(folder: Path, kind: str, letter: tuple[str, str, bytes]) -> None:
    _, sender, octets = letter
    line = f"Return-Path: <{sender}>\r\n".encode()
    (folder / f"{kind}.eml").write_bytes(line + octets)


def _send_an_issue():
    from newsletter.collect.folder import digest_files
    from newsletter.commands.importing import import_file
    from newsletter.common import clock, places
    from newsletter.common.cadence import Cadence
    from newsletter.delivery import preflight, sending
    from newsletter.delivery.backends import choose
    from newsletter.delivery.models import Delivery
    from newsletter.delivery.reconcile import batches_to_publish
    from newsletter.delivery.send import deliver_batch
    from newsletter.issues.assemble import assemble
    from newsletter.issues.window import window_around

    for file in digest_files(sorted(places.SAMPLES.glob("*/"))):
        import_file(file)
    issue = assemble(window_around(Cadence.WEEKLY, SAMPLE_DAY, clock.SEOUL)).issue
    for row in READERS[:2]:
        _reader(row, Cadence.WEEKLY)
    Delivery.objects.create(id=FIRST_DELIVERY - 1, issue=issue, subscriber_id=1, language="ko")
    Delivery.objects.all().delete()
    preflight.approve(issue, "store_letters", read=True)
    sending.start(issue.pk, "store_letters")
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, choose.backend())
    issue.refresh_from_db()
    return issue


def _reader(row, *cadences):
    from newsletter.common.cadence import Language
    from newsletter.subscribers import subscriptions
    from newsletter.subscribers.addresses import parse_address
    from newsletter.subscribers.models import Subscriber
    from newsletter.subscribers.suppression import hash_of

    address = parse_address(row["email"])
    reader = Subscriber.objects.create(
        id=row["id"],
        email=address.email,
        email_key=address.key,
        address_hash=hash_of(address),
        name=row["name"],
        language=row["language"],
        created_at=WRITTEN_AT,
    )
    if cadences:
        language = Language(row["language"])
        reader = subscriptions.enrol(address, cadences, language, row["name"], "operator")
    return reader


def _notices():
    """Have each notice written and sent; yield its kind and whose it is, after it has left."""
    from newsletter.common.cadence import Cadence
    from newsletter.subscribers import moving
    from newsletter.subscribers.addresses import parse_address
    from newsletter.subscribers.models import AddressChange
    from newsletter.web import letters

    people = {row["id"]: row for row in READERS}
    weekly, both = (Cadence.WEEKLY,), (Cadence.DAILY, Cadence.WEEKLY)

    def asked(number: int, cadences: tuple[Cadence, ...]):
        from newsletter.common.cadence import Language

        reader, row = _reader(people[number]), people[number]
        address = parse_address(row["email"])
        letters.sign_up(address, cadences, Language(row["language"]), row["name"], "form")
        return reader

    asked(1030, both)
    yield _sent("confirm"), 1030
    letters.confirm(asked(1040, weekly))
    _sent("confirm")
    yield _sent("welcome"), 1040
    letters.leave(_reader(people[1050], *weekly), "one-click")
    yield _sent("goodbye"), 1050
    for number, kind in ((1060, "new_address"), (1070, "address_changed")):
        reader = _reader(people[number], *both)
        wish = AddressChange.objects.create(
            id=WISHES[number], subscriber=reader, email="x", email_key="x", via="form"
        )
        new = parse_address(f"new-{reader.email}")
        wish.email, wish.email_key = new.email, new.key
        wish.save()
        letters.ask_to_move(reader, new, "preferences")
        _sent("new_address")
        if kind == "address_changed":
            letters.move(moving.open_wish(reader))
            _sent(kind)
        yield kind, number
    letters.step_down(_reader(people[1080], *both), "unsubscribe page")
    yield _sent("step_down"), 1080
    letters.new_link(_reader(people[1090], *weekly))
    yield _sent("new_link"), 1090


def _sent(kind: str) -> str:
    """Hand over the oldest notice that waits; return its kind, which must be this one."""
    from newsletter.delivery import notices
    from newsletter.delivery.backends import choose
    from newsletter.delivery.models import Notice

    notice = Notice.objects.filter(status="queued").order_by("pk")[0]
    notices.deliver(notice.pk, choose.backend())
    notice.refresh_from_db()
    if (notice.kind, notice.status) != (kind, "accepted"):
        raise SystemExit(f"{notice.kind} {notice.status} {notice.reason}, and not {kind}")
    return kind


def _issue_rows(issue) -> dict[str, object]:
    from newsletter.delivery.models import Delivery

    return {
        "issue": {
            "slug": issue.slug,
            "cadence": issue.cadence,
            "window_start": issue.window_start.isoformat(),
            "window_end": issue.window_end.isoformat(),
            "title": issue.title,
            "subject": issue.subject,
            "style": issue.style,
            "started_at": issue.started_at.isoformat(),
        },
        "content": issue.revision.content,
        "content_hash": issue.revision.content_hash,
        "deliveries": list(
            Delivery.objects.order_by("id").values("id", "subscriber_id", "language")
        ),
    }


def _reader_rows() -> dict[str, object]:
    from newsletter.subscribers.models import AddressChange, Subscriber

    readers = []
    for reader in Subscriber.objects.order_by("id"):
        names = ("id", "email", "email_key", "address_hash", "name", "language")
        row = {name: getattr(reader, name) for name in names}
        row["status"] = str(reader.status)
        row["cadences"] = sorted(one.cadence for one in reader.subscriptions.all())
        acts = reader.consents.order_by("pk").values("act", "cadences", "language", "via")
        readers.append(row | {"consents": list(acts)})
    moves = AddressChange.objects.order_by("id")
    names = ("id", "subscriber_id", "email", "former_hash", "via")
    changes = [
        {name: getattr(one, name) for name in names} | {"changed": one.changed_at is not None}
        for one in moves
    ]
    return {"readers": readers, "address_changes": changes}


def main() -> None:
    """Set up a system of its own, and store its letters."""
    from tests.delivery.smtp_servers import smtp_server

    boxes = Mailboxes()
    with tempfile.TemporaryDirectory() as home, smtp_server(boxes, enable_SMTPUTF8=True) as port:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsletter.settings",
            "NEWSLETTER_DATA_DIR": home,
            "SECRET_KEY": SECRET_KEY,
            "BASE_URL": "https://news.example.org",
            "BOUNCE_ADDRESS": "bounce@news.example.org",
            "MAIL_BACKEND": "smtp",
            "LOG_LEVEL": "CRITICAL",
            "SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        }
        import django

        django.setup()
        from newsletter.commands.line import prepare
        from newsletter.delivery.backends import choose

        prepare()
        store(Path(sys.argv[1]), boxes)
        choose.backend().close()


if __name__ == "__main__":
    main()
