"""Guessing at the door of the desk: whoever guesses waits, and nobody else does."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from newsletter.common import clock
from newsletter.editor import hashing
from newsletter.editor.models import GuessCount

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("minji")]

PASSWORD = "a long and quiet morning"
PROXY = "127.0.0.1"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """What is tested here is when a guess is tried, and not how long trying it takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def earnest_hashes(settings, minji):
    """As in life: a hash takes a place."""
    settings.PASSWORD_HASHERS = ["newsletter.editor.hashing.BoundedArgon2PasswordHasher"]
    minji.set_password(PASSWORD)
    minji.save()


@pytest.fixture
def minji(quick_hashes):
    return User.objects.create_user("minji", password=PASSWORD)


@pytest.fixture(autouse=True)
def declared_proxy(settings):
    settings.TRUSTED_PROXIES = [PROXY]


def log_in(address, password=PASSWORD, name="minji", client=None):
    form = {"username": name, "password": password}
    headers = {"x-forwarded-for": address}
    return (client or Client()).post("/desk/login/", form, headers=headers, REMOTE_ADDR=PROXY)


def known_browser(address):
    """Return a browser that minji has logged in with before, and out again."""
    browser = Client()
    log_in(address, client=browser)
    browser.post("/desk/logout/")
    return browser


def guess(address, times=1, **more):
    for _ in range(times):
        answer = log_in(address, "a guess", **more)
    return answer


def test_wrong_guesses_of_a_stranger_do_not_keep_an_editor_out():
    guess("203.0.113.66", times=12)
    assert log_in("203.0.113.66").status_code == 429
    assert log_in("198.51.100.7").headers["Location"] == "/desk/"


def test_wrong_guesses_at_another_account_keep_nobody_out():
    guess("203.0.113.66", times=12, name="sora")
    assert log_in("203.0.113.66").status_code == 302


def test_a_known_browser_gets_in_from_the_very_address_that_a_stranger_guesses_from():
    browser = known_browser("203.0.113.66")
    guess("203.0.113.66", times=12)
    assert log_in("203.0.113.66").status_code == 429
    assert log_in("203.0.113.66", client=browser).status_code == 302


def test_a_known_browser_has_no_endless_guesses():
    browser = known_browser("203.0.113.66")
    assert guess("203.0.113.66", times=6, client=browser).status_code == 429
    assert log_in("198.51.100.7", client=browser).status_code == 429


def test_the_cookie_of_a_known_browser_is_good_for_one_account_and_no_forgery():
    User.objects.create_user("sora", password=PASSWORD)
    browser = known_browser("203.0.113.66")
    guess("203.0.113.66", times=12, name="sora")
    assert log_in("203.0.113.66", name="sora", client=browser).status_code == 429
    forged = Client()
    forged.cookies["known-device"] = "x" + browser.cookies["known-device"].value
    guess("203.0.113.66", times=12)
    assert log_in("203.0.113.66", client=forged).status_code == 429


