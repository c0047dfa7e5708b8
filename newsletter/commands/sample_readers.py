"""Two hundred made-up readers for the demonstration, at addresses that reach nobody (RFC 2606)."""

from collections.abc import Iterator

from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import Refused
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.addresses import Address, parse_address
from newsletter.subscribers.models import Subscriber, SubscriberStatus, Suppression

READERS = 200
_DOMAIN = "example.com"
_FAMILY = ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임")
_GIVEN = ("서연", "민준", "지우", "하윤", "도현", "수아", "예준", "지호", "채원", "은우")
# One reader has left and one mailbox is closed, so that both can be seen not to get a letter.
_GONE, _CLOSED = 7, 13


def sign_up_all() -> Iterator[int]:
    """Enrol each sample reader who is not there yet; yield how many are done."""
    known = set(Subscriber.objects.values_list("email_key", flat=True))
    for number in range(1, READERS + 1):
        address = address_of(number)
        if address.key not in known:
            _enrol(number, address)
        yield number


def refuse_real_readers() -> None:
    """Raise :class:`Refused` where the database holds a reader who is not one of ours."""
    if Subscriber.objects.exclude(email_key__endswith=f"@{_DOMAIN}").exists():
        raise Refused(
            "demo.real_readers",
            "이 데이터 폴더에는 실제 독자가 있습니다. NEWSLETTER_DATA_DIR로 빈 폴더를 지정해 주세요.",
            "This data folder holds real readers; point NEWSLETTER_DATA_DIR to an empty one.",
        )


def address_of(number: int) -> Address:
    """Return the address of sample reader ``number``, from 1."""
    return parse_address(f"reader{number:03}@{_DOMAIN}")


def one_reader() -> Subscriber:
    """Return a sample reader who gets both issues, to look at."""
    return (
        Subscriber.objects.filter(status=SubscriberStatus.ACTIVE, subscriptions__cadence="daily")
        .filter(subscriptions__cadence="weekly")
        .order_by("pk")[0]
    )


def _enrol(number: int, address: Address) -> None:
    reader = subscriptions.enrol(
        address, _cadences(number), _language(number), _name(number), "demo"
    )
    if number == _GONE:
        subscriptions.leave(reader, "demo")
    if number == _CLOSED:
        suppression.suppress(address, Suppression.Reason.BOUNCED)


def _cadences(number: int) -> tuple[Cadence, ...]:
    if number % 10 == 0:
        return (Cadence.DAILY, Cadence.WEEKLY)
    return (Cadence.DAILY,) if number % 3 == 0 else (Cadence.WEEKLY,)


def _language(number: int) -> Language:
    if number % 20 == 1:
        return Language.BOTH
    return Language.ENGLISH if number % 5 == 2 else Language.KOREAN  # noqa: PLR2004 - an even spread


def _name(number: int) -> str:
    return _FAMILY[number % len(_FAMILY)] + _GIVEN[number * 7 // 3 % len(_GIVEN)]
