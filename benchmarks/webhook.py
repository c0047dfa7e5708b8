"""The event webhook, measured: signed posts at a steady pace against a real web process.

    python benchmarks/webhook.py                            100 posts/s of 10 events, 20 s, SQLite
    python benchmarks/webhook.py --rate 200 --events 50
    DATABASE_URL=postgresql://… python benchmarks/webhook.py

Every post is sent at its own time whether or not earlier ones were answered, so a
slow answer is seen and never hidden by a slower sender. One post in ten is told
twice. Afterwards the database must hold each event once.
"""

import argparse
import asyncio
import base64
import json
import os
import platform
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ROOT = Path(__file__).resolve().parents[1]
PATH = "/webhooks/sendgrid"
ATTEMPT = "00c0ffee00c0ffee"
STORY = ("processed", "deferred", "delivered", "delivered", "delivered")
REPEATED = 0.1


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(letters: int) -> list[tuple[int, str]]:
    """Make an issue that left to so many readers; return the id and address of each letter."""
    import django

    django.setup()
    from newsletter.commands.database import prepare_database
    from newsletter.common import clock
    from newsletter.delivery.models import Delivery
    from newsletter.issues.models import Issue
    from newsletter.subscribers.models import Subscriber
    from newsletter.subscribers.suppression import hashes_of

    prepare_database()
    now = clock.now()
    issue = Issue.objects.create(
        cadence="weekly", window_start=now, window_end=now, slug=secrets.token_hex(8),
        title="benchmark", subject="benchmark", style="top5", started_at=now,
    )  # fmt: skip
    addresses = [f"{issue.slug}-{n}@example.com" for n in range(letters)]
    readers = Subscriber.objects.bulk_create(
        [
            Subscriber(email=one, email_key=one, address_hash=hashes_of(one)[0], status="active")
            for one in addresses
        ],
        batch_size=2000,
    )
    rows = Delivery.objects.bulk_create(
        [
            Delivery(issue=issue, subscriber=reader, language="ko", status="accepted",
                     attempt=ATTEMPT)
            for reader in readers
        ],
        batch_size=2000,
    )  # fmt: skip
    return list(zip([row.pk for row in rows], addresses, strict=True))


def stored() -> int:
    """Return how many events the database holds."""
    from newsletter.events.models import MessageEvent

    return MessageEvent.objects.count()


def bodies(letters: list[tuple[int, str]], posts: int, events: int) -> list[bytes]:
    """Return the posts, one in ten of them a repetition of another."""
    made: list[bytes] = []
    for _ in range(posts):
        if made and random.random() < REPEATED:  # noqa: S311 - no secret hangs on it
            made.append(random.choice(made))  # noqa: S311 - likewise
            continue
        told = []
        for _ in range(events):
            delivery_id, address = random.choice(letters)  # noqa: S311 - likewise
            told.append({
                "email": address, "event": random.choice(STORY),  # noqa: S311 - likewise
                "timestamp": int(time.time()), "sg_event_id": secrets.token_urlsafe(24),
                "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl",
                "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@geopod-ismtpd>", "response": "250 OK",
                "delivery": str(delivery_id), "attempt": ATTEMPT,
            })  # fmt: skip
        made.append(json.dumps(told).encode() + b"\r\n")
    return made


class Sender:
    """Posts at a steady pace over new connections, as a provider's many machines do."""

    def __init__(self, port: int, key: ec.EllipticCurvePrivateKey) -> None:
        self.port, self.key = port, key
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}

    async def run(self, posts: list[bytes], rate: float) -> float:
        """Send every post at its time; return how long it all took."""
        began = time.perf_counter()
        tasks = []
        for number, body in enumerate(posts):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self.post(body)))
        await asyncio.gather(*tasks)
        return time.perf_counter() - began

    async def post(self, body: bytes) -> None:
        """Send one signed post and note how long its answer took."""
        moment = str(int(time.time()))
        mark = base64.b64encode(self.key.sign(moment.encode() + body, ec.ECDSA(SHA256())))
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-Twilio-Email-Event-Webhook-Timestamp: {moment}\r\n"
            f"X-Twilio-Email-Event-Webhook-Signature: {mark.decode()}\r\n\r\n"
        )
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head.encode() + body)
        answer = await reader.read()
        self.seconds.append(time.perf_counter() - began)
        writer.close()
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        self.statuses[status] = self.statuses.get(status, 0) + 1


def start_web(port: int, threads: int) -> subprocess.Popen[bytes]:
    """Start the web process as ``newsletter up`` starts it, and wait until it answers."""
    serve = f"from newsletter.web.server import serve; serve({port}, threads={threads})"
    command = [sys.executable, "-c", serve]
    web = subprocess.Popen(command, cwd=ROOT)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return web
        time.sleep(0.05)
    sys.exit("the web process does not answer")


def main() -> None:
    """Run it, print the figures, and fail where an event is missing or counted twice."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=100, help="posts a second")
    parser.add_argument("--events", type=int, default=10, help="events in each post")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsletter-benchmark-") as folder:
        measure(options, folder)


def measure(options: argparse.Namespace, folder: str) -> None:
    """Measure one run in this data folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    octets = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    port = free_port()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="newsletter.settings", NEWSLETTER_DATA_DIR=folder,
        SENDGRID_WEBHOOK_KEY=base64.b64encode(octets).decode(), LOG_LEVEL="ERROR",
        BASE_URL=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    letters = prepare(options.letters)
    posts = bodies(letters, int(options.rate * options.seconds), options.events)
    before = stored()
    web = start_web(port, options.threads)
    sender = Sender(port, key)
    try:
        asyncio.run(Sender(port, key).run([b"[]"] * 20, 20))  # let it wake up
        seconds = asyncio.run(sender.run(posts, options.rate))
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait()
    tell(options, sender, seconds)
    expected, found = len(set(posts)) * options.events, stored() - before
    print(f"events: {expected:,} different ones told, {found:,} stored")
    if expected != found or set(sender.statuses) != {200}:
        sys.exit("an event is missing, or was counted twice")


def tell(options: argparse.Namespace, sender: Sender, seconds: float) -> None:
    """Print the figures."""
    scheme = urlsplit(os.environ.get("DATABASE_URL", "sqlite:")).scheme
    times = sorted(sender.seconds)
    told = {
        f"p{part}": times[min(len(times) - 1, len(times) * part // 100)] for part in (50, 95, 99)
    }
    print(f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"{scheme}, {options.threads} threads")  # fmt: skip
    print(f"{len(times):,} posts of {options.events} events in {seconds:.1f} s: "
          f"{len(times) / seconds:.0f} posts/s, statuses {sender.statuses}")  # fmt: skip
    figures = {**told, "max": times[-1]}
    print(", ".join(f"{name} {value * 1e3:.0f} ms" for name, value in figures.items()))


if __name__ == "__main__":
    main()
