"""Which addresses the fetcher asks, and which it never sends a packet to (S11, G10)."""

import os
import subprocess
import sys

import pytest

from newsletter.collect.connection import resolve
from newsletter.collect.feed_errors import FeedError
from newsletter.collect.fetch import fetch
from newsletter.common.web_address import is_public_number
from tests.collect.hostile_server import redirect

NOT_PUBLIC = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - refused, not listened on
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::1.2.3.4",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:5",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "185.199.108.153", "2606:4700::1111", "2a04:4e42::223"]


def refusal(url: str, **options: object) -> str:
    with pytest.raises(FeedError) as refused:
        fetch(url, **options)
    return refused.value.code


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_g10_an_address_that_is_not_everybodys_is_not_public(number):
    assert not is_public_number(number)


@pytest.mark.parametrize("number", PUBLIC)
def test_an_address_that_everybody_can_reach_is_public(number):
    assert is_public_number(number)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/feed", "gopher://example.com", "javascript:alert(1)",
     "data:text/xml,<rss/>", "//example.com/feed", "example.com/feed", "http://", "", "http://[::1"],
)  # fmt: skip
def test_bad_input_1_only_http_and_https_are_asked(url):
    assert refusal(url) == "feed.scheme"


@pytest.mark.parametrize(
    "url",
    ["http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://127.0.0.1/", "http://localhost/",
     "http://[::ffff:169.254.169.254]/", "http://[::1]/", "http://0/", "https://169.254.169.254/latest"],
)  # fmt: skip
def test_bad_input_2_a_private_address_is_not_asked_however_it_is_written(url):
    assert refusal(url) == "feed.private_address"


@pytest.mark.parametrize("number", ["10.0.0.5", "168.63.129.16", "64:ff9b::a00:5"])
def test_a_public_name_that_leads_to_a_private_address_is_not_asked(number):
    answers = ["8.8.8.8", number]
    assert refusal("https://feeds.example/", resolve=lambda *_: answers) == "feed.private_address"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_other_ports_than_those_of_websites_are_not_asked(port):
    assert refusal(f"http://example.com:{port}/") == "feed.port"


def test_an_address_with_a_password_is_refused_without_repeating_it():
    with pytest.raises(FeedError) as refused:
        fetch("https://minji:geheim@example.com/feed")
    assert refused.value.code == "feed.credentials"
    assert "geheim" not in str(refused.value)


def test_bad_input_3_a_redirect_into_a_private_network_ends_at_the_second_hop(web):
    url = web.on("/feed", redirect("http://10.0.0.5/feed"))
    with pytest.raises(FeedError) as refused:
        fetch(url)
    assert refused.value.code == "feed.private_address"
    assert "10.0.0.5 (hop 2)" in refused.value.place


@pytest.mark.parametrize(
    ("to", "code"),
    [("file:///etc/passwd", "feed.scheme"), ("gopher://example.com/", "feed.scheme"),
     ("http://169.254.169.254/", "feed.private_address"), ("//10.0.0.5/", "feed.private_address"),
     ("http://a:b@example.com/", "feed.credentials")],
)  # fmt: skip
def test_s11_a_redirect_is_checked_like_the_first_address(web, to, code):
    assert refusal(web.on("/feed", redirect(to))) == code


def test_s11_a_name_is_resolved_once_and_the_connection_goes_to_that_answer(web):
    """DNS rebinding: a second answer would be another address."""
    answers = iter([["127.0.0.1"], ["10.0.0.5"]])
    web.on("/feed.json", b"[]")
    fetched = fetch(f"http://feeds.example:{web.port}/feed.json", resolve=lambda *_: next(answers))
    assert fetched.body == b"[]"
    assert web.requests[0].headers["Host"] == f"feeds.example:{web.port}"


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer(web):
    web.on("/feed.json", b"[]")
    both = ["::1", "127.0.0.1"]  # the server listens on the second only
    fetched = fetch(f"http://feeds.example:{web.port}/feed.json", resolve=lambda *_: both)
    assert fetched.body == b"[]"


def test_s11_proxies_of_the_environment_are_not_used(web, tmp_path):
    """In a process of its own: the environment is read when a client is made."""
    web.on("/feed.json", b"[]")
    program = (
        "import django; django.setup()\n"
        "from newsletter.collect.fetch import fetch\n"
        f"print(fetch({web.url('/feed.json')!r}).body)"
    )
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:1"
    )
    environment = (
        os.environ | proxies | {"FETCH_ALLOW_LOOPBACK": "1", "NO_PROXY": "", "no_proxy": ""}
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == "b'[]'", ran.stderr


def test_a_loopback_server_is_out_of_reach_unless_a_setting_says_otherwise(web, settings):
    settings.FETCH_ALLOW_LOOPBACK = False
    web.on("/feed", b"[]")
    assert refusal(web.url("/feed")) == "feed.port"
    assert refusal("http://localhost/", resolve=resolve) == "feed.private_address"
    assert web.requests == []


def test_every_request_says_who_asks(web, settings):
    settings.FETCH_USER_AGENT = "newsletter/0.1 (+https://news.example; ops@news.example)"
    fetch(web.on("/feed.json", b"[]"))
    assert web.requests[0].headers["User-Agent"] == settings.FETCH_USER_AGENT
