"""What a visitor sees when something is wrong: one kind page, in their language, with a way on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from newsletter.common.errors import BadInput, NewsletterError, NotFound, Refused
from newsletter.common.tokens import ExpiredToken, InvalidToken
from newsletter.subscribers.gone import ReaderGone
from newsletter.subscribers.limits import TooManySignUps
from newsletter.web.language import sentence

# The most telling class first: the first that fits decides.
_STATUS: dict[type[NewsletterError], int] = {
    ReaderGone: 200,
    ExpiredToken: 410,
    InvalidToken: 404,
    TooManySignUps: 429,
    NotFound: 404,
    Refused: 409,
    BadInput: 422,
}


class KindErrorsMiddleware:
    """Turn the errors that rooms raise into pages; everything else stays a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on; only errors are of interest here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for an error of ours, ``None`` for any other."""
        return error_page(request, error) if isinstance(error, NewsletterError) else None


def error_page(request: HttpRequest, error: NewsletterError) -> HttpResponse:
    """Return a page that says what is wrong and how to go on."""
    response = message_page(
        request,
        _title(error),
        sentence(error),
        status=status_of(error),
        new_link=isinstance(error, InvalidToken) and not isinstance(error, ReaderGone),
    )
    if isinstance(error, TooManySignUps):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _title(error: NewsletterError) -> str:
    if isinstance(error, InvalidToken):
        return _("This link no longer works")
    return _("Not now") if isinstance(error, Refused) else _("Please check")


def status_of(error: NewsletterError) -> int:
    """Return the HTTP status that says what ``error`` means."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)


def message_page(
    request: HttpRequest, title: str, message: str, *, status: int = 200, new_link: bool = False
) -> HttpResponse:
    """Return a page of one heading and one sentence; ``new_link`` offers to mail a fresh link."""
    context = {"title": title, "message": message, "new_link": new_link, "desk": _at_desk(request)}
    return render(request, "web/message.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Return the page for an address that nothing answers to."""
    return render(request, "web/404.html", {"desk": _at_desk(request)}, status=404)


def _at_desk(request: HttpRequest) -> bool:
    """Tell whether an editor stands before this page, who goes on at the desk."""
    return request.path.startswith(reverse("editor:desk"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Return a page that needs nothing that could have failed too."""
    return render(request, "web/500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Return the page for a form that came from elsewhere, or after its cookie was gone."""
    return message_page(
        request,
        _("Please try again"),
        _("The form was too old, or your browser blocked its cookie. Go back, reload, try again."),
        status=403,
    )
