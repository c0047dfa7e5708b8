"""Honest SMTP servers on loopback: a real one, and one whose misbehaviour can be told."""

import asyncio
import contextlib
import copy
import itertools
import socket
import ssl
import threading
from collections.abc import Iterator

from aiosmtpd.smtp import SMTP


@contextlib.contextmanager
def smtp_server(handler: object, **options: object) -> Iterator[int]:
    """Run a real SMTP server with this handler in a thread; yield its port."""
    tls: ssl.SSLContext | None = options.pop("implicit_tls", None)  # type: ignore[assignment]  # ours
    loop = asyncio.new_event_loop()

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(handler, loop=loop, hostname="mx.localhost", **options),
            "127.0.0.1",
            0,
            ssl=tls,
        )

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    own = asyncio.current_task()
    for task in asyncio.all_tasks() - {own}:
        task.cancel()
    await asyncio.sleep(0)


@contextlib.contextmanager
def scripted_server(script: "Script") -> Iterator[int]:
    """Run a server that speaks SMTP line by line as ``script`` decides; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=script.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


class Script:
    """An SMTP server whose misbehaviour can be told: which answer to which step of which letter.

    ``answers`` maps (step, number of the letter) to a reply, or to ``None`` for a
    connection that is cut instead. ``accepted`` are the bodies that were answered 250.
    """

    def __init__(
        self,
        answers: dict[tuple[str, int], str | None] | None = None,
        *,
        pipelining: bool = True,
        features: tuple[str, ...] = ("SIZE 1000000",),
    ) -> None:
        self.answers = answers or {}
        self.pipelining = pipelining
        self.features = features
        self.numbers = itertools.count(1)
        self.letter = 0
        self.taken = False
        self.accepted: list[bytes] = []
        self.received: list[bytes] = []
        self.connections = 0
        self.commands: list[str] = []

    def serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                # A copy has its own letter in hand, and shares what came of all of them.
                conversation = copy.copy(self)
                threading.Thread(target=conversation.hold, args=(client,), daemon=True).start()

    def hold(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as lines, contextlib.suppress(Cut, OSError):
            self.talk(client, lines)

    def talk(self, client: socket.socket, lines: object) -> None:
        client.sendall(b"220 mx ready\r\n")
        for line in lines:
            words = line.decode().strip()
            self.commands.append(words)
            match words.split(" ")[0].split(":")[0].upper():
                case "EHLO":
                    features = ["mx", *(["PIPELINING"] if self.pipelining else []), *self.features]
                    told = [f"250-{word}" for word in features[:-1]] + [f"250 {features[-1]}"]
                    client.sendall("\r\n".join(told).encode() + b"\r\n")
                case "MAIL":
                    self.letter = next(self.numbers)
                    self.taken = self.say(client, "mail", "250 2.1.0 ok").startswith("250")
                case "RCPT":
                    usual = "250 2.1.5 ok" if self.taken else "503 5.5.1 no sender"
                    self.taken = self.say(client, "rcpt", usual).startswith("250")
                case "DATA":
                    usual = "354 go on" if self.taken else "503 5.5.1 no recipient"
                    if self.say(client, "data", usual).startswith("354"):
                        self.take_body(client, lines)
                case "BDAT":
                    self.take_chunk(client, lines.read(int(words.split()[1])))
                case "QUIT":
                    client.sendall(b"221 bye\r\n")
                    raise Cut
                case _:
                    client.sendall(b"250 ok\r\n")

    def take_body(self, client: socket.socket, lines: object) -> None:
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line
        else:
            raise Cut  # hung up before the final dot: nothing was handed over
        self.received.append(body)
        usual = f"250 2.0.0 queued as {self.letter}" if self.taken else "554 5.5.1 no recipient"
        answer = self.answers.get(("end", self.letter), usual) or "cut"
        if answer.startswith("250"):
            self.accepted.append(body)  # before the answer, which a test may wait for
        self.say(client, "end", usual)

    def take_chunk(self, client: socket.socket, body: bytes) -> None:
        """Take a whole letter in one chunk; it is read even if nobody wants it (RFC 3030)."""
        self.received.append(body)
        usual = f"250 2.0.0 queued as {self.letter}" if self.taken else "503 5.5.1 no recipient"
        answer = self.answers.get(("end", self.letter), usual) or "cut"
        if answer.startswith("250"):
            self.accepted.append(body)
        self.taken = False
        self.say(client, "end", usual)

    def say(self, client: socket.socket, step: str, usual: str) -> str:
        """Answer a step of this letter; an answer is used once, so a second try fares better."""
        answer = self.answers.pop((step, self.letter), usual)
        if answer is None:
            raise Cut
        client.sendall(answer.encode() + b"\r\n")
        if answer.startswith("421"):
            raise Cut
        return answer


class Cut(Exception):
    """The connection is to be cut here."""


class Counting:
    """A handler that takes every letter, and notes for whom it was and on which connection."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.sessions: set[object] = set()

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 - aiosmtpd finds it by this name
        """Take a letter."""
        self.sessions.add(session.peer)
        self.seen += envelope.rcpt_tos
        return "250 ok"
