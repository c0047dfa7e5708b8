"""The main job, measured: import, assemble, render, fan-out, delivery to a local sink.

    python benchmarks/main_job.py                     SQLite, 20,000 readers
    python benchmarks/main_job.py --readers 100000
    DATABASE_URL=postgresql://… python benchmarks/main_job.py

Each step is a process of its own, so that its peak memory is its own. The sink
is ``fast_sink.c`` where a C compiler is found, else a plain one in Python, which
then sets the limit. Everything stays on the loopback address.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
SINK_PORT = 2526
DAY = "2026-01-09"

POST = """# {day} Daily Papers (Top 5)

{papers}"""
PAPER = """## {rank}. [Benchmark Paper {key}: A Title of the Usual Length](https://huggingface.co/papers/{key})
**Upvotes**: {votes}

### 📌 요약
{text}

### 📝 초록 (번역)
{text} {text} {text} {text}

### 🔑 핵심 포인트
- {text}
- {text}

---

"""
TEXT = (
    "이 논문은 여러 보상을 함께 다루는 학습에서 신호가 무너지는 까닭을 밝히고, 보상마다 따로 "
    "정규화하는 방법(decoupled normalization)을 제안하여 학습이 한결 안정됨을 보입니다."
)


# They are ours, and so their texts are in the mails that are measured.
CARD = 'slug = "benchmark"\nname = "벤치마크 다이제스트"\nlicence = "CC0-1.0"\n'


def write_posts(folder: Path, files: int, papers: int) -> None:
    """Write digest files of ten papers each, all with ids of their own, and whose they are."""
    (folder / "source.toml").write_text(CARD)
    for file in range(files):
        entries = [
            PAPER.format(
                rank=rank, key=f"26{1 + file % 12:02}.{(file * papers + rank) % 100000:05}",
                votes=(file * 7 + rank) % 400, text=TEXT,
            )
            for rank in range(1, papers + 1)
        ]  # fmt: skip
        text = POST.format(day=DAY, papers="".join(entries))
        (folder / f"{file:05}.md").write_text(text)


def step_import(options: argparse.Namespace) -> str:
    """Read and store the digest files."""
    from newsletter.commands.importing import import_file

    files = sorted(Path(options.posts).glob("*.md"))
    for file in files:
        import_file(file)
    return f"{len(files)} files, {len(files) * 10:,} papers"


def step_assemble(options: argparse.Namespace) -> str:  # noqa: ARG001 - every step has one shape
    """Assemble and approve the weekly of the benchmark's week."""
    from datetime import date

    from newsletter.common.cadence import Cadence
    from newsletter.common.clock import SEOUL
    from newsletter.delivery import preflight
    from newsletter.issues.assemble import assemble
    from newsletter.issues.window import window_around

    issue = assemble(window_around(Cadence.WEEKLY, date.fromisoformat(DAY), SEOUL)).issue
    preflight.approve(issue, "benchmark", read=True)
    return f"{issue.items.count()} papers, gate passed"


def step_render(options: argparse.Namespace) -> str:  # noqa: ARG001 - every step has one shape
    """Compile one variant twenty times."""
    from newsletter.common.cadence import Language
    from newsletter.delivery.letters import site
    from newsletter.issues import editing
    from newsletter.issues.models import Issue
    from newsletter.render.compile import compile_issue

    content = editing.content_of(Issue.objects.get())
    times = []
    for _ in range(20):
        began = time.perf_counter()
        mail = compile_issue(content, Language.KOREAN, site())
        times.append(time.perf_counter() - began)
    size = len(mail.html.encode())
    return f"median {sorted(times)[10] * 1e3:.1f} ms a variant, {size:,} bytes of HTML"


def step_readers(options: argparse.Namespace) -> str:
    """Write the readers of the weekly."""
    from newsletter.subscribers.models import Subscriber, Subscription

    numbers = range(options.readers)
    readers = Subscriber.objects.bulk_create(
        [
            Subscriber(
                email=f"reader{n}@example.com", email_key=f"reader{n}@example.com",
                address_hash=f"{n:064x}", name=f"구독자 {n}", status="active",
                language="en" if n % 5 == 0 else "ko",
            )
            for n in numbers
        ],
        batch_size=2000,
    )  # fmt: skip
    Subscription.objects.bulk_create(
        [Subscription(subscriber=reader, cadence="weekly") for reader in readers], batch_size=5000
    )
    return f"{options.readers:,} readers"


