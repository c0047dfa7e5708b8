"""A web server on the loopback that does whatever a test wants, and counts what it got rid of."""

import contextlib
import socketserver
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

MEGABYTE = 1_000_000


@dataclass
class Exchange:
    """One request, and the way back to whoever sent it."""

    path: str
    headers: Message
    at: float
    _send: Callable[[bytes], None]

    def send(self, data: bytes) -> None:
        self._send(data)

    def answer(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in named.items()]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


Answer = Callable[[Exchange], None]


@dataclass
class HostileServer:
    """Answers by path; remembers every request and the bytes that each path could push."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[Exchange] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    pushed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        hostile = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                hostile.serve(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def on(self, path: str, answer: Answer | bytes) -> str:
        """Answer a path (``*`` is any) from now on; return its address."""
        if isinstance(answer, bytes):
            body = answer
            self.answers[path] = lambda exchange: exchange.answer(body)
        else:
            self.answers[path] = answer
        return self.url(path)

    def asked(self, path: str) -> list[Exchange]:
        return [request for request in self.requests if request.path.partition("?")[0] == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, handler: socketserver.StreamRequestHandler) -> None:
        line = handler.rfile.readline().split()
        if len(line) < 2:
            return
        head = b"".join(iter(handler.rfile.readline, b"\r\n"))
        target = line[1].decode()
        path = target.partition("?")[0]

        def send(data: bytes) -> None:
            view = memoryview(data)
            while view:
                sent = handler.connection.send(view[:65536])
                self.pushed[path] += sent
                view = view[sent:]

        exchange = Exchange(target, BytesHeaderParser().parsebytes(head), time.monotonic(), send)
        self.requests.append(exchange)
        answer = self.answers.get(path) or self.answers.get("*") or not_found
        # Whoever asked may have had enough; that is what the tests are about.
        with contextlib.suppress(OSError):
            answer(exchange)
        self.finished.append(time.monotonic())


def not_found(exchange: Exchange) -> None:
    exchange.answer(b"<html><body>404</body></html>", "404 Not Found", Content_Type="text/html")


def status(line: str, body: bytes = b"{}", **headers: str) -> Answer:
    return lambda exchange: exchange.answer(body, line, **headers)


def redirect(to: str, code: str = "302 Found") -> Answer:
    return lambda exchange: exchange.answer(b"", code, Location=to)


def endless(chunk: bytes = b"x" * 65536, size: int = 1_000 * MEGABYTE, head: str = "") -> Answer:
    """Push a gigabyte, or as much of it as the other side takes."""

    def answer(exchange: Exchange) -> None:
        exchange.send(f"HTTP/1.1 200 OK\r\nConnection: close\r\n{head}\r\n".encode())
        for _ in range(size // len(chunk)):
            exchange.send(chunk)

    return answer


def drip(pieces: Iterable[bytes], gap: float = 0.05) -> Answer:
    """Send one piece after another, with a pause that no single read would call too long."""

    def answer(exchange: Exchange) -> None:
        for piece in pieces:
            exchange.send(piece)
            time.sleep(gap)

    return answer


def bomb(megabytes: int) -> bytes:
    """A gzip file that unpacks to so many megabytes of zeros, made without having them."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = b"\0" * MEGABYTE
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()
