"""In which language a page speaks: what the address asks for, the cookie, the browser, else Korean."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from newsletter.common.cadence import Language
from newsletter.common.errors import NewsletterError
from newsletter.subscribers.models import Subscriber

PAGE_LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
_A_YEAR = 365 * 24 * 60 * 60


class LanguageMiddleware:
    """Speak ``?lang=ko`` or ``?lang=en`` and remember it; otherwise what the browser prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of this request."""
        asked = _asked(request)
        with translation.override(asked or translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", page_language())
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=_A_YEAR,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def page_language() -> str:
    """Return ``ko`` or ``en``: the language this page is in."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def reader_language() -> Language:
    """Return the language of this page as a reader's choice."""
    return Language(page_language())


def speak_to(request: HttpRequest, reader: Subscriber) -> None:
    """Go on in the reader's own language, unless the address asks for another."""
    if not _asked(request):
        translation.activate("en" if reader.language == Language.ENGLISH else "ko")


def sentence(error: NewsletterError) -> str:
    """Return what ``error`` says, in the language of this page."""
    return error.ko if page_language() == "ko" else error.en


def _asked(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in PAGE_LANGUAGES else ""
