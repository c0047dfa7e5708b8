"""A reader's own page, and the ways out of it. The link in the mail is the only key."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from newsletter.common.errors import BadInput
from newsletter.common.tokens import Purpose
from newsletter.delivery.models import Delivery
from newsletter.subscribers import links, subscriptions
from newsletter.subscribers.addresses import Address, parse_name
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.suppression import is_suppressed
from newsletter.web import letters
from newsletter.web.errors import message_page, status_of
from newsletter.web.forms import PreferencesForm, cadences_of, language_of
from newsletter.web.language import sentence, speak_to


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the reader gets; a POST changes it."""
    reader = _reader(request, token)
    if request.method == "POST":
        try:
            return _change(request, reader)
        except BadInput as error:
            return _page(request, reader, token, error)
    return _page(request, reader, token)


@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End every subscription, from the reader's own page."""
    reader = _reader(request, token)
    letters.leave(reader, "preferences")
    return _left(request, links.token(Purpose.UNSUBSCRIBE, reader.pk))


@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the reader everything that is kept of them, as JSON."""
    reader = _reader(request, token)
    response = JsonResponse(
        _everything(reader), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_POST
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Delete everything that is kept of the reader, once they have ticked that they mean it."""
    reader = _reader(request, token)
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
    reader = _reader(request, token, Purpose.UNSUBSCRIBE)
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
    """Stay with the Weekly alone."""
    reader = _reader(request, token, Purpose.UNSUBSCRIBE)
    letters.step_down(reader, "unsubscribe page")
    return message_page(
        request,
        _("Weekly only, from now on"),
        _("You will get one mail a week and nothing else."),
    )


@require_POST
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a confirmation to a reader who wishes to return: this old link alone brings nobody back."""
    letters.ask_again(_reader(request, token, Purpose.UNSUBSCRIBE), "goodbye page")
    return render(request, "web/signup/check_mail.html")


def _page(
    request: HttpRequest, reader: Subscriber, token: str, error: BadInput | None = None
) -> HttpResponse:
    """Show the form as it stands, or as it was typed where something is wrong with it."""
    current = subscriptions.current_cadences(reader)
    context = {
        "reader": reader,
        "token": token,
        "current": current,
        "cadences": request.POST.getlist("cadences") if error else current,
        "language": request.POST.get("language", "") if error else reader.language,
        "name": request.POST.get("name", "") if error else reader.name,
        "suppressed": is_suppressed(Address(reader.email, reader.email_key)),
        "saved": "saved" in request.GET,
        "error": error and sentence(error),
        "error_place": error.place if error else "",
    }
    return render(
        request, "web/preferences/page.html", context, status=status_of(error) if error else 200
    )


def _reader(request: HttpRequest, token: str, purpose: Purpose = Purpose.PREFERENCES) -> Subscriber:
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
    if not cadences_of(form):
        letters.leave(reader, "preferences")
    subscriptions.change(reader, cadences_of(form), language_of(form), name)
    return redirect(f"{request.path}?saved=1")


def _left(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "web/preferences/left.html", {"token": token})


def _everything(reader: Subscriber) -> dict[str, Any]:
    consents = reader.consents.order_by("pk")
    letters_sent = Delivery.objects.filter(subscriber=reader).order_by("pk")
    return {
        "email": reader.email,
        "name": reader.name,
        "language": reader.language,
        "status": reader.status,
        "created_at": reader.created_at,
        "confirmed_at": reader.confirmed_at,
        "left_at": reader.left_at,
        "subscriptions": list(reader.subscriptions.values("cadence", "since")),
        "consents": list(
            consents.values("act", "cadences", "language", "text_version", "via", "at")
        ),
        "letters": list(letters_sent.values("issue__slug", "status", "changed_at")),
    }
