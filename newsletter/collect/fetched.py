"""What the fetcher is asked for and what it brings: values that may go to another process. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Expected(StrEnum):
    """What an address is asked for. Only a page may be HTML."""

    FEED = "feed"
    JSON = "json"
    TEXT = "text"
    PAGE = "page"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask whether something is new; both parts may be empty."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1)."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class FetchedFeed:
    """A whole answer with the status 200."""

    url: str
    """Where it came from in the end."""
    body: bytes
    content_type: str = ""
    charset: str = ""
    validators: Validators = NO_VALIDATORS
    moved_to: str = ""
    """Where the address has moved for good, if it says so."""
    zone: str = ""
    """Where times are from that name no zone; empty where the feed itself is to tell."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new since the validators were given."""

    url: str
