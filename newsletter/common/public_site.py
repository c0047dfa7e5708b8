"""What a site that others can reach must not start with: guessable keys, an open broker. Pure.

A signature is worth what its key is worth: with a short key, or one that stands in a tutorial,
anybody makes links that change a reader's subscription, and logins to the desk. A Redis
without a password lets whoever reaches its port hand tasks to the workers.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from newsletter.common.errors import ConfigurationError
from newsletter.common.web_address import is_public_host

SHORTEST_KEY = 32
_FEWEST_CHARACTERS = 8
# What documents, templates and Django's own start write where a key should stand.
_SAMPLE = re.compile(
    r"changeme|replaceme|djangoinsecure|insecure|secretkey|yoursecret|mysecret|supersecret"
    r"|placeholder|password|example|randomcharacters"
)
_SEPARATOR = re.compile(r"[\W_]+")


class Reach(StrEnum):
    """Who can open the site, as its address says."""

    MACHINE = "machine"
    """Only who is on this machine: a loopback name or number."""
    NETWORK = "network"
    """Who is in the same private network."""
    PUBLIC = "public"
    """Anybody: it is called by https, or by a name or number of the public net."""


def reach(base_url: str) -> Reach:
    """Return who can open the site at ``base_url``."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.scheme == "https" or is_public_host(host):
        return Reach.PUBLIC
    return Reach.MACHINE if _is_loopback(host) else Reach.NETWORK


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name; every name below localhost is loopback as well (RFC 6761, 6.3)
        return host == "localhost" or host.endswith(".localhost")


def is_guessable(key: str) -> bool:
    """Tell whether ``key`` is short, repeats itself, or is one that documents show."""
    letters = _SEPARATOR.sub("", key.lower())
    return (
        len(key) < SHORTEST_KEY
        or len(set(key)) < _FEWEST_CHARACTERS
        or any(key[period:] == key[:-period] for period in range(1, len(key) // 2 + 1))
        or _SAMPLE.search(letters) is not None
    )


def is_open(redis_url: str) -> bool:
    """Tell whether a Redis is reached over the network without a password; a socket never is."""
    parts = urlsplit(redis_url)
    return parts.scheme in {"redis", "rediss"} and not parts.password


def check(base_url: str, key: str, retired: Sequence[str], redis_url: str) -> None:
    """Refuse to start a public site that forgers could use; raises :class:`ConfigurationError`.

    A retired key counts as well: what it signed is still believed.
    """
    if reach(base_url) is not Reach.PUBLIC:
        return
    if is_guessable(key):
        raise _guessable("SECRET_KEY")
    if any(map(is_guessable, retired)):
        raise _guessable("SECRET_KEY_FALLBACKS")
    if is_open(redis_url):
        raise ConfigurationError(
            "config.open_broker",
            "REDIS_URL에 비밀번호가 없어 아무나 작업을 넣을 수 있습니다."
            " Redis에 비밀번호(requirepass)를 정하고 redis://:비밀번호@… 로 적어 주세요.",
            "REDIS_URL has no password, so anybody could hand tasks to the workers;"
            " set one in Redis (requirepass) and write redis://:password@…",
            place="REDIS_URL",
        )


def _guessable(name: str) -> ConfigurationError:
    return ConfigurationError(
        "config.weak_key",
        f"{name} 값이 {SHORTEST_KEY}자보다 짧거나 반복되거나 널리 알려진 값이라 링크와 로그인을 위조할 수 있습니다."
        " 무작위로 만든 50자로 바꾸고 예전 값은 지워 주세요.",
        f"{name} is shorter than {SHORTEST_KEY} characters, repeats itself, or is known to everybody: links and"
        " logins could be forged; use 50 random characters, and drop the old value.",
        place=name,
    )
