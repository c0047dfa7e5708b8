"""The addresses of public pages: of papers, and the one that stands for a page in the world."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from newsletter.collect.arxiv_ids import bare_id
from newsletter.issues.content import ItemContent
from newsletter.papers.identity import title_key
from newsletter.papers.models import Paper, Summary
from newsletter.web.language import PAGE_LANGUAGES

# What makes another page of the same path; anything else is noise from mail and social media.
_TELLING = ("cadence", "page", "q")
_ENGLISH = "en"


class ArxivId:
    """An arXiv id in an address, of the new form or of the old one with a slash; no version."""

    regex = r"\d{4}\.\d{4,5}|[A-Za-z-]+(?:\.[A-Za-z]{2})?/\d{7}"

    def to_python(self, value: str) -> str:
        """Return the id as it is stored; raises ``ValueError``, so that no page is found, for none."""
        if found := bare_id(value):
            return found
        raise ValueError(value)

    def to_url(self, value: str) -> str:
        """Return the id as an address has it."""
        return value


class RowNumber:
    """The number of a row in an address; no longer than a database can count."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the number as an address has it."""
        return str(value)


def paper_path(arxiv_id: str | None, number: int | None) -> str:
    """Return the path of a paper's page; by its row's number where its id makes no address."""
    if arxiv_id and bare_id(arxiv_id) == arxiv_id:
        return reverse("web:paper", args=[arxiv_id])
    return reverse("web:paper_by_number", args=[number]) if number else ""


def paper_paths(items: Iterable[ItemContent]) -> dict[int, str]:
    """Return the path of each paper's page by its position; empty where the paper has no row."""
    shown = list(items)
    numbers = row_numbers(item.title for item in shown if not item.arxiv_id)
    return {
        item.position: paper_path(item.arxiv_id, numbers.get(title_key(item.title)))
        for item in shown
    }


def row_numbers(titles: Iterable[str]) -> dict[str, int]:
    """Return the rows of papers that are known by their titles alone, by the folded title.

    A page that was frozen knows a paper by a title that it may no longer go by.
    """
    keys = set(map(title_key, titles))
    if not keys:
        return {}
    told = Summary.objects.filter(title_key__in=keys).order_by("-paper_id")
    rows = Paper.objects.filter(title_key__in=keys).order_by("-pk")
    return {
        **dict(told.values_list("title_key", "paper_id")),
        **dict(rows.values_list("title_key", "pk")),
    }


def absolute(path: str) -> str:
    """Return the address of ``path`` on this site, whose host is in the settings alone."""
    return settings.BASE_URL + path


def canonical(request: HttpRequest) -> str:
    """Return the one address of this page; the bare one speaks as the browser asks, else Korean."""
    return _address(request, request.GET.get("lang", ""))


def with_language(request: HttpRequest, language: str) -> str:
    """Return the query that shows this very page in ``language``, keeping what was asked."""
    return "?" + urlencode({**_told(request), "lang": language})


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """Return each language with the address of this page in it, and the one for all others."""
    told = [(language, _address(request, language)) for language in sorted(PAGE_LANGUAGES)]
    return [*told, ("x-default", _address(request, ""))]


def _address(request: HttpRequest, language: str) -> str:
    told = _told(request) | ({"lang": _ENGLISH} if language == _ENGLISH else {})
    query = f"?{urlencode(told)}" if told else ""
    return absolute(escape_uri_path(request.path) + query)


def _told(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in _TELLING if request.GET.get(name)}
