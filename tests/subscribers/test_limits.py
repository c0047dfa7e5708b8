from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.subscribers import limits

pytestmark = pytest.mark.django_db


def admitted(ips):
    count = 0
    for ip in ips:
        try:
            limits.admit_network(ip)
        except limits.TooManySignUps:
            continue
        count += 1
    return count


def test_s01_one_network_may_ask_five_times_a_minute():
    assert admitted(["203.0.113.9"] * 100) == 5


def test_s01_a_whole_neighbourhood_may_ask_twenty_times_a_minute():
    assert admitted(f"203.0.113.{number}" for number in range(1, 200)) == 20


def test_s01_one_ipv6_customer_is_one_network_however_many_addresses_it_has():
    assert admitted(f"2001:db8:1:1::{number:x}" for number in range(1, 50)) == 5


def test_after_a_minute_a_network_may_ask_again():
    now = clock.now()
    with time_machine.travel(now, tick=False):
        assert admitted(["203.0.113.9"] * 10) == 5
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert admitted(["203.0.113.9"] * 10) == 5


def test_others_are_not_kept_waiting():
    admitted(["203.0.113.9"] * 10)
    assert admitted(["198.51.100.7"]) == 1


def test_no_network_is_kept_as_it_was():
    limits.admit_network("203.0.113.9")
    keys = limits.LimitHit.objects.values_list("key_hash", flat=True)
    assert not any("203.0" in key for key in keys)
