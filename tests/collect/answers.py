"""Answers from memory, in the place of the web: what adapters ask, and what they are told."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.collect.feed_errors import Fault
from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources.adapter import Ask
from tests.shared_data import SHARED

FEEDS = SHARED / "data" / "feeds"


@dataclass
class Answers:
    """Gives each address its body; ``None`` means unchanged, an unknown address is a 404."""

    bodies: dict[str, bytes | None] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)

    def __call__(self, ask: Ask) -> FetchedFeed | None:
        self.asked.append(ask)
        known = [url for url in self.bodies if url in (ask.url, "*")]
        if not known and ask.optional:
            return None
        if not known:
            raise Fault.STATUS.at(ask.url, status=404)
        body = self.bodies[known[0]]
        return None if body is None else FetchedFeed(ask.url, body)


def sample(path: str) -> bytes:
    """Return a recorded answer; of arXiv's, the body inside its envelope."""
    raw = (FEEDS / path).read_bytes()
    if path.startswith("arxiv-api/") and path.endswith(".json"):
        return json.loads(raw)["body"].encode()
    return raw


def samples(folder: str, pattern: str = "*") -> list[Path]:
    return sorted((FEEDS / folder).glob(pattern))
