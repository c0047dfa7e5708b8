"""The door of the desk. Guessing is slowed down (axes); nobody is locked out for ever."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from newsletter.web.errors import message_page


class DeskLogin(LoginView):
    """The login form; who is already in goes straight to the desk."""

    template_name = "web/editor/login.html"
    redirect_authenticated_user = True


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Return the page for somebody who guessed too often."""
    response = message_page(
        request,
        _("Too many attempts"),
        _("Please wait fifteen minutes, then try again."),
        status=429,
    )
    response.headers["Retry-After"] = "900"
    return response
