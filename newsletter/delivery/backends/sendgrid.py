"""SendGrid's v3 mail/send: one request for up to a thousand readers.

The compiled bodies travel once and each reader's values as substitutions. There is
no idempotency key, so an answer that never came is *ambiguous* and never repeated
by itself; the ids in ``custom_args`` come back with the provider's events and
settle it. Errors come in three families: an HTTP status, a connection that never
carried the whole request (``URLError``), and one that broke while the answer was due.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from http.client import HTTPException
from math import inf
from time import monotonic
from urllib.error import URLError
from urllib.parse import urlsplit

from python_http_client.client import Response
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from newsletter.common import clock
from newsletter.common.errors import BadInput, ConfigurationError
from newsletter.delivery import headers
from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    Letter,
    NeverOffered,
    NotHandedOver,
    Outcome,
    OutgoingMessage,
    PermanentSendError,
    RecallWindow,
    SendError,
    SendReceipt,
    Throttled,
    Unavailable,
    receipt,
)
from newsletter.delivery.backends.sendgrid_answers import RequestRefused, meaning
from newsletter.delivery.backends.sendgrid_request import request_body

API = "https://api.sendgrid.com"
TIMEOUT_SECONDS = 30
MAX_PERSONALIZATIONS = 1000
# One poisoned reader among a thousand is found after twenty requests; many more refusals
# in one call are a fault of ours that a person must see.
_MAX_REFUSALS = 40
# Where nothing was accepted yet, it is less likely that all of these readers are to blame.
_MAX_REFUSALS_AT_FIRST = 20
_A_FEW = 3
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

Group = Sequence[OutgoingMessage]
BatchOf = Callable[[int, Callable[[], str]], str]
"""Returns the batch id of an issue, made by the second argument when there is none yet."""


class SendGridBackend:
    """Hands letters to SendGrid."""

    name = "sendgrid"

    def __init__(  # noqa: PLR0913 - each but the first has a name and a default
        self,
        api_key: str,
        base_url: str = "",
        *,
        sandbox: bool = False,
        batch_of: BatchOf | None = None,
        readers: int = MAX_PERSONALIZATIONS,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        _check(api_key, base_url)
        self._client = SendGridAPIClient(api_key, host=base_url or API)
        # The library waits for ever by default, and a hung connection would hold a worker.
        self._client.client.timeout = timeout
        self._sandbox, self._batch_of = sandbox, batch_of
        # One slice is one request: what a killed worker leaves in doubt was in flight.
        self.slice_size = min(max(readers, 1), MAX_PERSONALIZATIONS)

    def send(
        self, letter: Letter, messages: Iterable[OutgoingMessage], *, until: float = inf
    ) -> Iterator[Outcome]:
        """Hand the messages over in as few requests as the API allows."""
        call = _Call(self._post, letter, until)
        for group in _groups(messages, self.slice_size):
            good, bad = _told_apart(group)
            yield from _all(bad, NeverOffered("header.address"))
            yield from call.send(good)
        yield from call.end()

    def recall(self, batch_id: str) -> None:
        """Cancel what waits under a batch id, for good. Raises :class:`SendError` if it cannot."""
        sends = self._client.client.user.scheduled_sends
        result = _answer(lambda: sends.post({"batch_id": batch_id, "status": "cancel"}))
        if isinstance(result, Response):
            return
        # A second cancellation is refused, such as one after an answer that was lost.
        known = _answer(sends._(batch_id).get)
        if isinstance(known, Response) and b'"cancel"' in known.body:
            return
        raise result if isinstance(result, SendError) else PermanentSendError(result.reason)

    def _post(self, letter: Letter, group: Group) -> SendReceipt | SendError | RequestRefused:
        """Make one request, and one before it where the letter needs a batch id."""
        batch_id = self._batch_id(letter.window)
        if isinstance(batch_id, SendError):
            return batch_id
        try:
            body = request_body(letter, group, sandbox=self._sandbox, batch_id=batch_id)
        except BadInput as error:
            return HaltSending(error.code)
        result = _answer(lambda: self._client.client.mail.send.post(body))
        if not isinstance(result, Response):
            return result
        expected = HTTPStatus.OK if self._sandbox else HTTPStatus.ACCEPTED
        if result.status_code != expected:
            return AmbiguousSendError(f"http {result.status_code}")
        return receipt(str(result.headers.get("X-Message-Id", "")))

    def _batch_id(self, window: RecallWindow | None) -> str | SendError:
        if window is None or self._batch_of is None or window.send_at <= clock.now():
            return ""
        try:
            return self._batch_of(window.issue_id, self._new_batch)
        except AmbiguousSendError as error:
            return Unavailable(error.reason)  # no letter was in that request
        except SendError as error:
            return error

    def _new_batch(self) -> str:
        result = _answer(self._client.client.mail.batch.post)
        if isinstance(result, SendError):
            raise result
        if isinstance(result, RequestRefused):
            raise HaltSending(result.reason)
        return _batch_id_in(result.body)

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool] | None:  # noqa: ARG002 - the protocol's signature
        """Return ``None``: only SendGrid's events tell what became of a request."""
        return None

    def close(self) -> None:
        """Do nothing: the library keeps no connection."""


Post = Callable[[Letter, Group], SendReceipt | SendError | RequestRefused]


