"""An honest fake of SendGrid's suppression lists on loopback: pages, times, and the key."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "SG.test-key"
LISTS = ("bounces", "blocks", "spam_reports", "unsubscribes", "invalid_emails")


@dataclass
class FakeLists:
    """What the account holds, and what was asked."""

    url: str = ""
    entries: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in LISTS}
    )
    asked: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)

    def page(self, name: str, query: dict[str, int]) -> list[dict[str, Any]]:
        between = [
            entry
            for entry in self.entries[name]
            if query["start_time"] <= entry["created"] <= query["end_time"]
        ]
        return between[query["offset"] : query["offset"] + query["limit"]]


@contextlib.contextmanager
def fake_lists() -> Iterator[FakeLists]:
    """Run the fake; ``url`` is where it answers."""
    fake = FakeLists()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            name = parts.path.removeprefix("/v3/suppression/")
            query = {key: int(values[0]) for key, values in parse_qs(parts.query).items()}
            fake.asked.append((name, query))
            if self.headers["Authorization"] != f"Bearer {KEY}":
                self.answer(401, {"errors": [{"message": "bad key"}]})
            elif name in fake.refuses:
                self.answer(fake.refuses[name], {"errors": [{"message": "no"}]})
            elif name not in LISTS or not 1 <= query["limit"] <= 500:
                self.answer(404, {"errors": [{"message": "not found"}]})
            else:
                self.answer(200, fake.page(name, query))

        def answer(self, status: int, body: object) -> None:
            octets = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
