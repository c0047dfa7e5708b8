"""An honest fake of SendGrid's v3 mail/send, on loopback.

It refuses what the documented API refuses (the key, the shape, the limits, an
address twice), puts substitutions into the contents as SendGrid does, and keeps
what it took. ``misbehave`` queues answers that come before any of that, and
``betray`` what happens instead of the answer after a request was taken.
"""

import json
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "SG.test-key"
RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "cc", "bcc",
    "content-transfer-encoding", "to", "from", "subject", "reply-to",
}  # fmt: skip
TOP = {
    "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments",
    "template_id", "headers", "categories", "custom_args", "send_at", "batch_id", "asm",
    "ip_pool_name", "mail_settings", "tracking_settings",
}  # fmt: skip
PERSONAL = {
    "from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data",
    "custom_args", "send_at",
}  # fmt: skip


class Rejected(Exception):
    """The request is not as documented."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


@dataclass
class FakeSendGrid:
    """What was asked and taken."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    poisoned: set[str] = field(default_factory=set)
    names_the_field: bool = True
    misbehave: deque[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=deque)
    betray: deque[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=deque)
    seconds: float = 0.0
    """How long it thinks before it answers."""
    always: Callable[[BaseHTTPRequestHandler], None] | None = None
    """What answers every request for as long as it is set: an outage."""
    asked_at: list[float] = field(default_factory=list)
    batches: dict[str, str] = field(default_factory=dict)
    """The batch ids that were made, each with "", "pause" or "cancel"."""
    batch_answers: deque[object] = field(default_factory=deque)
    """What is said instead of a batch id, as a proxy in between may."""

    def taken(self) -> Counter[str]:
        """How often each delivery was taken, by the id that we gave it: its own log."""
        return Counter(mail["custom_args"]["delivery"] for mail in list(self.mails))

    def take(self, body: dict[str, Any]) -> None:
        """Check a request as a whole, then take every mail in it."""
        check(body)
        if body.get("batch_id", "") not in {"", *self.batches}:
            raise Rejected("The batch id is not known.", "batch_id")
        for place, person in enumerate(body["personalizations"]):
            for number, to in enumerate(person["to"]):
                if to["email"] in self.poisoned:
                    where = f"personalizations.{place}.to.{number}.email"
                    raise Rejected(
                        "Does not contain a valid address.",
                        where if self.names_the_field else None,
                    )
        if not is_sandboxed(body):
            self.mails += [mail_of(body, person) for person in body["personalizations"]]

    def schedule(self, wish: dict[str, Any]) -> None:
        """Cancel or pause a batch, which can be done once."""
        batch_id = wish["batch_id"]
        if self.batches.get(batch_id, "unknown") or wish["status"] not in ("pause", "cancel"):
            raise Rejected("The batch cannot be changed.", "batch_id")
        self.batches[batch_id] = wish["status"]


