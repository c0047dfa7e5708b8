"""How long the readers' pages take with 500 issues in the archive: search, an issue, a paper, feeds.

    python benchmarks/pages.py
    DATABASE_URL=postgresql://… python benchmarks/pages.py       an empty database

Whole requests through every middleware, in this process, from the clock on the
wall. Each issue is the sample weekly with ids of its own, so ten papers with
their full text in Korean and in English: some 5,000 papers to search.
"""

import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django

HOME = Path(tempfile.mkdtemp(prefix="newsletter-pages-"))
os.environ["NEWSLETTER_DATA_DIR"] = str(HOME)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - after Django's set-up
from django.db import connection  # noqa: E402 - likewise
from django.test import Client  # noqa: E402 - likewise

from newsletter.common import clock  # noqa: E402 - likewise
from newsletter.issues.content import IssueContent  # noqa: E402 - likewise
from newsletter.issues.models import Issue, IssueItem, Revision  # noqa: E402 - likewise
from newsletter.papers.models import Paper  # noqa: E402 - likewise
from newsletter.web import search_index  # noqa: E402 - likewise

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "samples" / "issue-weekly.json"
ISSUES = 500
ROUNDS = 7
QUESTIONS = ("강화학습", "보상 정규화", "diffusion", "Shih-Yang Liu", "2402.00003", "없는낱말")


def fill() -> None:
    """Write the issues as a send leaves them; the search table fills by itself."""
    sample = IssueContent.from_json(json.loads(SAMPLE.read_text(encoding="utf-8")))
    for number in range(ISSUES):
        issue = Issue.objects.create(
            cadence="weekly",
            window_start=clock.now() - timedelta(weeks=number + 1),
            window_end=clock.now() - timedelta(weeks=number),
            slug=f"week-{number}",
            title=sample.title,
            subject=sample.subject,
            style=sample.style,
            state="sent",
            started_at=clock.now() - timedelta(weeks=number),
        )
        freeze(issue, _with_own_ids(sample, number))


def freeze(issue: Issue, content: IssueContent) -> None:
    """Give the issue its papers and its revision."""
    papers = [
        Paper(arxiv_id=item.arxiv_id, title=item.title, title_key=f"{item.arxiv_id}")
        for item in content.items
    ]
    Paper.objects.bulk_create(papers)
    items = [IssueItem(issue=issue, paper=paper, position=n) for n, paper in enumerate(papers, 1)]
    IssueItem.objects.bulk_create(items)
    issue.revision = Revision.objects.create(
        issue=issue, content=content.to_json(), content_hash=content.content_hash()
    )
    issue.save()
    search_index.index(issue.revision)


def _with_own_ids(content: IssueContent, number: int) -> IssueContent:
    items = tuple(
        replace(item, arxiv_id=f"{2400 + number // 100}.{number % 100:03}{item.position - 1:02}")
        for item in content.items
    )
    return replace(content, items=items, slug=f"week-{number}")


def main() -> None:
    """Fill, measure, and print a table."""
    call_command("migrate", verbosity=0)
    fill()
    visitor = Client(headers={"host": "localhost", "accept-language": "ko"})
    print(f"{platform.machine()}, Python {platform.python_version()}, {connection.vendor}")
    print(f"{ISSUES} issues, {Paper.objects.count():,} papers\n")
    paths = ["/issues/", "/issues/week-0/", "/papers/2400.00000/", "/feed.atom", "/sitemap.xml"]
    for path in [*(f"/search/?q={question}" for question in QUESTIONS), *paths]:
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = visitor.get(path)
            times.append(1000 * (time.perf_counter() - begun))
        size = len(answer.content)
        print(f"{statistics.median(times):7.1f} ms {size:9,} bytes  {answer.status_code} {path}")
    shutil.rmtree(HOME)


if __name__ == "__main__":
    main()
