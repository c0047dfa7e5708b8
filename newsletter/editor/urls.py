"""The desk's pages. Nothing here can be reached without a login, but the login itself."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from newsletter.editor import (
    actions,
    adding,
    deciding,
    desk,
    digests,
    preview,
    reporting,
    scheduling,
    sending,
    sources,
)
from newsletter.editor.access import DeskLogin


def guarded(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Return a route that asks for a login first and that no cache may keep."""
    return path(route, never_cache(login_required(view)), name=name)


app_name = "editor"
urlpatterns = [
    path("login/", DeskLogin.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    guarded("", desk.issues, "desk"),
    guarded("sources/", sources.sources, "sources"),
    guarded("sources/add/", adding.add, "add_source"),
    guarded("sources/<slug:slug>/read/", sources.read_now, "read_source"),
    guarded("sources/<slug:slug>/terms/", sources.confirm, "confirm_source"),
    guarded("sources/<slug:slug>/switch/", sources.switch, "switch_source"),
    guarded("digests/<row:number>/", digests.digest, "digest"),
    guarded("digests/<row:number>/judge/", digests.judge, "judge"),
    guarded("issues/<slug:slug>/", desk.issue, "issue"),
    guarded("issues/<slug:slug>/change/", actions.change, "change"),
    guarded("issues/<slug:slug>/items/<row:number>/", actions.change_item, "change_item"),
    guarded("issues/<slug:slug>/approve/", actions.approve, "approve"),
    guarded("issues/<slug:slug>/intro/", actions.change_intro, "change_intro"),
    guarded("issues/<slug:slug>/refresh/", actions.refresh, "refresh"),
    guarded("issues/<slug:slug>/take-in/", actions.take_in, "take_in"),
    guarded("issues/<slug:slug>/withdraw/", actions.withdraw_approval, "withdraw"),
    guarded("issues/<slug:slug>/preview/", preview.preview, "preview"),
    guarded("issues/<slug:slug>/mail/", preview.mail, "mail"),
    guarded("issues/<slug:slug>/preview-send/", actions.preview_send, "preview_send"),
    guarded("issues/<slug:slug>/send/", sending.send, "send"),
    guarded("issues/<slug:slug>/schedule/", scheduling.schedule, "schedule"),
    guarded("issues/<slug:slug>/forget-time/", scheduling.forget, "forget_time"),
    guarded("issues/<slug:slug>/progress/", sending.progress, "progress"),
    guarded("issues/<slug:slug>/recipients/", sending.recipients, "recipients"),
    guarded("issues/<slug:slug>/report/", reporting.report, "report"),
    guarded("issues/<slug:slug>/uncertain/retry/", deciding.retry, "retry_uncertain"),
    guarded("issues/<slug:slug>/uncertain/leave/", deciding.leave, "leave_uncertain"),
    guarded("issues/<slug:slug>/rejected/retry/", deciding.retry_rejected, "retry_rejected"),
    guarded("issues/<slug:slug>/pause/", sending.pause, "pause"),
    guarded("issues/<slug:slug>/resume/", sending.resume, "resume"),
    guarded("issues/<slug:slug>/cancel/", sending.cancel, "cancel"),
]
