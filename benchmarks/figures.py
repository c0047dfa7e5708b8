"""Delivery, ledger and all; by SMTP side by side with Postfix's ``smtp-source`` in one run.

    python benchmarks/figures.py                         every figure, a quarter of an hour or so
    python benchmarks/figures.py wire chunked            some of them
    python benchmarks/figures.py --readers 20000 wire    a quick look

The receiving side is ``fast_sink.c`` on the loopback address, for SendGrid's API
``http_sink.py``. PostgreSQL is a server of its own with durable commits. Absolute figures depend on the machine and its other work:
trust the ratios, each taken from runs that took turns. Without ``smtp-source`` (package
postfix) the ratios are left out.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.servers import answers, postgresql, wait_until  # noqa: E402 - the root is only now on the path

PORT = 2527
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One thing to measure: our two workers, and the peer that takes turns with them."""

    title: str
    readers: int
    peer_letters: int
    sink: tuple[str, ...] = ()
    database: str = "PostgreSQL"
    workers: int = 2
    connections: int = 10
    bar: float = 0.0
    """Our rate through the peer's must be at least this."""
    way: str = "smtp"


FIGURES = {
    "wire": Figure("pipelined", 100_000, 20_000, bar=0.6),
    "chunked": Figure("chunked", 100_000, 20_000, sink=("-C",), bar=0.6),
    "far": Figure("pipelined, 20 ms away", 4_000, 600, sink=("-L", "20"), bar=3.5),
    "far-chunked": Figure("chunked, 20 ms away", 20_000, 600, sink=("-C", "-L", "20"), bar=20),
    "sqlite": Figure("pipelined, SQLite", 50_000, 20_000, database="SQLite", bar=0.3),
    "10k": Figure("memory, 10,000", 10_000, 0),
    "200k": Figure("memory, 200,000", 200_000, 0),
    "1m": Figure("memory, 1,000,000", 1_000_000, 0),
    "sendgrid": Figure("SendGrid, 1,000,000", 1_000_000, 0, way="sendgrid"),
}


@dataclass(frozen=True)
class Bench:
    """Where a measurement happens: a folder, the programs, and the environment of our processes."""

    folder: Path
    sink: Path
    peer: str | None
    environment: dict[str, str]

    def step(self, *words: str) -> dict[str, Any]:
        """Run one step to its end; return what it measured."""
        done = subprocess.run(
            self.command(*words), env=self.environment, check=False, capture_output=True
        )
        if done.returncode:
            sys.exit(done.stderr.decode())
        return json.loads(done.stdout.splitlines()[-1])

    def command(self, *words: str) -> list[str]:
        """Return the command line of a step."""
        return [sys.executable, str(HERE / "figures_steps.py"), *words]


def measure(figure: Figure, bench: Bench, owner: int | None) -> dict[str, Any]:
    """Measure ours between two runs of the peer; return the figures."""
    bench.step("prepare", str(figure.readers))
    frozen = bench.step("freeze")
    bodies = bench.step("bodies") if figure.way == "sendgrid" else {}
    wire = bench.step("letter", str(bench.folder / "letter")) if figure.peer_letters else {}
    with sink(figure, bench):
        before = peer(figure, bench)
    with sink(figure, bench) as received:
        ours = deliver(figure, bench, owner)
    with sink(figure, bench):
        after = peer(figure, bench)
    ledger = bench.step("ledger")
    if not (ledger["balances"] and ledger["accepted"] == received["messages"] == figure.readers):
        sys.exit(f"the ledger and the sink do not agree: {ledger}, {received}")
    theirs = (before + after) / 2
    return {
        **bodies, **wire, **ours, "freeze": frozen["seconds"], "peer": theirs, "ledger": ledger,
        "ratio": ours["rate"] / theirs if theirs else None, "readers": figure.readers,
    }  # fmt: skip


@contextlib.contextmanager
def sink(figure: Figure, bench: Bench) -> Iterator[dict[str, Any]]:
    """Run the receiving side; what it counted is known after the block."""
    fast = [bench.sink, "-p", str(PORT), *figure.sink]
    api = [sys.executable, HERE / "http_sink.py", str(PORT)]
    command = api if figure.way == "sendgrid" else fast
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    wait_until(lambda: answers(socket.AF_INET, ("127.0.0.1", PORT)), "the receiving side")
    counted: dict[str, Any] = {}
    try:
        yield counted
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate()
        counted.update(json.loads(out.splitlines()[-1]))


