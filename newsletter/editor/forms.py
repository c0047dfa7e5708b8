"""What the desk's forms hold, read into values; anything odd becomes a :class:`BadInput`."""

from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from newsletter.common.cadence import Language
from newsletter.common.errors import BadInput
from newsletter.common.typed import one_line
from newsletter.subscribers.addresses import parse_each

MAX_PREVIEW_ADDRESSES = 10
# Where a session keeps the addresses that were typed last.
TYPED = "preview_addresses"
LONGEST = 4000
_DIGITS = 10

Chosen = TypeVar("Chosen", bound=StrEnum)


def preview_addresses(data: QueryDict) -> list[str]:
    """Return the addresses of a preview send, separated by commas, spaces or lines."""
    words = data.get("addresses", "").replace(",", " ").split()
    if not 1 <= len(words) <= MAX_PREVIEW_ADDRESSES:
        raise BadInput(
            "preview.addresses",
            f"미리보기 주소를 1개에서 {MAX_PREVIEW_ADDRESSES}개까지 적어 주세요.",
            f"Please give 1 to {MAX_PREVIEW_ADDRESSES} addresses for the preview.",
            place="addresses",
        )
    return parse_each(words)


def line(data: QueryDict, name: str) -> str:
    """Return what was typed in one line, without what nobody sees."""
    return one_line(data.get(name, "")[:LONGEST])


def one_of(data: QueryDict, name: str, usual: Chosen) -> Chosen:
    """Return the word that was chosen, or the usual one where no form of ours asked."""
    chosen, words = data.get(name, ""), type(usual)
    return words(chosen) if chosen in set(words) else usual


def mail_language(data: QueryDict) -> Language:
    """Return which variant of the mail is meant; Korean unless something else is asked."""
    name = data.get("mail", Language.KOREAN.value)
    return Language(name) if name in set(Language) else Language.KOREAN


def position(data: QueryDict) -> int:
    """Return the place that was typed."""
    text = data.get("position", "")
    if not (text.isdecimal() and len(text) < _DIGITS):
        raise BadInput(
            "item.position",
            "자리는 숫자로 적어 주세요.",
            "Please give the place as a number.",
            place="position",
        )
    return int(text)


def confirm_slug(data: QueryDict, slug: str) -> None:
    """Raise unless the issue's own name was typed: a click alone writes to nobody."""
    if data.get("typed", "").strip() != slug:
        raise BadInput(
            "confirm.required",
            f"보내려면 호 이름을 그대로 입력해 주세요: {slug}",
            f"To send, type the name of the issue exactly: {slug}",
            place="typed",
        )
