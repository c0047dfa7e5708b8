"""A reader's own page, and the ways out of it. The link in the mail is the only key."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from newsletter.common.errors import BadInput, NewsletterError
from newsletter.common.tokens import Purpose
from newsletter.subscribers import links, moving, subscriptions
from newsletter.subscribers.addresses import Address, parse_name
from newsletter.subscribers.gone import ReaderGone
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.suppression import is_suppressed
from newsletter.web import letters
from newsletter.web.errors import message_page, status_of
from newsletter.web.forms import PreferencesForm, cadences_of, language_of
from newsletter.web.language import sentence, speak_to
from newsletter.web.personal_data import everything


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the reader gets; a POST changes it."""
    reader = reader_of(request, token)
    if request.method == "POST":
        try:
            return _change(request, reader)
        except BadInput as error:
            return page(request, reader, token, error)
    return page(request, reader, token)


@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every subscription, from the reader's own page."""
    reader = reader_of(request, token)
    letters.leave(reader, "preferences")
    return _left(request, links.token(Purpose.UNSUBSCRIBE, reader.pk))


@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the reader everything that is kept of them, as JSON."""
    reader = reader_of(request, token)
    response = JsonResponse(
        everything(reader), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_POST
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Delete everything that is kept of the reader, once they have ticked that they mean it."""
    reader = reader_of(request, token)
    if not request.POST.get("sure"):
        raise BadInput(
            "erase.unsure",
            "삭제하려면 확인란을 먼저 선택해 주세요.",
            "Please tick the box first if you want everything deleted.",
        )
    subscriptions.erase(reader)
    return message_page(
        request, _("Deleted"), _("Everything we kept about you has been deleted. Goodbye!")
    )


# The token is the secret here, and RFC 8058 forbids cookies, redirects and CSRF tokens.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button on GET; on a one-click POST (RFC 8058) end every subscription at once."""
    reader = reader_of(request, token, Purpose.UNSUBSCRIBE)
    if request.method == "POST":
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return message_page(
                request,
                _("Nothing was changed"),
                _("Please use the button to unsubscribe."),
                status=400,
            )
        letters.leave(reader, "one-click")
        return _left(request, token)
    cadences = subscriptions.current_cadences(reader)
    if not cadences:
        return _left(request, token)
    return render(
        request, "web/preferences/unsubscribe.html", {"token": token, "cadences": cadences}
    )


@require_POST
def weekly_only(request: HttpRequest, token: str) -> HttpResponse:
    """Stay with the Weekly alone; who has left stays away, and is told so."""
    reader = reader_of(request, token, Purpose.UNSUBSCRIBE)
    if not subscriptions.current_cadences(reader):
        return _left(request, token)
    letters.step_down(reader, "unsubscribe page")
    return message_page(
        request,
        _("Weekly only, from now on"),
        _("You will get one mail a week and nothing else."),
    )


@require_POST
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a confirmation to a reader who wishes to return: this old link alone brings nobody back."""
    letters.ask_again(reader_of(request, token, Purpose.UNSUBSCRIBE), "goodbye page")
    return render(request, "web/signup/check_mail.html")


def page(
    request: HttpRequest,
    reader: Subscriber,
    token: str,
    error: NewsletterError | None = None,
    *,
    typed_address: str | None = None,
) -> HttpResponse:
    """Show the forms as they stand, or as one was typed where something is wrong with it.

    ``typed_address`` tells that it is the form for another address. Who was erased meanwhile has
    no forms: that error is raised again.
    """
    if isinstance(error, ReaderGone):
        raise error
    current = subscriptions.current_cadences(reader)
    wrong = error if typed_address is None else None
    wish = moving.open_wish(reader)
    context = {
        "reader": reader,
        "token": token,
        "current": current,
        "cadences": request.POST.getlist("cadences") if wrong else current,
        "language": request.POST.get("language", "") if wrong else reader.language,
        "name": request.POST.get("name", "") if wrong else reader.name,
        "suppressed": is_suppressed(Address(reader.email, reader.email_key)),
        "saved": "saved" in request.GET,
        "error": wrong and sentence(wrong),
        "error_place": wrong.place if wrong else "",
        "wish": wish,
        "wish_until": wish and wish.asked_at + moving.GOOD_FOR,
        "address_error": error and not wrong and sentence(error),
        "typed_address": typed_address or "",
    }
    return render(
        request, "web/preferences/page.html", context, status=status_of(error) if error else 200
    )


def reader_of(
    request: HttpRequest, token: str, purpose: Purpose = Purpose.PREFERENCES
) -> Subscriber:
    """Return whose link it is, and go on in their language."""
    reader = links.reader_of(purpose, token)
    speak_to(request, reader)
    return reader


def _change(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        raise BadInput(
            "form.invalid",
            "입력한 내용을 다시 확인해 주세요.",
            "Please check what you have entered.",
        )
    name = parse_name(form.cleaned_data["name"])
    with transaction.atomic():
        if not cadences_of(form):
            letters.leave(reader, "preferences")
        subscriptions.change(reader, cadences_of(form), language_of(form), name)
    return redirect(f"{request.path}?saved=1")


def _left(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "web/preferences/left.html", {"token": token})
