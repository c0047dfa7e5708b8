"""The browsers that an editor has logged in with before.

A signed cookie, good for one account. It opens nothing: it only gives this browser a count of
guesses of its own, which no stranger can use up. Whoever steals it has five guesses.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_COOKIE = "known-device"
_KEPT_FOR = timedelta(days=400)  # the longest that browsers allow (RFC 6265bis)


def known(request: HttpRequest, account: str) -> str:
    """Return the id of a browser that ``account`` has logged in with; empty where it has not."""
    found = request.get_signed_cookie(_COOKIE, default="", salt=_salt(account), max_age=_KEPT_FOR)
    return found or ""


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Let the browser be known from now on; it is sent to the login page alone."""
    response.set_signed_cookie(
        _COOKIE,
        known(request, account) or secrets.token_urlsafe(16),
        salt=_salt(account),
        max_age=_KEPT_FOR,
        path=reverse("editor:login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _salt(account: str) -> str:
    return f"{_COOKIE} {account}"
