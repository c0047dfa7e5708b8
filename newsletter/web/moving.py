"""Changing the address: asked on the reader's own page, answered in the new mailbox.

The answer is the same page after the same time, whoever the new address belongs to.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from newsletter.common.errors import BadInput
from newsletter.subscribers import limits, links, moving
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import AddressChange
from newsletter.web import letters
from newsletter.web.client import address_of
from newsletter.web.language import speak_to
from newsletter.web.preferences import page, reader_of
from newsletter.web.signup import in_constant_time, told


@require_POST
@in_constant_time
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a button to the new address; nothing changes before it is pressed."""
    reader = reader_of(request, token)
    typed = request.POST.get("email", "")
    try:
        address = parse_address(typed)
        limits.admit_network(address_of(request))
        letters.ask_to_move(reader, address, "preferences")
    except (BadInput, limits.TooManySignUps) as error:
        return told(page(request, reader, token, error, typed_address=typed), error)
    context = {"token": token, "email": address.email}
    return render(request, "web/preferences/address_asked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button on GET, change the address on POST; pressed again, say that it is done."""
    wish = links.wish_of(token)
    speak_to(request, wish.subscriber)
    if wish.changed_at:
        return _changed(request, wish)
    if request.method == "POST":
        letters.move(wish)
        return _changed(request, wish, now=True)
    moving.check(wish)
    context = {"token": token, "email": wish.email}
    return render(request, "web/preferences/new_address.html", context)


def _changed(request: HttpRequest, wish: AddressChange, *, now: bool = False) -> HttpResponse:
    """Say that it is done. An old link opens nothing: the reader may have moved on since."""
    context = {"email": wish.email, "preferences": ""}
    if now:
        context["preferences"] = letters.preferences_url(wish.subscriber)
    return render(request, "web/preferences/address_changed.html", context)
