"""Fills the search table when an issue is frozen, and finds papers in it.

The table is scanned, not indexed by word: the few thousand rows of ten years of
weeklies take some milliseconds, on SQLite and PostgreSQL alike, and Korean is
found inside its words, which no index by word can do.
"""

from collections.abc import Iterable
from dataclasses import asdict
from functools import reduce
from operator import and_
from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from newsletter.issues.content import IssueContent
from newsletter.issues.models import Revision
from newsletter.web.archive import published
from newsletter.web.models import SearchEntry
from newsletter.web.searching import searchable


def remember(*, revision: Revision, **_: Any) -> None:
    """Take an issue into the search table as it was just frozen: told by ``issues.signals.frozen``."""
    index(revision)


@transaction.atomic
def index(revision: Revision) -> None:
    """Write what can be found of an issue; what was written of it before is replaced."""
    content = IssueContent.from_json(revision.content)
    SearchEntry.objects.filter(issue=revision.issue).delete()
    SearchEntry.objects.bulk_create(
        SearchEntry(issue=revision.issue, **asdict(one)) for one in searchable(content)
    )


def matching(terms: Iterable[str]) -> QuerySet[SearchEntry]:
    """Return the entries of public issues in which every term is found."""
    entries = SearchEntry.objects.filter(issue__in=published().order_by())
    for term in terms:
        entries = entries.filter(_found("folded", term))
    return entries


def papers(terms: tuple[str, ...]) -> QuerySet[SearchEntry, Any]:
    """Return the key of each paper found, once: found in title or author first, then the newest.

    Where nothing is asked, nothing is found.
    """
    if not terms:
        return SearchEntry.objects.none().values_list("key", flat=True)
    in_head = reduce(and_, (Q(_found("head", term)) for term in terms))
    best = Max(Case(When(in_head, then=1), default=0, output_field=IntegerField()))
    found = matching(terms).values("key").annotate(best=best, newest=Max("issue__window_end"))
    return found.order_by("-best", "-newest", "key").values_list("key", flat=True)


def _found(field: str, term: str) -> GreaterThan:
    return GreaterThan(StrIndex(field, Value(term)), 0)
