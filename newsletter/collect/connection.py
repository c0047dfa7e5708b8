"""The connections of the one door to the web: to checked addresses only, and never for long.

httpx resolves a name by itself and counts its timeouts anew for every read, so a
server that sends one byte a second could hold it for ever. Here a name is
resolved once, every answer is checked, the connection goes to that very number
(so a name that changes its mind in between gains nothing), the address of the
connected socket is checked again, and all reads share one deadline.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from newsletter.collect import addresses
from newsletter.collect.feed_errors import Fault

Resolve = Callable[[str, int], list[str]]

BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, OSError)
SLOW = httpcore.TimeoutException


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, in the order of the system."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Fault.UNREACHABLE.at(host) from error
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Deadline:
    """A moment that all steps of one fetch share."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def pause(self, seconds: float) -> None:
        """Put the moment off by the time that was spent on waiting for a turn."""
        self._ends += seconds

    @property
    def left(self) -> float:
        """Seconds until then; raises as soon as there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport whose connections are guarded. Without proxies, keep-alive or HTTP/2."""

    def __init__(
        self, deadline: Deadline, *, resolve: Resolve = resolve, allow_loopback: bool = False
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_GuardedBackend(deadline, resolve, allow_loopback),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its answer, the body still unread."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline, resolve: Resolve, allow_loopback: bool) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._allow_loopback = allow_loopback
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        numbers = self._resolve(host, port)
        self._check(numbers, host)
        for last, number in ((number == numbers[-1], number) for number in numbers):
            try:
                stream = self._network.connect_tcp(
                    number, port, self._deadline.left, local_address, socket_options
                )
            except httpcore.ConnectError:
                if last:
                    raise
                continue
            self._check([str(stream.get_extra_info("server_addr")[0])], host)
            return _TimedStream(stream, self._deadline)
        raise Fault.UNREACHABLE.at(host)

    def _check(self, numbers: list[str], host: str) -> None:
        if not addresses.all_public(numbers, allow_loopback=self._allow_loopback):
            raise Fault.PRIVATE_ADDRESS.at(host)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step has only what the deadline leaves."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see above
        return self._stream.read(max_bytes, self._deadline.left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see above
        self._stream.write(buffer, self._deadline.left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see above
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left)
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
