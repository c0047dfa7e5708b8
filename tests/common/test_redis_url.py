"""The address of the broker: TLS is checked by whoever connects, Celery and our own client alike."""

import ssl

import pytest
from kombu import Connection
from redis import Redis

from newsletter.common.redis_url import parse_redis


def checks_of(url):
    """How Celery and how redis-py check the certificate of the server at this address."""
    ours = parse_redis(url)
    return (
        Connection(ours).ssl["ssl_cert_reqs"],
        Redis.from_url(ours).connection_pool.make_connection().cert_reqs,
    )


def test_a_certificate_is_checked_unless_the_operator_says_otherwise():
    required, none = ssl.VerifyMode.CERT_REQUIRED, ssl.VerifyMode.CERT_NONE
    assert checks_of("rediss://:secret@redis.example.com:6379/0") == (required, required)
    assert checks_of("rediss://redis.example.com/0?ssl_cert_reqs=none") == (none, none)


def test_a_private_authority_is_named_to_both():
    ours = parse_redis("rediss://redis.example.com/0?ssl_ca_certs=/etc/redis/ca.pem")
    assert Connection(ours).ssl["ssl_ca_certs"] == "/etc/redis/ca.pem"
    assert Redis.from_url(ours).connection_pool.connection_kwargs["ssl_ca_certs"] == (
        "/etc/redis/ca.pem"
    )


@pytest.mark.parametrize(
    "url",
    ["redis://:s%23cret@127.0.0.1:6379/3", "redis+socket:///srv/a%20b/redis.sock", "redis://host"],
)
def test_what_leaves_nothing_open_stays_as_it_is(url):
    assert parse_redis(url) == url