def step_freeze(options: argparse.Namespace) -> str:
    """Freeze the content and the audience."""
    from newsletter.delivery import sending
    from newsletter.issues.models import Issue

    began = time.perf_counter()
    sending.start(Issue.objects.get().pk, "benchmark")
    return f"{options.readers / (time.perf_counter() - began):,.0f} rows/s"


def step_deliver(options: argparse.Namespace) -> str:
    """Deliver every batch to the sink, as a worker would."""
    from newsletter.delivery.backends import choose
    from newsletter.delivery.ledger import counts
    from newsletter.delivery.models import Batch
    from newsletter.delivery.send import deliver_batch
    from newsletter.issues.models import Issue

    backend = choose.backend()
    began = time.perf_counter()
    for batch in list(Batch.objects.filter(done=False).values_list("pk", flat=True)):
        deliver_batch(batch, backend)
    rate = options.readers / (time.perf_counter() - began)
    told = counts(Issue.objects.get())
    if not (told.balances and told.accepted == options.readers):
        sys.exit(f"the ledger does not balance: {told}")
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    spent = (cpu.ru_utime + cpu.ru_stime) / options.readers * 1e6
    return f"{rate:,.0f} letters/s, {spent:.0f} µs of CPU a letter (start-up included)"


STEPS: dict[str, Callable[[argparse.Namespace], str]] = {
    "import": step_import,
    "assemble": step_assemble,
    "render": step_render,
    "readers": step_readers,
    "freeze": step_freeze,
    "deliver": step_deliver,
}


def run_step(options: argparse.Namespace) -> None:
    """Do one step in this process and print its figures as JSON."""
    import django

    django.setup()
    from newsletter.commands.database import prepare_database

    prepare_database()
    began = time.perf_counter()
    told = STEPS[options.step](options)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"told": told, "seconds": seconds, "peak": peak}))


def start_sink(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the sink and return it with its name."""
    compiler = shutil.which("cc")
    if compiler is None:
        return subprocess.Popen([sys.executable, HERE / "sink.py", str(SINK_PORT)]), "sink.py"
    binary = folder / "fast_sink"
    subprocess.run([compiler, "-O2", "-o", binary, HERE / "fast_sink.c"], check=True)
    sink = subprocess.Popen([binary, "-p", str(SINK_PORT)], stdout=subprocess.DEVNULL)
    return sink, "fast_sink.c"


def main() -> None:
    """Run every step and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--posts", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        run_step(options)
        return
    with tempfile.TemporaryDirectory(prefix="newsletter-benchmark-") as name:
        measure(options, Path(name))


def measure(options: argparse.Namespace, folder: Path) -> None:
    """Measure each step in turn."""
    posts = folder / "posts"
    posts.mkdir()
    write_posts(posts, options.files, 10)
    sink, sink_name = start_sink(folder)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsletter.settings",
        "NEWSLETTER_DATA_DIR": str(folder / "var"),
        "MAIL_BACKEND": "smtp",
        "SMTP_URL": f"smtp://127.0.0.1:{SINK_PORT}?tls=none",
        "LOG_LEVEL": "ERROR",
    }
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}, {database}, sink: {sink_name}")  # fmt: skip
    print(f"{'step':<10}{'seconds':>9}{'peak MB':>9}  figures")
    try:
        for step in STEPS:
            command = [sys.executable, __file__, "--step", step, "--posts", str(posts)]
            command += ["--readers", str(options.readers)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True)
            told = json.loads(done.stdout.splitlines()[-1])
            print(f"{step:<10}{told['seconds']:>9.2f}{told['peak']:>9.0f}  {told['told']}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr.decode())
    finally:
        sink.terminate()
        sink.wait()


if __name__ == "__main__":
    main()
