"""Given: readers, and what lies in their mail."""

from newsletter.common.cadence import Cadence, Language
from newsletter.common.tokens import Purpose
from newsletter.delivery.models import Notice
from newsletter.subscribers import links, subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber

BOTH = (Cadence.DAILY, Cadence.WEEKLY)


def a_reader(
    email: str = "bora@example.com",
    *cadences: Cadence,
    language: Language = Language.KOREAN,
    name: str = "보라",
) -> Subscriber:
    """Somebody who reads us; both issues unless something else is said."""
    return subscriptions.enrol(parse_address(email), cadences or BOTH, language, name, "test")


def reader_at(email: str) -> Subscriber:
    return Subscriber.objects.get(email_key=email)


def gets(reader: Subscriber) -> set[str]:
    """What the reader gets now, as the database says."""
    return set(Subscriber.objects.get(pk=reader.pk).subscriptions.values_list("cadence", flat=True))


def acts(reader: Subscriber) -> list[str]:
    return list(reader.consents.order_by("pk").values_list("act", flat=True))


def notices_to(email: str) -> list[str]:
    """The kinds of short letters written to an address, in order."""
    return list(Notice.objects.filter(address=email).order_by("pk").values_list("kind", flat=True))


def confirm_path(email: str, kind: str = "confirm") -> str:
    """The path of the button in the newest mail of a kind that asks for confirmation."""
    notice = Notice.objects.filter(address=email, kind=kind).latest("pk")
    return "/" + notice.context["confirm_url"].split("/", 3)[3]


def unsubscribe_path(reader: Subscriber) -> str:
    return "/u/" + links.token(Purpose.UNSUBSCRIBE, reader.pk)


def preferences_path(reader: Subscriber) -> str:
    return "/p/" + links.token(Purpose.PREFERENCES, reader.pk)
