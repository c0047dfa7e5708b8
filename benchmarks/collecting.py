"""How long it takes to collect many sources side by side, and what one bad one costs the others.

    python benchmarks/collecting.py [--sources 50]

Runs against a server on the loopback that takes as long for each answer as a
distant one does, on a new database, with the collecting that ``newsletter sources
run`` and the workers use. One further source never ends its answer.
"""

import argparse
import gc
import os
import resource
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAPERS = 10
LATENCY = 0.2


class Site(BaseHTTPRequestHandler):
    """Digests with papers that overlap, and one address that drips for ever."""

    def do_GET(self) -> None:
        """Answer one address."""
        time.sleep(LATENCY)
        number = int(self.path.strip("/").partition(".")[0])
        self.send_response(200)
        self.end_headers()
        if number < 0:
            self._drip()
        self.wfile.write(digest(number).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _drip(self) -> None:
        for _ in range(1_000):
            self.wfile.write(b"x")
            time.sleep(0.2)


def digest(number: int) -> str:
    """Return a digest of the day; half of its papers stand in the next one too."""
    papers = "\n\n".join(
        f"## {rank}. [A Paper Numbered {number * 5 + rank}]"
        f"(https://huggingface.co/papers/2601.{number * 5 + rank:05})\n**Upvotes**: {rank}\n\n"
        f"### 📝 요약\n\n{'이 논문은 긴 문맥을 다루는 방법을 제안합니다. ' * 20}"
        for rank in range(1, PAPERS + 1)
    )
    return f"# 2026-01-09 Daily Papers (Top {PAPERS})\n\n{papers}\n"


def main() -> None:
    """Measure, and print what was measured."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sources", type=int, default=50)
    count = words.parse_args().sources
    with tempfile.TemporaryDirectory(prefix="newsletter-benchmark-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsletter.settings",
            "NEWSLETTER_DATA_DIR": folder,
            "FETCH_ALLOW_LOOPBACK": "1",
            "LOG_LEVEL": "WARNING",
        }
        sys.path.insert(0, str(ROOT))
        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        measure(count, server.server_address[1])
        server.shutdown()


def measure(count: int, port: int) -> None:
    """Collect all sources three times: new, again, and beside one that never ends."""
    import django

    django.setup()
    from django.core.management import call_command

    from newsletter.collect.models import Source
    from newsletter.commands.sources import AT_ONCE
    from newsletter.papers.models import Paper

    call_command("migrate", verbosity=0)
    good = [add(number, port) for number in range(count)]
    before = memory()
    first, again = timed(good), timed(good)
    bad = add(-1, port)
    beside = timed([bad, *good], waiting_for=good)
    gc.collect()
    print(f"{count} sources of {PAPERS} papers, {LATENCY * 1000:.0f} ms away, {AT_ONCE} at once")
    print(f"one after another this would take at least {count * LATENCY:.1f} s of waiting alone")
    print(
        f"new papers        {first:6.2f} s   ({Paper.objects.count()} papers, {Source.objects.count()} sources)"
    )
    print(f"nothing new       {again:6.2f} s")
    print(f"beside a bad one  {beside:6.2f} s   until every good one was done")
    print(f"memory            {memory() - before:+6.1f} MB at the peak")


def add(number: int, port: int) -> object:
    """Add the source of this number."""
    from newsletter.collect.models import Source

    address = f"http://127.0.0.1:{port}/{number}.md"
    return Source.objects.create(
        slug=f"source{number}", name=str(number), kind="files", address=address, interval="daily"
    )


def timed(sources: list[object], waiting_for: list[object] | None = None) -> float:
    """Return the seconds until the sources that are waited for are collected."""
    from newsletter.commands.sources import AT_ONCE, collect_one

    waited = {source.pk for source in waiting_for or sources}
    begin = time.monotonic()
    pool = ThreadPoolExecutor(AT_ONCE)
    done = {source.pk: pool.submit(collect_one, source) for source in sources}
    for pk in waited:
        told = done[pk].result()
        if told.error:
            sys.exit(f"{told.slug}: {told.error}")
    seconds = time.monotonic() - begin
    pool.shutdown(wait=True)
    return seconds


def memory() -> float:
    """Return the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