def is_sandboxed(body: dict[str, Any]) -> bool:
    return bool(body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"))


def check(body: dict[str, Any]) -> None:
    """Refuse what the documentation says is refused."""
    if unknown := set(body) - TOP:
        raise Rejected("Unknown parameter", unknown.pop())
    people = body.get("personalizations")
    if not isinstance(people, list) or not 1 <= len(people) <= 1000:
        raise Rejected("The personalizations field is required: 1 to 1000.", "personalizations")
    if "@" not in body.get("from", {}).get("email", ""):
        raise Rejected("The from object must be provided.", "from.email")
    if not body.get("subject") or any(c in body["subject"] for c in "\r\n"):
        raise Rejected("The subject is required, without CRLF.", "subject")
    kinds = [part["type"] for part in body["content"]]
    if kinds not in (["text/plain", "text/html"], ["text/plain"], ["text/html"]):
        raise Rejected("text/plain must come first.", "content")
    seen: set[str] = set()
    for place, person in enumerate(people):
        check_person(place, person, seen)
    check_headers("headers", body.get("headers", {}))
    if not 0 <= body.get("send_at", 0) - time.time() * ("send_at" in body) <= 72 * 3600:
        raise Rejected("The send_at must be within 72 hours.", "send_at")
    if len(json.dumps(body)) > 20_000_000:
        raise Rejected("Payload too large")


def check_person(place: int, person: dict[str, Any], seen: set[str]) -> None:
    where = f"personalizations.{place}"
    if unknown := set(person) - PERSONAL:
        raise Rejected("Unknown parameter", f"{where}.{unknown.pop()}")
    for name in ("substitutions", "custom_args"):
        values = person.get(name, {})
        if not all(isinstance(value, str) for value in values.values()):
            raise Rejected("Values must be strings.", f"{where}.{name}")
        if len(json.dumps(values).encode()) > 10_000:
            raise Rejected("May not exceed 10000 bytes.", f"{where}.{name}")
    check_headers(f"{where}.headers", person.get("headers", {}))
    for number, to in enumerate(person["to"]):
        address = to["email"].lower()
        if not re.fullmatch(r"[\x21-\x7e]+@[a-z0-9.-]+", address):
            raise Rejected("Does not contain a valid address.", f"{where}.to.{number}.email")
        if address in seen:
            raise Rejected("Each email address must be unique between personalizations.", where)
        seen.add(address)


def check_headers(where: str, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if name.lower() in RESERVED or not isinstance(value, str):
            raise Rejected("This header may not be set.", f"{where}.{name}")


def mail_of(body: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    """Return one reader's mail, with the substitutions made in subject and contents."""

    def filled(text: str) -> str:
        for word, value in person.get("substitutions", {}).items():
            text = text.replace(word, value)
        return text

    return {
        "to": person["to"][0]["email"],
        "subject": filled(body["subject"]),
        "text": filled(body["content"][0]["value"]),
        "html": filled(body["content"][-1]["value"]),
        "headers": {**body.get("headers", {}), **person.get("headers", {})},
        "custom_args": person.get("custom_args", {}),
        "batch_id": body.get("batch_id", ""),
    }


class Handler(BaseHTTPRequestHandler):
    """Answers as the API does; what it takes goes into ``fake``."""

    fake: FakeSendGrid

    def do_GET(self) -> None:
        status = self.fake.batches.get(self.path.rpartition("/")[2], "")
        answer(self, 200, [{"batch_id": "x", "status": status}] if status else [])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self.fake.requests.append(body)
            answer(self, 401, {"errors": [{"message": "bad key", "field": None}]})
        elif self.path == "/v3/mail/batch" and self.fake.batch_answers:
            answer(self, 200, self.fake.batch_answers.popleft())
        elif self.path == "/v3/mail/batch":
            self.fake.batches[f"batch-{len(self.fake.batches)}"] = ""
            answer(self, 201, {"batch_id": f"batch-{len(self.fake.batches) - 1}"})
        elif self.path == "/v3/user/scheduled_sends":
            self.decide(lambda: self.fake.schedule(body), 201)
        elif self.path == "/v3/mail/send":
            self.do_send(body)
        else:
            answer(self, 404, {"errors": [{"message": "not found", "field": None}]})

    def do_send(self, body: dict[str, Any]) -> None:
        self.fake.requests.append(body)
        self.fake.asked_at.append(time.time())
        time.sleep(self.fake.seconds)
        if self.fake.always:
            self.fake.always(self)
        elif self.fake.misbehave:
            self.fake.misbehave.popleft()(self)
        else:
            self.decide(lambda: self.fake.take(body), 200 if is_sandboxed(body) else 202)

    def decide(self, act: Callable[[], None], yes: int) -> None:
        try:
            act()
        except Rejected as error:
            told = {"message": error.message, "field": error.field, "help": None}
            answer(self, 400, {"errors": [told]})
            return
        if self.fake.betray:
            self.fake.betray.popleft()(self)
        else:
            answer(self, yes, None, {"X-Message-Id": f"sg-{len(self.fake.requests)}"})

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def fake_sendgrid() -> Iterator[FakeSendGrid]:
    """Run the fake; ``url`` is where it answers."""
    fake = FakeSendGrid()

    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"fake": fake}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Send one answer."""
    octets = b"" if body is None else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(octets)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(octets)
