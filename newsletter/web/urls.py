"""The readers' pages. A slash more or less at the end of a mailed link is no reason to fail."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from newsletter.web import (
    archive,
    crawlers,
    feeds,
    health,
    inbox,
    moving,
    papers,
    preferences,
    search,
    signup,
    webhooks,
)

# A token has only these letters; whatever else a mail client glued on is not ours.
_READER = r"(?P<token>[A-Za-z0-9_.~-]{1,200})"


def personal(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Return the route of a page behind a reader's link, which no cache may keep."""
    return re_path(f"^{route}$", never_cache(view), name=name)


app_name = "web"
urlpatterns = [
    path("", signup.home, name="home"),
    path("subscribe/", signup.subscribe, name="subscribe"),
    path("link/", signup.new_link, name="new_link"),
    personal(rf"c/{_READER}/?", signup.confirm, name="confirm"),
    personal(rf"p/{_READER}/?", preferences.preferences, name="preferences"),
    personal(rf"c/{_READER}/address/?", moving.new_address, name="new_address"),
    personal(rf"p/{_READER}/address/", moving.ask, name="ask_to_move"),
    personal(rf"p/{_READER}/leave/", preferences.leave, name="leave"),
    personal(rf"p/{_READER}/data\.json", preferences.data, name="data"),
    personal(rf"p/{_READER}/erase/", preferences.erase, name="erase"),
    personal(rf"u/{_READER}/?", preferences.unsubscribe, name="unsubscribe"),
    personal(rf"u/{_READER}/weekly/", preferences.weekly_only, name="weekly_only"),
    personal(rf"u/{_READER}/return/", preferences.come_back, name="come_back"),
    path("issues/", archive.archive, name="archive"),
    path("issues/<slug:slug>/", archive.issue, name="issue"),
    path("search/", search.search, name="search"),
    path("papers/<arxiv_id:arxiv_id>/", papers.paper, name="paper"),
    path("papers/<arxiv_id:arxiv_id>v<row:version>/", papers.paper_version, name="paper_version"),
    path("papers/<arxiv_id:arxiv_id>/bibtex", papers.citation, name="bibtex"),
    path("papers/t/<row:number>/", papers.paper_by_number, name="paper_by_number"),
    path("papers/t/<row:number>/bibtex", papers.citation, name="bibtex_by_number"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.json", feeds.json_feed, name="json_feed"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("inbox/", inbox.messages, name="inbox"),
    path("inbox/<row:number>/", inbox.message, name="inbox_message"),
    path("inbox/<row:number>/html/", inbox.html, name="inbox_html"),
    path("healthz", health.healthz, name="healthz"),
    re_path(r"^webhooks/sendgrid/?$", webhooks.sendgrid_events, name="sendgrid_events"),
]