def peer(figure: Figure, bench: Bench) -> float:
    """Return how many letters a second ``smtp-source`` sends; 0 where there is none."""
    if not (bench.peer and figure.peer_letters):
        return 0.0
    command = [
        bench.peer, "-d", "-s", str(figure.connections), "-m", str(figure.peer_letters),
        "-f", "news@example.org", "-t", "reader@example.com", "-F", str(bench.folder / "letter"),
        f"inet:127.0.0.1:{PORT}",
    ]  # fmt: skip
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return figure.peer_letters / (time.perf_counter() - began)


def deliver(figure: Figure, bench: Bench, owner: int | None) -> dict[str, float]:
    """Let the workers deliver everything; return rate, CPU a letter and peak memory."""
    workers = []
    for number in range(figure.workers):
        command = bench.command("deliver", str(number), str(figure.workers))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        workers.append(subprocess.Popen(command, env=bench.environment, **pipes))
    for worker in workers:
        worker.stdout.readline()
    before, began = cpu_of(owner), time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [json.loads(worker.stdout.readline()) for worker in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.communicate()
    database = cpu_of(owner) - before
    return {
        "rate": figure.readers / seconds,
        "worker_us": sum(one["cpu"] for one in told) / figure.readers * 1e6,
        "database_us": database / figure.readers * 1e6,
        "peak": max(one["peak"] for one in told),
    }


def cpu_of(pid: int | None) -> float:
    """Return the seconds of CPU that a process, its children and its lost children used."""
    if pid is None:
        return 0.0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_ticks(one, 4 if one == str(pid) else 2) for one in [str(pid), *children]) / TICKS


def _ticks(pid: str, fields: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, stat[11 : 11 + fields]))


@contextlib.contextmanager
def benches(figure: Figure, folder: Path, binary: Path) -> Iterator[tuple[Bench, int | None]]:
    """Set up the database of a figure; yield the bench and the process that owns the database."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "newsletter.settings",
        "NEWSLETTER_DATA_DIR": str(folder / "var"),
        "PYTHONPATH": str(HERE.parent),
        "MAIL_BACKEND": figure.way,
        "SENDGRID_API_KEY": "SG.benchmark",
        "SENDGRID_BASE_URL": f"http://127.0.0.1:{PORT}",
        "SMTP_URL": f"smtp://127.0.0.1:{PORT}?tls=none"
        f"&connections={figure.connections // figure.workers}",
        "LOG_LEVEL": "ERROR",
    }
    peer_path = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin")
    with contextlib.ExitStack() as stack:
        owner = None
        if figure.database == "PostgreSQL":
            url = stack.enter_context(postgresql(durable=True))
            settings["DATABASE_URL"] = url
            owner = _postmaster(url)
        yield Bench(folder, binary, peer_path, {**os.environ, **settings}), owner


def _postmaster(url: str) -> int:
    from urllib.parse import parse_qs, urlsplit

    home = Path(parse_qs(urlsplit(url).query)["host"][0])
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("figures", nargs="*", metavar="|".join(FIGURES))
    parser.add_argument("--readers", type=int, help="instead of each figure's own number")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    options = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':24}{'letters/s':>10}{'smtp-source':>12}{'ratio':>7}{'bar':>6}"
          f"{'µs worker':>11}{'µs database':>12}{'peak MB':>9}{'freeze s':>9}")  # fmt: skip
    kept = {}
    for name in options.figures or list(FIGURES):
        figure = FIGURES[name]
        if options.readers:
            figure = Figure(**{**vars(figure), "readers": options.readers})
        with tempfile.TemporaryDirectory(prefix="newsletter-figures-") as folder:
            binary = Path(folder) / "fast_sink"
            compiler = [shutil.which("cc") or "cc", "-O2", "-o", binary, HERE / "fast_sink.c"]
            subprocess.run(compiler, check=True)
            with benches(figure, Path(folder), binary) as (bench, owner):
                kept[name] = told = measure(figure, bench, owner)
        ratio = f"{told['ratio']:7.2f}{figure.bar:6.1f}" if told["ratio"] else f"{'':13}"
        print(f"{figure.title:24}{told['rate']:10,.0f}{told['peer']:12,.0f}{ratio}"
              f"{told['worker_us']:11.0f}{told['database_us']:12.0f}{told['peak']:9.0f}"
              f"{told['freeze']:9.2f}", flush=True)  # fmt: skip
        if "bodies_ms" in told:
            print(f"{'':24}delivered in {told['readers'] / told['rate']:.1f} s; "
                  f"a body for 1,000 readers in {told['bodies_ms']:.1f} ms (median)")  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
