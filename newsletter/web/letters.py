"""The short letters that a page causes, queued in the same transaction as their cause.

None is written to a mailbox that is suppressed, and no page tells the difference.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from newsletter.common.cadence import Cadence, Language
from newsletter.common.tokens import Purpose
from newsletter.delivery import notices
from newsletter.issues.editing import content_of
from newsletter.render import show
from newsletter.subscribers import limits, links, moving, subscriptions
from newsletter.subscribers.addresses import Address
from newsletter.subscribers.models import AddressChange, Subscriber, SubscriberStatus
from newsletter.subscribers.suppression import is_suppressed
from newsletter.web.archive import published

_BEST = 3


@transaction.atomic
def sign_up(
    address: Address, cadences: Iterable[Cadence], language: Language, name: str, via: str
) -> bool:
    """Write down a wish and mail the button that confirms it, if this mailbox may have a mail.

    Returns whether it may: for an operator's eyes, and never for a page.
    """
    reader = subscriptions.sign_up(address, cadences, language, name, via)
    if reader is None:
        return False
    _ask_to_confirm(reader, language)
    return True


@transaction.atomic
def ask_again(reader: Subscriber, via: str) -> None:
    """Mail a new button to a reader who left, or whose link is too old."""
    asked = subscriptions.ask_again(reader, via)
    if asked is not None:
        _ask_to_confirm(asked, Language(asked.language))


@transaction.atomic
def confirm(reader: Subscriber) -> None:
    """Confirm, and welcome a reader who is new."""
    was_reading = bool(subscriptions.current_cadences(reader))
    subscriptions.confirm(reader)
    if not was_reading:
        reader.refresh_from_db()
        _send("welcome", reader, _newest_issue(reader))


@transaction.atomic
def step_down(reader: Subscriber, via: str) -> None:
    """Stay with the Weekly alone, and say that it is so."""
    was_reading = bool(subscriptions.current_cadences(reader))
    subscriptions.step_down(reader, via)
    if was_reading:
        _send("step_down", reader)


@transaction.atomic
def new_link(reader: Subscriber) -> None:
    """Mail a fresh link: to their page for a reader, to the button for who is none yet or any more."""
    if reader.status != SubscriberStatus.ACTIVE:
        ask_again(reader, "new link")
    elif limits.admit_mail(Address(reader.email, reader.email_key), at_most=None):
        _send("new_link", reader)


@transaction.atomic
def leave(reader: Subscriber, via: str) -> None:
    """End every subscription and say goodbye, once."""
    was_reading = bool(subscriptions.current_cadences(reader))
    if subscriptions.leave(reader, via) and was_reading:
        _send("goodbye", reader)


@transaction.atomic
def ask_to_move(reader: Subscriber, address: Address, via: str) -> None:
    """Write down the wish for another address, and mail the button there, if it may have a mail."""
    wish = moving.ask(reader, address, via)
    if wish is None:
        return
    path = reverse("web:new_address", args=[links.token_of_wish(wish.pk)])
    notices.queue(
        "new_address",
        address=wish.email,
        language=Language(reader.language),
        subscriber=moving.mailbox_of(wish),
        context={"confirm_url": settings.BASE_URL + path},
    )


@transaction.atomic
def move(wish: AddressChange) -> None:
    """Take a reader to the new address, and tell the former one, once."""
    former = moving.move(wish)
    if former is not None:
        _send("address_changed", wish.subscriber, to=former)


def preferences_url(reader: Subscriber) -> str:
    """Return the address of this reader's own page."""
    return reverse("web:preferences", args=[links.token(Purpose.PREFERENCES, reader.pk)])


def _ask_to_confirm(reader: Subscriber, language: Language) -> None:
    path = reverse("web:confirm", args=[links.token(Purpose.CONFIRM, reader.pk)])
    notices.queue(
        "confirm",
        address=reader.email,
        language=language,
        subscriber=reader,
        context={"confirm_url": settings.BASE_URL + path},
    )


def _newest_issue(reader: Subscriber) -> dict[str, str]:
    """Name the newest issue of what this reader gets, else the newest of all."""
    cadences = subscriptions.current_cadences(reader)
    newest = published().filter(cadence__in=cadences).first() or published().first()
    if newest is None:
        return {}
    path = reverse("web:issue", args=[newest.slug])
    language = Language(reader.language)
    best = content_of(newest).items[:_BEST]
    return {
        "issue_title": show.title_in(newest.title, language),
        "issue_url": settings.BASE_URL + path,
        "issue_papers": "\n".join(show.titles(item, language)[0] for item in best),
    }


def _send(
    kind: str,
    reader: Subscriber,
    context: dict[str, str] | None = None,
    *,
    to: Address | None = None,
) -> None:
    """Queue a letter to the reader, or ``to`` an address that was theirs."""
    address = to or Address(reader.email, reader.email_key)
    if is_suppressed(address):
        return
    notices.queue(
        kind,
        address=address.email,
        language=Language(reader.language),
        subscriber=reader,
        context=context or {},
    )
