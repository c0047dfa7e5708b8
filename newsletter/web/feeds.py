"""The newest issues as an Atom feed and as a JSON Feed, all of them or those of one cadence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from newsletter.common.cadence import Cadence
from newsletter.issues.editing import content_of
from newsletter.issues.models import Issue
from newsletter.web.addresses import absolute, canonical, paper_paths
from newsletter.web.archive import description, published
from newsletter.web.language import page_language, reader_language
from newsletter.web.story import story

_NEWEST = 20
JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue in a feed."""

    address: str
    title: str
    summary: str
    html: str
    published: datetime
    cadence: str


@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """Return the newest issues as Atom (RFC 4287)."""
    feed = Atom1Feed(
        title=_title(_cadence(request)),
        link=absolute(reverse("web:archive")),
        description=_about(),
        language=page_language(),
        feed_url=canonical(request),
        feed_guid=canonical(request),
        author_name=settings.PUBLICATION_NAME,
    )
    for entry in _entries(_cadence(request)):
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.html,
            unique_id=entry.address,
            pubdate=entry.published,
            updateddate=entry.published,
            categories=[entry.cadence],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
@conditional_page
def json_feed(request: HttpRequest) -> JsonResponse:
    """Return the newest issues as a JSON Feed 1.1."""
    told = {
        "version": JSON_FEED,
        "title": _title(_cadence(request)),
        "description": _about(),
        "home_page_url": absolute(reverse("web:archive")),
        "feed_url": canonical(request),
        "icon": absolute(static("web/icon.png")),
        "language": page_language(),
        "authors": [{"name": settings.PUBLICATION_NAME, "url": absolute(reverse("web:home"))}],
        "items": [_item(entry) for entry in _entries(_cadence(request))],
    }
    return JsonResponse(
        told, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
    )


def _entries(cadence: str) -> Iterator[Entry]:
    issues = published().select_related("revision")
    if cadence:
        issues = issues.filter(cadence=cadence)
    for issue in issues[:_NEWEST]:
        yield _entry(issue)


def _entry(issue: Issue) -> Entry:
    content = content_of(issue)
    context = {
        "address": absolute(reverse("web:issue", args=[issue.slug])),
        "stories": [story(item, reader_language()) for item in content.items],
        "papers": {place: absolute(path) for place, path in paper_paths(content.items).items()},
    }
    return Entry(
        address=str(context["address"]),
        title=issue.title,
        summary=description(content),
        html=render_to_string("web/archive/_feed_entry.html", context),
        published=issue.started_at or issue.window_end,
        cadence=issue.cadence,
    )


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(timespec="seconds"),
        "tags": [entry.cadence],
    }


def _cadence(request: HttpRequest) -> str:
    asked = request.GET.get("cadence", "")
    return asked if asked in set(Cadence) else ""


def _title(cadence: str) -> str:
    return f"{settings.PUBLICATION_NAME} {cadence.capitalize()}".rstrip()


def _about() -> str:
    return _("Machine-learning papers, picked by the community and delivered by mail.")