class _Call:
    """The requests of one call; a request is split where SendGrid refuses it as a whole.

    Nobody is rejected before somebody was accepted: a fault of ours looks, from each
    half of a request, like a fault of every reader in it.
    """

    def __init__(self, post: Post, letter: Letter, until: float) -> None:
        self._post, self._letter, self._until = post, letter, until
        self._refusals = 0
        self._accepted = False
        self._blamed: list[tuple[OutgoingMessage, PermanentSendError]] = []
        self._stopped: SendError | None = None

    def send(self, group: Group) -> Iterator[Outcome]:
        """Yield an outcome for each message of the group."""
        if not group:
            return
        result = self._stopped or self._hand_over(group)
        if not isinstance(result, RequestRefused):
            self._stopped = self._stopped or _ends_the_call(result)
            self._accepted |= isinstance(result, SendReceipt)
            yield from _all(group, result)
        elif len(group) == 1:
            self._blame(group, result)
        else:
            yield from self._send_apart(group, result)

    def end(self) -> Iterator[Outcome]:
        """Yield what becomes of readers who were refused."""
        spared = self._stopped
        if not self._accepted and len(self._blamed) > _A_FEW:
            spared = spared or HaltSending(self._blamed[0][1].reason)
        for message, error in self._blamed:
            yield Outcome(message.delivery_id, error if self._accepted else spared or error)

    def _blame(self, group: Group, refused: RequestRefused) -> None:
        error = PermanentSendError(refused.reason)
        self._blamed += [(message, error) for message in group]

    def _send_apart(self, group: Group, refused: RequestRefused) -> Iterator[Outcome]:
        """Leave out whom SendGrid named; where it named nobody, send two halves."""
        self._refusals += 1
        if self._refusals > (_MAX_REFUSALS if self._accepted else _MAX_REFUSALS_AT_FIRST):
            self._stopped = HaltSending(refused.reason)
        named = [message for place, message in enumerate(group) if place in refused.culprits]
        if named:
            self._blame(named, refused)
            yield from self.send(
                [message for place, message in enumerate(group) if place not in refused.culprits]
            )
        else:
            half = len(group) // 2
            yield from self.send(group[:half])
            yield from self.send(group[half:])

    def _hand_over(self, group: Group) -> SendReceipt | SendError | RequestRefused:
        if monotonic() > self._until:
            return NotHandedOver("lease over")
        return self._post(self._letter, group)


def _batch_id_in(body: bytes) -> str:
    """Return the id that an answer holds; a proxy may have said yes in SendGrid's place."""
    try:
        told = json.loads(body)["batch_id"]
    except (ValueError, LookupError, TypeError):
        told = None
    if not isinstance(told, str) or not told:
        raise Unavailable("no batch id in the answer")
    return told


def _answer(request: Callable[[], Response]) -> Response | SendError | RequestRefused:
    """Return SendGrid's yes, or what anything else means."""
    try:
        return request()
    except HTTPError as error:
        return meaning(int(error.status_code), error.body, error.headers, clock.now())
    except URLError as error:
        return Unavailable(f"connect {type(error.reason).__name__}")
    except (OSError, HTTPException) as error:
        return AmbiguousSendError(f"no answer, {type(error).__name__}")


def _ends_the_call(result: SendReceipt | SendError) -> SendError | None:
    """Return what becomes of all further messages of the call after this result, if anything.

    A server that does not answer one request will hardly answer the next, and each
    would put a thousand more letters in doubt.
    """
    match result:
        case HaltSending() | Throttled() | Unavailable() | NotHandedOver():
            return result
        case AmbiguousSendError():
            return NotHandedOver(result.reason)
    return None


def _groups(messages: Iterable[OutgoingMessage], readers: int) -> Iterator[list[OutgoingMessage]]:
    """Cut into requests; SendGrid refuses a request that names an address twice."""
    group: dict[str, OutgoingMessage] = {}
    for message in messages:
        key = message.address.lower()
        if key in group or len(group) == readers:
            yield list(group.values())
            group = {}
        group[key] = message
    if group:
        yield list(group.values())


def _told_apart(group: Group) -> tuple[list[OutgoingMessage], list[OutgoingMessage]]:
    """Return the messages whose address is one, and those whose is not."""
    apart: tuple[list[OutgoingMessage], list[OutgoingMessage]] = ([], [])
    for message in group:
        apart[not headers.is_address(message.address)].append(message)
    return apart


def _all(group: Iterable[OutgoingMessage], result: SendReceipt | SendError) -> Iterator[Outcome]:
    return (Outcome(message.delivery_id, result) for message in group)


def _check(api_key: str, base_url: str) -> None:
    if not api_key:
        raise ConfigurationError(
            "config.sendgrid_api_key",
            "SENDGRID_API_KEY 값이 필요합니다.",
            "SENDGRID_API_KEY is needed.",
            place="SENDGRID_API_KEY",
        )
    url = urlsplit(base_url or API)
    if url.scheme != "https" and url.hostname not in _LOOPBACK:
        raise ConfigurationError(
            "config.sendgrid_base_url",
            "SENDGRID_BASE_URL은 https 주소여야 합니다.",
            "SENDGRID_BASE_URL must be an https address.",
            place="SENDGRID_BASE_URL",
        )
