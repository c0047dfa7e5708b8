"""What the processes of ``figures.py`` do: prepare a database, freeze an issue, deliver batches.

    python figures_steps.py prepare READERS
    python figures_steps.py freeze
    python figures_steps.py deliver NUMBER OF      waits for a line on its standard input
    python figures_steps.py letter FILE            one letter as it goes over the wire
    python figures_steps.py bodies                 SendGrid's JSON for a thousand readers

Each prints one line of JSON: what it measured.
"""

import json
import resource
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

READERS = """
INSERT INTO subscribers_subscriber
       (id, email, email_key, address_hash, name, language, status, created_at)
SELECT n, 'reader' || n || '@example.com', 'reader' || n || '@example.com',
       {hash}, '구독자 ' || n, 'ko', 'active', {now}
  FROM {numbers}
"""
SUBSCRIPTIONS = """
INSERT INTO subscribers_subscription (subscriber_id, cadence, since)
SELECT id, 'weekly', {now} FROM subscribers_subscriber
"""
DIALECTS = {
    "postgresql": {
        "hash": "lpad(to_hex(n), 64, '0')",
        "now": "now()",
        "numbers": "generate_series(1, {readers}) AS n",
    },
    "sqlite": {
        "hash": "printf('%064x', n)",
        "now": "datetime('now')",
        "numbers": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
        " WHERE n < {readers}) SELECT n FROM c)",
    },
}


def prepare(readers: str) -> dict[str, float]:
    """Make the tables, the readers, and an issue whose content is frozen."""
    from django.db import connection
    from issue import full_issue

    from newsletter.commands.database import prepare_database
    from newsletter.delivery.letters import site
    from newsletter.issues.models import Issue, Revision

    prepare_database()
    words = DIALECTS[connection.vendor]
    numbers = words["numbers"].format(readers=int(readers))
    # No parameters, so that the percent sign of a format stays one.
    connection.ensure_connection()
    with connection.connection.cursor() if connection.vendor == "postgresql" else _raw() as cursor:
        cursor.execute(READERS.format(**{**words, "numbers": numbers}))
        cursor.execute(SUBSCRIPTIONS.format(**words))
        # Readers come over months, so that the database knows its tables of them well.
        cursor.execute("ANALYZE")
    connection.commit()
    content = full_issue(site())
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    issue = Issue.objects.create(
        cadence="weekly", window_start=monday, window_end=datetime(2026, 1, 12, tzinfo=UTC),
        slug=content.slug, title=content.title, subject=content.subject, style=content.style,
        state="sending", started_at=datetime.now(UTC),
    )  # fmt: skip
    issue.revision = Revision.objects.create(
        issue=issue, content=content.to_json(), content_hash=content.content_hash()
    )
    issue.save()
    return {}


def _raw() -> object:
    from contextlib import closing

    from django.db import connection

    return closing(connection.connection.cursor())


def freeze() -> dict[str, float]:
    """Write a ledger row for each reader."""
    from newsletter.delivery.fanout import fan_out
    from newsletter.issues.models import Issue

    began = time.perf_counter()
    rows = fan_out(Issue.objects.get())
    return {"rows": rows, "seconds": time.perf_counter() - began}


def deliver(number: str, of: str) -> dict[str, float]:
    """Deliver every n-th batch, as one worker process of several does."""
    from newsletter.common.cadence import Language, Length, Variant
    from newsletter.delivery import send
    from newsletter.delivery.backends import choose
    from newsletter.delivery.models import Batch
    from newsletter.issues.models import Issue

    backend = choose.backend()
    send.letter_of(Issue.objects.get(), Variant(Language.KOREAN, Length.FULL))
    batches = list(Batch.objects.filter(done=False).order_by("number").values_list("pk", flat=True))
    print("ready", flush=True)
    sys.stdin.readline()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for batch in batches[int(number) :: int(of)]:
        send.deliver_batch(batch, backend)
    seconds, spent = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    backend.close()
    cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak": spent.ru_maxrss / 1024}


def letter(file: str) -> dict[str, float]:
    """Write one letter to a file, for the peer to send."""
    from newsletter.common.cadence import Language, Length, Variant
    from newsletter.delivery import leases, send, slices
    from newsletter.delivery.models import Batch
    from newsletter.delivery.smtp_letters import LetterWriter
    from newsletter.issues.models import Issue

    lease = leases.claim(Batch.objects.order_by("number").values_list("pk", flat=True)[0])
    taken = slices.take(lease, 0, 1)
    (message,) = next(iter(taken.messages.values()))
    wanted = send.letter_of(Issue.objects.get(), Variant(Language.KOREAN, Length.FULL))
    raw = b"".join(LetterWriter(wanted).write(message, {}).body)
    slices.record(taken.attempt, [slices.Verdict(message.delivery_id, "queued", tried=0)])
    lease.release()
    # The peer makes line ends and the final dot itself.
    Path(file).write_bytes(raw.replace(b"\r\n", b"\n"))
    html, text = len(wanted.mail.html.encode()), len(wanted.mail.text.encode())
    return {"octets": len(raw), "html": html, "text": text}


def bodies() -> dict[str, float]:
    """Build what SendGrid is posted for a thousand readers, fifty times."""
    from newsletter.common.cadence import Language, Length, Variant
    from newsletter.delivery import send
    from newsletter.delivery.backends.base import OutgoingMessage
    from newsletter.delivery.backends.sendgrid_request import request_body
    from newsletter.issues.models import Issue
    from newsletter.render.mail import PersonalValues

    letter = send.letter_of(Issue.objects.get(), Variant(Language.KOREAN, Length.FULL))
    messages = [
        OutgoingMessage(
            n, "0123456789abcdef", f"reader{n}@example.com",
            PersonalValues(f"구독자 {n}", f"{n:x}.mVd0aaaaaaaaaaaaaaaaaa", f"{n:x}-Qd7bbbbbbbbb"), "",
        )
        for n in range(1000)
    ]  # fmt: skip
    times = []
    for _ in range(50):
        began = time.perf_counter()
        octets = len(json.dumps(request_body(letter, messages)).encode())
        times.append((time.perf_counter() - began) * 1e3)
    return {"bodies_ms": statistics.median(times), "body_octets": octets}


def ledger() -> dict[str, float]:
    """Count the ledger."""
    from newsletter.delivery import reconcile
    from newsletter.delivery.ledger import counts
    from newsletter.issues.models import Issue

    began = time.perf_counter()
    reconcile.reconcile()
    told = counts(Issue.objects.get())
    return {
        "accepted": told.accepted,
        "balances": told.balances and told.settled,
        "reconcile": time.perf_counter() - began,
    }


STEPS = {
    "prepare": prepare,
    "freeze": freeze,
    "deliver": deliver,
    "letter": letter,
    "bodies": bodies,
    "ledger": ledger,
}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])), flush=True)
