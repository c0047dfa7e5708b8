"""An honest fake of an IMAP server (RFC 3501) on loopback: one mailbox, its flags, real literals."""

import contextlib
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

USER, PASSWORD = "bounces", 'pass "word"'


@dataclass
class Mail:
    """One message and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class FakeMailbox:
    """What the server holds, and how it is to misbehave."""

    mails: list[Mail] = field(default_factory=list)
    port: int = 0
    folder: str = "INBOX"
    starttls: ssl.SSLContext | None = None
    tls: ssl.SSLContext | None = None
    breaks_after_fetch: int = 0
    """So many messages are handed out before the connection breaks; 0 for never."""
    fetched: int = 0

    def add(self, *messages: bytes) -> None:
        self.mails += [Mail(raw) for raw in messages]

    @property
    def flags(self) -> list[set[str]]:
        return [mail.flags for mail in self.mails]


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    box: FakeMailbox

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the server closes the bare one only

    def handle(self) -> None:
        with contextlib.suppress(ssl.SSLError):  # a client that does not trust us says no more
            self.converse()

    def converse(self) -> None:
        if self.box.tls:
            self.encrypt(self.box.tls)
        self.say("* OK ready")
        self.open = True
        self.logged_in = self.selected = False
        while self.open and (line := self.rfile.readline()):
            tag, _, command = line.decode().strip().partition(" ")
            name, _, rest = command.partition(" ")
            answer = getattr(self, f"on_{name.lower()}", self.on_unknown)(rest)
            with contextlib.suppress(OSError):
                self.say(f"{tag} {answer}")
            if answer == "OK begin":
                self.encrypt(self.box.starttls)

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def on_unknown(self, _: str) -> str:
        return "BAD unknown"

    def on_capability(self, _: str) -> str:
        self.say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.box.starttls else ""))
        return "OK done"

    def on_starttls(self, _: str) -> str:
        return "OK begin" if self.box.starttls else "BAD not here"

    def encrypt(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def on_login(self, rest: str) -> str:
        quoted = '"' + PASSWORD.replace('"', '\\"') + '"'
        self.logged_in = rest == f"{USER} {quoted}"
        return "OK in" if self.logged_in else "NO wrong"

    def on_select(self, rest: str) -> str:
        self.selected = self.logged_in and rest.strip('"') == self.box.folder
        if not self.selected:
            return "NO no such mailbox"
        self.say(f"* {len(self.box.mails)} EXISTS")
        return "OK [READ-WRITE] selected"

    def on_uid(self, rest: str) -> str:
        if not self.selected:
            return "BAD select first"
        name, _, rest = rest.partition(" ")
        return {"SEARCH": self.search, "FETCH": self.fetch, "STORE": self.store}[name](rest)

    def search(self, rest: str) -> str:
        assert rest == "UNSEEN"
        unseen = [str(n) for n, mail in enumerate(self.box.mails, 1) if r"\Seen" not in mail.flags]
        self.say("* SEARCH " + " ".join(unseen))
        return "OK done"

    def fetch(self, rest: str) -> str:
        uid, length = re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest).groups()
        raw = self.box.mails[int(uid) - 1].raw[: int(length)]
        self.say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}")
        self.wfile.write(raw + b")\r\n")
        self.box.fetched += 1
        return "OK done"

    def store(self, rest: str) -> str:
        uid, flags = re.fullmatch(r"(\d+) \+FLAGS\.SILENT \(([^)]*)\)", rest).groups()
        if 0 < self.box.breaks_after_fetch <= self.box.fetched:
            self.open = False
            self.connection.close()
            return "BYE"
        self.box.mails[int(uid) - 1].flags |= set(flags.split())
        return "OK done"

    def on_logout(self, _: str) -> str:
        self.open = False
        self.say("* BYE")
        return "OK out"


@contextlib.contextmanager
def fake_imap() -> Iterator[FakeMailbox]:
    """Run the server; yield its mailbox."""
    box = FakeMailbox()
    handler = type("Handler", (Conversation,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
