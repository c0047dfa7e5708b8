"""How long a mail takes: one variant compiled, one reader's values put in.

    python benchmarks/render.py

An issue of 20 papers in the full weekly style, so heavy in Korean that it has to
fold. "First" is a text that was never rendered before; "again" is the next variant
of the same issue, whose section text is kept in memory. Times are of the processor
and not of the clock on the wall, so that other work on the machine disturbs them
less.
"""

import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from newsletter.common.cadence import Language
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue
from newsletter.render.mail import PersonalValues, Site
from newsletter.render.personalize import personalize
from newsletter.render.prose import prose_html

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "samples" / "issue-weekly.json"
SITE = Site("오늘의 ML 논문", "https://news.example.org", "news@example.org", "서울특별시 중구")
ROUNDS = 30


def twenty_papers() -> IssueContent:
    """Return the sample weekly with its papers doubled."""
    content = IssueContent.from_json(json.loads(SAMPLE.read_text(encoding="utf-8")))
    items = [
        replace(item, position=number, votes=(item.votes or 0) + number)
        for number, item in enumerate(content.items * 2, 1)
    ]
    return replace(content, items=tuple(items))


def median(work: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of ``work`` in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measure and print a table."""
    content = twenty_papers()
    mail = compile_issue(content, Language.KOREAN, SITE)
    values = PersonalValues("김독자", "3k.mVd0Qd7x9wE2rT5yU8iO1p", "3k-f1x9.Qd7x9wE2rT5yU8iO1pmVd0")

    def first() -> None:
        prose_html.cache_clear()
        compile_issue(content, Language.KOREAN, SITE)

    def again(language: Language) -> Callable[[], object]:
        return lambda: compile_issue(content, language, SITE)

    rows = [(f"compile, {one}, again", median(again(one), ROUNDS)) for one in Language]
    rows.append(("compile, ko, first", median(first, ROUNDS)))
    rows.append(("personalize", median(lambda: personalize(mail, values), 2000)))
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{len(content.items)} papers, {len(mail.html.encode()):,} bytes of HTML\n")
    for name, milliseconds in rows:
        shown = f"{milliseconds:8.1f} ms" if milliseconds > 1 else f"{milliseconds * 1000:8.1f} µs"
        print(f"{name:<24}{shown}")


if __name__ == "__main__":
    main()
