"""What is no longer there: a reader who was erased, a wish that was taken back.

A link may be ours and right, and its reader be erased in the same moment. Who is going to
write to a row takes it here, and is told so in the words that an old link is told it in.
"""

from newsletter.common import tokens
from newsletter.subscribers.models import AddressChange, Subscriber


class ReaderGone(tokens.InvalidToken):
    """The token is ours, but its reader has been erased since."""

    def __init__(self) -> None:
        super().__init__(
            "token.reader_gone",
            "이미 삭제되어 남아 있는 정보가 없습니다.",
            "This reader has been erased; nothing is kept.",
        )


class LinkUsed(tokens.ExpiredToken):
    """The token was ours, but what it asked has been asked anew since, or taken back."""

    def __init__(self) -> None:
        super().__init__(
            "address.link_used",
            "유효 기간이 지났거나 더 새로운 요청으로 바뀐 링크입니다. 주소를 바꾸시려면 "
            "구독 설정에서 다시 요청해 주세요.",
            "This link has expired, or a newer request has replaced it. To change your "
            "address, please ask again on your preferences page.",
        )


def locked_reader(pk: int) -> Subscriber:
    """Return a reader as they are now, and keep others from changing them in this transaction.

    Raises :class:`ReaderGone` where they have been erased.
    """
    reader = Subscriber.objects.select_for_update().filter(pk=pk).first()
    if reader is None:
        raise ReaderGone
    return reader


def locked_wish(pk: int) -> AddressChange:
    """Return the wish for another address in the same way; raises :class:`LinkUsed`."""
    wish = AddressChange.objects.select_for_update().filter(pk=pk).first()
    if wish is None:
        raise LinkUsed
    return wish
