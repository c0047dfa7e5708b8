"""Which addresses of the web we ask: public ones only, checked as numbers and not as names. Pure."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from newsletter.collect.feed_errors import Fault
from newsletter.common.web_address import is_public_number

PORTS = {"http": 80, "https": 443}


def checked(url: str, *, allow_loopback: bool = False) -> SplitResult:
    """Return the parts of a web address; refuse another scheme, a port, or a password in it.

    ``allow_loopback`` is for tests, whose servers listen on any port of this machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Fault.SCHEME.at(_shown(url)) from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise Fault.SCHEME.at(_shown(url))
    if parts.username is not None or parts.password is not None:
        raise Fault.CREDENTIALS.at(parts.hostname)
    if port not in {None, *PORTS.values()} and not allow_loopback:
        raise Fault.PORT.at(_shown(url))
    return parts


def all_public(numbers: Sequence[str], *, allow_loopback: bool = False) -> bool:
    """Return whether a name leads to public addresses only; one private answer spoils it."""
    return bool(numbers) and all(
        is_public_number(number) or (allow_loopback and ip_address(number).is_loopback)
        for number in numbers
    )


def _shown(url: str) -> str:
    """Return the address as an error may show it: short, and without what came before an ``@``."""
    return url.rpartition("@")[2][:200]
