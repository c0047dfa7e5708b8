"""What can be wrong with an address or an answer of the web, with stable codes.

    FeedError                 code, two sentences, the place; no markup of the answer
    └── FeedUnavailable       nothing that lasts: worth another try, maybe at a stated time

One failed source is that source's affair: these are caught where it is collected.
"""

from enum import Enum

from newsletter.common.errors import BadInput


class FeedError(BadInput):
    """An address must not be asked, or its answer cannot be used. ``status`` is HTTP's, if any."""

    status: int | None = None


class FeedUnavailable(FeedError):
    """The other side is down or busy. ``retry_after`` is in seconds, if it told."""

    retry_after: float | None = None


class Fault(Enum):
    """One thing that goes wrong: code, Korean, English."""

    SCHEME = (
        "scheme",
        "http 또는 https로 시작하는 주소만 읽습니다.",
        "Only http and https addresses are read.",
    )
    PORT = (
        "port",
        "80번과 443번 포트만 읽습니다.",
        "Only the ports 80 and 443 are read.",
    )
    CREDENTIALS = (
        "credentials",
        "주소에 사용자 이름이나 암호를 넣을 수 없습니다.",
        "An address must not hold a user name or a password.",
    )
    PRIVATE_ADDRESS = (
        "private_address",
        "공개 인터넷 주소가 아니어서 접속하지 않았습니다.",
        "The address is not on the public internet and was not contacted.",
    )
    REDIRECTS = (
        "redirects",
        "다른 주소로 {limit}번 넘게 넘겼습니다.",
        "The address redirected more than {limit} times.",
    )
    TOO_LARGE = (
        "too_large",
        "내용이 {megabytes:g}MB를 넘어 읽기를 멈추었습니다.",
        "The content exceeds {megabytes:g} MB; reading was stopped.",
    )
    TIMEOUT = (
        "timeout",
        "{seconds:g}초 안에 다 읽지 못했습니다.",
        "The answer was not complete within {seconds:g} seconds.",
    )
    UNREACHABLE = (
        "unreachable",
        "서버에 접속할 수 없거나 연결이 끊겼습니다.",
        "The server could not be reached, or the connection broke.",
    )
    STATUS = (
        "status",
        "서버가 오류 {status}로 답했습니다.",
        "The server answered with the error {status}.",
    )
    BUSY = (
        "busy",
        "서버가 나중에 다시 오라고 답했습니다 ({status}).",
        "The server asks us to come back later ({status}).",
    )
    TURN = (
        "turn",
        "같은 서버에 요청할 차례를 기다리다 그만두었습니다.",
        "Gave up waiting for a turn to ask this server.",
    )
    NOT_A_FEED = (
        "not_a_feed",
        "피드나 데이터가 아닌 내용이 왔습니다 ({content_type}, 첫 태그 {first_tag}).",
        "What came is neither a feed nor data ({content_type}, first tag {first_tag}).",
    )
    SHAPE = (
        "shape",
        "데이터가 약속된 모양이 아닙니다. 오류 응답일 수 있습니다.",
        "The data does not have the agreed shape; it may be an error message.",
    )
    DTD_FORBIDDEN = (
        "dtd_forbidden",
        "DOCTYPE이나 ENTITY 선언이 있는 피드는 읽지 않습니다.",
        "A feed with a DOCTYPE or ENTITY declaration is not read.",
    )
    ENCODING = (
        "encoding",
        "문자 인코딩을 알 수 없습니다 ({offset}번째 바이트).",
        "The character encoding is unknown (byte {offset}).",
    )
    COMPRESSION = (
        "compression",
        "압축된 내용을 풀 수 없습니다.",
        "The compressed content cannot be unpacked.",
    )
    MALFORMED = (
        "malformed",
        "내용이 잘렸거나 깨졌습니다 ({line}행 {column}열).",
        "The content is cut off or broken (line {line}, column {column}).",
    )

    def at(
        self,
        place: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        **values: object,
    ) -> FeedError:
        """Return the error for one address; ``values`` fill the sentences."""
        name, ko, en = self.value
        kind = FeedUnavailable if self in _PASSING else FeedError
        told = {"status": status, **values}
        error = kind(f"feed.{name}", ko.format(**told), en.format(**told), place=place[:200])
        error.status = status
        if isinstance(error, FeedUnavailable):
            error.retry_after = retry_after
        return error


# What may be better the next time, without anybody mending anything.
_PASSING = {Fault.TIMEOUT, Fault.UNREACHABLE, Fault.BUSY, Fault.TURN}
