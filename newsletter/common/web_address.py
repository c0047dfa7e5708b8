"""Which web addresses a reader anywhere can open, told from the address alone. Pure.

It never asks a name server. Whatever somebody wrote is either an absolute http(s)
address of a public host, or it is not. ``ipaddress`` alone does not tell: for it the
metadata address of a cloud is global, and so are 6to4 and NAT64, which carry a
private IPv4 address inside.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

# Ends of names that no public name server knows (RFC 6761, 6762, 7686, 8375; .lan by custom).
_PRIVATE_ENDS = (
    "local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private",
    "home.arpa", "onion", "invalid", "test",
)  # fmt: skip
# What is_global lets pass on some Python: wire servers of clouds, shared space, and
# every form of IPv6 that leads to an IPv4 address of its maker's choice.
_DENIED = tuple(
    ip_network(block)
    for block in (
        "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
    )
)  # fmt: skip
# A browser reads a host whose last label is a number, in any base, as an IPv4 address.
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
# Longer than any browser opens; and the library's parser normalizes a host, whatever its length.
_LONGEST = 4_000
_BLANK = re.compile(r"[\s\x00-\x20\x7f\\<>\"]")


def is_public(url: str) -> bool:
    """Tell whether ``url`` is an absolute web address, without a name in it, of a public host."""
    if len(url) > _LONGEST or _BLANK.search(url):
        return False
    try:
        parts = urlsplit(url)
        return _is_absolute(parts) and is_public_host(parts.hostname or "")
    except ValueError:  # brackets that do not match, a port that is no number
        return False


def is_public_host(host: str) -> bool:
    """Tell whether a name or an IP address can be reached from anywhere."""
    name = host.lower().removesuffix(".")
    try:
        return is_public_number(name)
    except ValueError:
        return _is_public_name(name)


def _is_absolute(parts: SplitResult) -> bool:
    return parts.scheme in {"http", "https"} and "@" not in parts.netloc and parts.port != 0


def is_public_number(number: str) -> bool:
    """Tell whether an IP address, written as a number, is one that anybody can reach.

    Raises :class:`ValueError` for what is no such number.
    """
    address = ip_address(number)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(_lies_in(address, block) for block in _DENIED)


def _lies_in(address: IPv4Address | IPv6Address, block: object) -> bool:
    return address in block  # type: ignore[operator]  # a network of either version


def _is_public_name(name: str) -> bool:
    labels = name.split(".")
    if len(labels) == 1 or _NUMBER.fullmatch(labels[-1]):
        return False
    ends = {labels[-1], ".".join(labels[-2:])}
    return ends.isdisjoint(_PRIVATE_ENDS) and all(map(_LABEL.fullmatch, labels))
