"""Signing up: the form on the front page, the mail, the button.

Every accepted form gets the same page after the same time, whether its address
is new, pending, reading, gone or blocked, so nobody can ask us who reads us.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from newsletter.common.cadence import Cadence
from newsletter.common.errors import BadInput, NewsletterError
from newsletter.common.tokens import Purpose
from newsletter.subscribers import limits, links, subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber, SubscriberStatus
from newsletter.web import letters
from newsletter.web.archive import published
from newsletter.web.client import address_of
from newsletter.web.errors import status_of
from newsletter.web.forms import SignUpForm, cadences_of, language_of
from newsletter.web.language import reader_language, sentence, speak_to

_NEWEST = 6
_ANSWER_AFTER = 0.15

View = Callable[..., HttpResponse]


def in_constant_time(view: View) -> View:
    """Answer no sooner than a fixed time, so that the time tells nothing about the address."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
        begun = time.monotonic()
        response = view(request, **arguments)
        time.sleep(max(0.0, begun + _ANSWER_AFTER - time.monotonic()))
        return response

    return answer


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what this is, the form, and the newest issues."""
    return _home(request)


@require_POST
@in_constant_time
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take the form; answer with the same page whoever the address belongs to."""
    form = SignUpForm(request.POST)
    if form.data.get("website"):
        return _check_mail(request)
    try:
        address = parse_address(form.data.get("email", ""))
        if not form.is_valid():
            raise _incomplete()
        wanted = subscriptions.at_least_one(cadences_of(form))
        # Only now: a slip of the hand is no reason to make anybody wait.
        limits.admit_network(address_of(request))
        letters.sign_up(address, wanted, language_of(form), "", "form")
    except (BadInput, limits.TooManySignUps) as error:
        return _home(request, error)
    return _check_mail(request)


@require_http_methods(["GET", "HEAD", "POST"])
@in_constant_time
def new_link(request: HttpRequest) -> HttpResponse:
    """Mail a fresh link to a reader whose old one no longer works."""
    if request.method != "POST":
        return render(request, "web/signup/new_link.html", {"error": None, "email": ""})
    email = request.POST.get("email", "")
    try:
        address = parse_address(email)
        limits.admit_network(address_of(request))
    except (BadInput, limits.TooManySignUps) as error:
        context = {"error": sentence(error), "email": email}
        return told(render(request, "web/signup/new_link.html", context), error)
    if reader := Subscriber.objects.filter(email_key=address.key).first():
        letters.new_link(reader)
    return _check_mail(request)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button on GET, confirm on POST: a mail scanner follows links but presses nothing."""
    reader = links.reader_of(Purpose.CONFIRM, token)
    speak_to(request, reader)
    if request.method == "POST":
        letters.confirm(reader)
        return _confirmed(request, reader)
    asked = subscriptions.asked_for(reader)
    if not asked:
        return _confirmed_before(request, reader)
    return render(request, "web/signup/confirm.html", {"token": token, "cadences": asked})


def _confirmed(request: HttpRequest, reader: Subscriber, *, before: bool = False) -> HttpResponse:
    context = {
        "before": before,
        "cadences": subscriptions.current_cadences(reader),
        "preferences": letters.preferences_url(reader),
    }
    return render(request, "web/signup/confirmed.html", context)


def _confirmed_before(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Say what a link that was used already has done; it opens nothing for who has left since."""
    if reader.status != SubscriberStatus.ACTIVE:
        raise subscriptions.used_link()
    return _confirmed(request, reader, before=True)


def _home(request: HttpRequest, error: NewsletterError | None = None) -> HttpResponse:
    context = {
        "issues": published()[:_NEWEST],
        "error": error and sentence(error),
        "error_place": error.place if error else "",
        "email": request.POST.get("email", ""),
        "chosen": request.POST.getlist("cadences") if error else [Cadence.WEEKLY],
        "language": request.POST.get("language") or reader_language(),
    }
    return told(render(request, "web/signup/home.html", context), error)


def told(response: HttpResponse, error: NewsletterError | None) -> HttpResponse:
    """Answer with the form itself and what is wrong, so that nothing has to be typed again."""
    if error:
        response.status_code = status_of(error)
    if isinstance(error, limits.TooManySignUps):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _check_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "web/signup/check_mail.html")


def _incomplete() -> BadInput:
    return BadInput(
        "form.incomplete",
        "입력하지 않은 항목이 있습니다. 다시 확인해 주세요.",
        "Something is missing; please check the form.",
    )
