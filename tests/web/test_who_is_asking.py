"""Who is asking, as a request tells it through proxies that are declared and others that are not."""

import json
import resource

import pytest
from django.test import Client

from newsletter.web import proxies

pytestmark = pytest.mark.django_db


def asked(times, chain, peer="127.0.0.1"):
    """Sign up so many times through a chain that may change; return the last status."""
    client = Client()
    for number in range(times):
        form = {"email": f"r{number}@example.com", "cadences": ["weekly"], "language": "ko"}
        forwarded = {"x-forwarded-for": chain.format(number=number)}
        answer = client.post("/subscribe/", form, headers=forwarded, REMOTE_ADDR=peer)
    return answer.status_code


def test_two_hops_and_a_forged_one_count_as_the_hop_that_our_proxy_saw(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]
    assert asked(6, "192.0.2.{number}, 203.0.113.9, 10.0.0.5") == 429


def test_nonsense_before_the_real_hop_opens_no_new_count(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert asked(6, "nonsense-{number}, 203.0.113.9") == 429


def test_nonsense_alone_counts_as_the_proxy_that_let_it_through(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert asked(6, "nonsense-{number}") == 429


def test_the_port_of_a_visitor_makes_no_new_visitor(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert asked(6, "203.0.113.9:400{number}") == 429


def test_one_ipv6_customer_is_one_visitor_however_it_is_written(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert asked(6, "[2001:db8:1:1::{number}]:443") == 429


def test_each_visitor_behind_a_network_of_proxies_counts_alone(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked(8, "198.{number}.0.7", peer="10.3.2.1") == 200


def test_nobody_says_where_they_come_from_without_a_proxy_of_ours(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked(6, "198.{number}.0.7", peer="203.0.113.9") == 429


def test_the_scheme_is_believed_from_a_declared_proxy_alone(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.5"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    https = {"x-forwarded-proto": "https"}
    declared = Client().get("/", headers=https, REMOTE_ADDR="10.0.0.5")
    assert declared.headers["Strict-Transport-Security"] == "max-age=60"
    for other in ("10.0.0.6", "203.0.113.9", "127.0.0.1"):
        answer = Client().get("/", headers=https, REMOTE_ADDR=other)
        assert "Strict-Transport-Security" not in answer.headers


def test_several_visitors_from_one_private_address_are_an_undeclared_proxy(settings):
    for visitor in ("198.51.100.1", "198.51.100.2"):
        assert "10.77.0.1" not in proxies.undeclared()
        Client().get("/", headers={"x-forwarded-for": visitor}, REMOTE_ADDR="10.77.0.1")
    assert "10.77.0.1" in proxies.undeclared()
    settings.TRUSTED_PROXIES = ["10.77.0.0/24"]
    assert "10.77.0.1" not in proxies.undeclared()


@pytest.mark.parametrize(
    ("peer", "chains"),
    [
        ("10.77.0.2", ["198.51.100.1", "198.51.100.1"]),
        ("10.77.0.3", ["192.0.2.1, 198.51.100.1", "192.0.2.2, 198.51.100.1"]),
        ("10.77.0.4", ["", ""]),
        ("198.51.100.77", ["198.51.100.1", "198.51.100.2"]),
    ],
    ids=["one visitor", "what a visitor wrote", "no proxy", "a public address"],
)
def test_what_is_no_proxy_is_not_taken_for_one(peer, chains):
    for chain in chains:
        Client().get("/", headers={"x-forwarded-for": chain}, REMOTE_ADDR=peer)
    assert peer not in proxies.undeclared()


def test_no_visitor_of_an_undeclared_proxy_is_written_down(settings):
    for visitor in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        Client().get("/", headers={"x-forwarded-for": visitor}, REMOTE_ADDR="10.77.0.5")
    written = settings.DATA_DIR / "undeclared-proxies.json"
    assert len(json.loads(written.read_text())["10.77.0.5"]["visitors"]) == 2
    assert "198.51" not in written.read_text()
    assert written.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_stops_no_page_and_leaves_nothing_behind(settings):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = sorted(settings.DATA_DIR.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # EFBIG, where a full disk says ENOSPC
    try:
        headers = {"x-forwarded-for": "198.51.100.1"}
        answer = Client().get("/", headers=headers, REMOTE_ADDR="10.77.0.7")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code == 200
    assert sorted(settings.DATA_DIR.iterdir()) == before


def test_a_file_of_proxies_that_somebody_broke_stops_nothing(settings):
    for broken in ("{", "[]", '{"10.77.0.6": 3}', ""):
        (settings.DATA_DIR / "undeclared-proxies.json").write_text(broken)
        assert proxies.undeclared() == []
        headers = {"x-forwarded-for": "198.51.100.1"}
        assert Client().get("/", headers=headers, REMOTE_ADDR="10.77.0.6").status_code == 200