def test_the_cookie_of_a_known_browser_is_for_the_login_page_and_no_script(settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = log_in("203.0.113.66").cookies["known-device"]
    assert cookie["path"] == "/desk/login/"
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")


def test_the_wait_doubles_with_each_guess_up_to_an_hour():
    waits = []
    now = clock.now()
    with time_machine.travel(now, tick=False) as moment:
        assert guess("203.0.113.66", times=5).status_code == 200
        for _ in range(9):
            waits.append(int(log_in("203.0.113.66").headers["Retry-After"]))
            moment.shift(timedelta(seconds=waits[-1]))
            assert guess("203.0.113.66").status_code == 200
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@pytest.mark.any_database
def test_s19_a_thousand_guesses_in_an_hour_are_few_that_are_tried():
    tried = 0
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(360):
            tried += guess("203.0.113.66").status_code == 200
            moment.shift(timedelta(seconds=10))
    assert 5 < tried <= 20


def test_a_guess_that_is_refused_does_not_lengthen_the_wait():
    with time_machine.travel(clock.now(), tick=False) as moment:
        guess("203.0.113.66", times=5)
        for _ in range(29):
            assert guess("203.0.113.66").status_code == 429
            moment.shift(timedelta(seconds=1))
        moment.shift(timedelta(seconds=1))
        assert log_in("203.0.113.66").status_code == 302


def test_the_right_password_forgets_the_wrong_guesses_before_it():
    for _ in range(3):
        guess("203.0.113.66", times=4)
        assert log_in("203.0.113.66").status_code == 302


def test_after_a_day_a_wrong_guess_is_forgotten():
    with time_machine.travel(clock.now(), tick=False) as moment:
        guess("203.0.113.66", times=5)
        moment.shift(timedelta(hours=25))
        assert guess("203.0.113.66", times=5).status_code == 200
        guess("198.51.100.7")
        assert (
            GuessCount.objects.count() == 5
        )  # two networks, each at one account and at any; one hour


def test_one_ipv6_customer_is_one_asker_however_many_addresses_it_has():
    for number in range(5):
        guess(f"2001:db8:1:1::{number:x}")
    assert log_in("2001:db8:1:1:ffff::1").status_code == 429
    assert log_in("2001:db8:1:2::1").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_the_same_moment_are_not_tried_for_one():
    together = threading.Barrier(16)

    def one_of_many(address):
        together.wait(30)
        try:
            return guess(address).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        for number in range(8):
            tried = list(pool.map(one_of_many, [f"203.{number}.113.66"] * 16))
            assert tried.count(200) <= 5


def an_attack():
    for number in range(50):
        assert guess(f"100.{number}.0.1").status_code == 200


@pytest.mark.any_database
def test_many_addresses_guessing_at_one_account_have_one_guess_each():
    an_attack()
    assert guess("203.0.113.66").status_code == 200
    assert guess("203.0.113.66").status_code == 429
    assert guess("203.0.113.67").status_code == 429  # nor does its neighbour have another
    assert guess("192.0.2.1", times=5, name="sora").status_code == 200


@pytest.mark.any_database
def test_an_attack_of_many_addresses_keeps_no_editor_out():
    browser = known_browser("198.51.100.7")
    an_attack()
    assert log_in("192.0.2.9").status_code == 302
    assert guess("100.1.0.1", times=4, client=browser).status_code == 200
    assert log_in("100.1.0.1", client=browser).status_code == 302


@pytest.mark.any_database
def test_an_attack_is_over_two_hours_later():
    with time_machine.travel(clock.now(), tick=False) as moment:
        an_attack()
        moment.shift(timedelta(hours=2))
        assert guess("203.0.113.66", times=5).status_code == 200


@pytest.mark.any_database
def test_many_names_guessed_from_one_network_wait_too_and_others_do_not():
    browser = known_browser("203.0.113.66")
    for number in range(50):
        assert guess("203.0.113.66", name=f"somebody{number}").status_code == 200
    assert guess("203.0.113.66", name="nobody yet").status_code == 429
    assert log_in("203.0.113.67").status_code == 302
    assert log_in("203.0.113.66", client=browser).status_code == 302


def held(places, number):
    """Take so many places of those in which passwords are hashed; leaving gives them back."""
    stack = ExitStack()
    for _ in range(number):
        stack.enter_context(places.one())
    return stack


def test_a_password_that_was_not_looked_at_is_no_guess(earnest_hashes):
    guess("203.0.113.66", times=4)
    before = list(GuessCount.objects.order_by("pk").values())
    with held(hashing.OF_STRANGERS, hashing.AT_ONCE):
        assert {log_in("203.0.113.66").status_code for _ in range(6)} == {503}
    assert list(GuessCount.objects.order_by("pk").values()) == before
    assert log_in("203.0.113.66").status_code == 302


def test_a_known_browser_gets_in_while_strangers_hold_every_place(earnest_hashes):
    browser = known_browser("203.0.113.66")
    stranger = hashing.Asker("203.0.113.0/24", is_known=False)
    with held(hashing.OF_STRANGERS, hashing.AT_ONCE), hashing.only_login_of(stranger):
        assert log_in("203.0.113.66").status_code == 503
        assert log_in("203.0.113.66", client=browser).status_code == 302


def test_one_neighbourhood_has_one_login_in_hand():
    stranger = hashing.Asker("2001:db8:1::/48", is_known=False)
    with hashing.only_login_of(stranger):
        assert log_in("2001:db8:1:2::1").status_code == 503
        assert log_in("2001:db8:2:2::1").status_code == 302
    assert log_in("2001:db8:1:2::1").status_code == 302


def test_what_django_axes_kept_of_guesses_is_forgotten():
    kept = (
        AccessAttempt(username="minji", ip_address="203.0.113.66", failures_since_start=1),
        AccessLog(username="minji", ip_address="203.0.113.66"),
        AccessFailureLog(username="minji", ip_address="203.0.113.66"),
    )
    for row in kept:
        type(row).objects.bulk_create([row])
    migration = import_module("newsletter.editor.migrations.0002_forget_who_guessed")
    then = MigrationExecutor(connection).loader.project_state().apps
    editor = connection.schema_editor(atomic=False)
    migration.forget(then, editor)
    assert [type(row).objects.count() for row in kept] == [0, 0, 0]


def test_a_page_says_in_minutes_how_long_to_wait():
    guess("203.0.113.66", times=5)
    assert "1분 뒤에 다시 시도해 주세요." in guess("203.0.113.66").text


def test_neither_names_nor_addresses_of_who_guessed_are_kept_or_logged(caplog):
    guess("203.0.113.66", times=7)
    kept = "".join(GuessCount.objects.values_list("key_hash", flat=True)) + caplog.text
    assert "a wrong password for" in caplog.text
    assert "203.0" not in kept
    assert "minji" not in kept
