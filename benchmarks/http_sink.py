"""A plain stand-in for SendGrid's mail/send: answers 202, and counts what it was handed.

python benchmarks/http_sink.py PORT [MILLISECONDS]     each answer is that late

When it is ended it prints how many requests and readers came in.
"""

import asyncio
import json
import signal
import sys


class Sink(asyncio.Protocol):
    """One connection: a head, a body of the length it names, an answer."""

    requests = 0
    readers = 0
    late = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with an empty request."""
        self.transport = transport
        self.parts: list[bytes] = []
        self.missing: int | None = None

    def data_received(self, data: bytes) -> None:
        """Collect a request, and answer it when it is whole."""
        self.parts.append(data)
        if self.missing is None:
            self.read_head()
        else:
            self.missing -= len(data)
        if self.missing is not None and self.missing <= 0:
            asyncio.get_running_loop().call_later(Sink.late, self.answer, b"".join(self.parts))
            self.parts, self.missing = [], None

    def read_head(self) -> None:
        """Find out how long the body is."""
        head, ends, body = b"".join(self.parts).partition(b"\r\n\r\n")
        if not ends:
            return
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        self.missing = (int(lengths[0].split(b":")[1]) if lengths else 0) - len(body)

    def answer(self, request: bytes) -> None:
        """Count it and say yes."""
        Sink.requests += 1
        Sink.readers += request.count(b'"custom_args"')
        self.transport.write(
            b"HTTP/1.1 202 Accepted\r\nX-Message-Id: m%d\r\nContent-Length: 0\r\n\r\n"
            % Sink.requests
        )


async def main(port: int, milliseconds: float) -> None:
    """Listen on the loopback address until the process is ended."""
    Sink.late = milliseconds / 1000
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with server:
        await ended.wait()
    print(json.dumps({"requests": Sink.requests, "messages": Sink.readers}))


if __name__ == "__main__":
    port, late, *_ = [*sys.argv[1:], "0"]
    asyncio.run(main(int(port), float(late)))
