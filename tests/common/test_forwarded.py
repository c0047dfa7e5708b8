"""Whom a chain of proxies speaks for: only what our own proxies wrote is believed."""

from ipaddress import ip_address

import pytest

from newsletter.common import forwarded
from newsletter.common.errors import ConfigurationError

TRUSTED = forwarded.parse_networks(
    "TRUSTED_PROXIES", ["127.0.0.1", "10.0.0.0/8", "2001:db8:f::/48"]
)


def visitor(peer, chain):
    return str(forwarded.visitor(peer, chain, TRUSTED))


@pytest.mark.parametrize(
    ("peer", "chain", "expected"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.5", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66,198.51.100.1 ,10.0.0.5,10.1.0.6", "198.51.100.1"),
        ("2001:db8:f::1", "2001:db8:1::9", "2001:db8:1::9"),
    ],
)
def test_the_visitor_is_the_last_hop_that_is_no_proxy_of_ours(peer, chain, expected):
    assert visitor(peer, chain) == expected


@pytest.mark.parametrize(
    ("hop", "expected"),
    [
        ("198.51.100.1:5678", "198.51.100.1"),
        ("[2001:db8:1::9]:443", "2001:db8:1::9"),
        ("[2001:db8:1::9]", "2001:db8:1::9"),
        ("2001:DB8:1:0::9", "2001:db8:1::9"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("[::ffff:198.51.100.1]:80", "198.51.100.1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_a_hop_may_carry_a_port_and_be_written_in_any_way(hop, expected):
    assert visitor("127.0.0.1", hop) == expected


@pytest.mark.parametrize(
    "junk",
    [
        "unknown", "_hidden", "", " ", "for=198.51.100.1", "198.51.100", "198.51.100.1:port",
        "198.51.100.1:123456", "[198.51.100.1", "[]:80", "0x7f.1", "010.1.1.1", "1" * 5000,
        "198.51.100.1 198.51.100.2", "１98.51.100.1",
    ],
)  # fmt: skip
def test_junk_in_the_chain_is_not_believed_nor_what_stands_left_of_it(junk):
    assert visitor("127.0.0.1", junk) == "127.0.0.1"
    assert visitor("127.0.0.1", f"192.0.2.66, {junk}, 10.0.0.5") == "10.0.0.5"
    assert visitor("127.0.0.1", f"{junk}, 198.51.100.1") == "198.51.100.1"


def test_where_every_hop_is_ours_the_farthest_one_is_asking():
    assert visitor("127.0.0.1", "10.0.0.9, 10.0.0.5") == "10.0.0.9"


def test_a_unix_socket_is_this_machine_and_believed_as_it_is():
    assert visitor("", "198.51.100.1") == "198.51.100.1"
    elsewhere = forwarded.parse_networks("TRUSTED_PROXIES", ["10.0.0.0/8"])
    assert str(forwarded.visitor("", "198.51.100.1", elsewhere)) == "127.0.0.1"


def test_a_peer_that_is_no_address_is_nobody_and_never_believed():
    assert visitor("testserver", "198.51.100.1") == str(forwarded.UNKNOWN)


def test_a_proxy_that_comes_as_a_mapped_address_is_the_same_one():
    assert visitor("::ffff:10.0.0.5", "198.51.100.1") == "198.51.100.1"
    mapped = forwarded.parse_networks("TRUSTED_PROXIES", ["::ffff:10.0.0.0/104"])
    assert str(mapped[0]) == "10.0.0.0/8"


@pytest.mark.parametrize(
    "word",
    ["proxy.example.com", "10.0.0.5:80", "10.0.0.5/8", "10.0.0.0/33", "10.0.0.1 10.0.0.2", "*"],
)
def test_what_is_no_address_and_no_network_stops_the_program(word):
    with pytest.raises(ConfigurationError) as refused:
        forwarded.parse_networks("TRUSTED_PROXIES", ["127.0.0.1", word])
    assert refused.value.place == "TRUSTED_PROXIES"
    assert word in refused.value.ko
    assert word in refused.value.en


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0", "::ffff:0:0/96"])
def test_a_network_of_everybody_is_no_proxy(everybody):
    with pytest.raises(ConfigurationError):
        forwarded.parse_networks("TRUSTED_PROXIES", [everybody])


@pytest.mark.parametrize(
    ("one", "other", "near", "wide"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", True, True),
        ("2001:db8:1:1::1", "2001:db8:1:2::1", False, True),
        ("198.51.100.1", "198.51.100.2", False, True),
        ("198.51.100.1", "::ffff:198.51.100.1", True, True),
    ],
)
def test_one_customer_counts_as_one_network(one, other, near, wide):
    ours, theirs = (forwarded.networks_of(ip_address(text)) for text in (one, other))
    assert [ours[0] == theirs[0], ours[1] == theirs[1]] == [near, wide]
