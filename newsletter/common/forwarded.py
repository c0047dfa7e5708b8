"""Which address stands behind a chain of proxies, and which network it counts as. Pure.

``X-Forwarded-For`` grows to the right: each proxy appends whom it was called by. So only
the right end was written by our own proxies, and the first hop from there that is none
of them is the visitor. Whatever stands left of it the visitor wrote, and nobody believes it.

A hop may carry a port (``192.0.2.1:5678``, ``[2001:db8::1]:443``), as load balancers write
them. What is no address (``unknown``, an obfuscated name of RFC 7239) ends the chain: the
proxy that wrote it counts as the visitor. ``Forwarded`` (RFC 7239) is not read: of two headers
a proxy sets one and passes the other on as it came, and a visitor could choose.
"""

import re
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from newsletter.common.errors import ConfigurationError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Counted as one network, never listened on.
UNKNOWN = IPv4Address(0)
_THIS_MACHINE = IPv4Address("127.0.0.1")
_LONGEST_HOP = 64
_WITH_PORT = re.compile(r"(\d[\d.]*):\d{1,5}|\[([^\[\]]*)\](?::\d{1,5})?", re.ASCII)
# Where a proxy of ours may stand: RFC 1918, 6598, 4193, and what never leaves a machine or link.
_PRIVATE = tuple(
    ip_network(block)
    for block in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
        "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
# A customer gets one IPv4 address, or a /64 and often a /56 or /48 of IPv6 (RFC 6177).
_NEAR, _WIDE = {4: 32, 6: 64}, {4: 24, 6: 48}
_IPV4_MAPPED = 96


def parse_networks(name: str, words: Sequence[str]) -> tuple[Network, ...]:
    """Return the addresses and networks that ``words`` name, for the setting ``name``.

    Raises :class:`ConfigurationError` for what is neither, for an address with bits set
    beyond its mask, and for a network of everybody, which would let each visitor say who they are.
    """
    return tuple(_network(name, word) for word in words)


def visitor(peer: str, forwarded: str, trusted: Sequence[Network]) -> Address:
    """Return the visitor: the last hop of ``X-Forwarded-For`` that ``trusted`` does not hold.

    ``peer`` is the other end of the connection. A Unix socket has none: it is this machine,
    and believed where 127.0.0.1 is. Where every hop is trusted it is the leftmost.
    """
    believed = peer_address(peer)
    for hop in reversed(forwarded.split(",")):
        address = parse_hop(hop)
        if address is None or not holds(trusted, believed):
            break
        believed = address
    return believed


def peer_address(peer: str) -> Address:
    """Return the address of a connection's other end; a Unix socket is this machine."""
    return _THIS_MACHINE if not peer else parse_hop(peer) or UNKNOWN


def parse_hop(hop: str) -> Address | None:
    """Return the address of one hop without its port and zone; ``None`` for what holds none."""
    text = hop.strip()
    if len(text) > _LONGEST_HOP:
        return None
    if found := _WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        return _plain(ip_address(text))
    except ValueError:
        return None


def holds(networks: Sequence[Network], address: Address) -> bool:
    """Tell whether one of ``networks`` holds ``address``."""
    return any(address in network for network in networks)


def is_private(address: Address) -> bool:
    """Tell whether ``address`` is of this machine or a private network, as a proxy's often is."""
    return holds(_PRIVATE, address)


def networks_of(address: Address) -> tuple[Network, Network]:
    """Return what a visitor is counted as: one customer's network, and its neighbourhood."""
    address = _plain(address)
    near, wide = _NEAR[address.version], _WIDE[address.version]
    return (
        ip_network((address, near), strict=False),
        ip_network((address, wide), strict=False),
    )


def _plain(address: Address) -> Address:
    """Return an IPv4 address that came inside an IPv6 one as itself, and none with a zone."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _network(name: str, word: str) -> Network:
    try:
        network = ip_network(word)
    except ValueError as error:
        raise _wrong(name, word) from error
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= _IPV4_MAPPED:
        network = ip_network((mapped, network.prefixlen - _IPV4_MAPPED))
    if network.prefixlen == 0:
        raise _wrong(name, word)
    return network


def _wrong(name: str, word: str) -> ConfigurationError:
    return ConfigurationError(
        "config.invalid",
        f"{name} 값은 IP 주소나 네트워크(예: 10.0.0.5, 10.0.0.0/8)여야 합니다: {word}",
        f"{name} must hold IP addresses or networks, such as 10.0.0.5 or 10.0.0.0/8: {word}",
        place=name,
    )
