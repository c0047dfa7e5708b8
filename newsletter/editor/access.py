"""The door of the desk. Guessing is slowed down; no stranger keeps an editor out."""

import math
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from newsletter.editor import devices, guessing, hashing
from newsletter.web import client
from newsletter.web.errors import message_page
from newsletter.web.language import sentence

_MINUTE = 60


class DeskLogin(LoginView):
    """The login form; who is already in goes straight to the desk."""

    template_name = "web/editor/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in, and know this browser the next time."""
        response = super().form_valid(form)
        devices.remember(self.request, response, form.get_user().get_username())
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let somebody in, or say at once that too many others are logging in."""
        try:
            with hashing.only_login_of(_asker(request)):
                return super().post(request, *args, **kwargs)
        except hashing.Busy as busy:
            if guess := guessing.guess_of(request):
                guess.take_back()
            response = message_page(request, _("Not now"), sentence(busy), status=503)
            response.headers["Retry-After"] = str(busy.retry_after)
            return response


def _asker(request: HttpRequest) -> hashing.Asker:
    """Return who has one login in hand: a browser that this editor has used, else the neighbourhood."""
    account = request.POST.get("username", "").strip()
    if device := devices.known(request, account):
        return hashing.Asker(device, is_known=True)
    _near, wide = client.networks_of(request)
    return hashing.Asker(str(wide), is_known=False)


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Return the page for somebody who guessed too often, with the time to wait."""
    guess = guessing.guess_of(request)
    seconds = guess.wait if guess else _MINUTE
    told = _("Please try again in %(minutes)s min.") % {"minutes": math.ceil(seconds / _MINUTE)}
    response = message_page(request, _("Too many attempts"), told, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
