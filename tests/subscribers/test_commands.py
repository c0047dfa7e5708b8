import json

import pytest

from newsletter.subscribers.models import Subscriber
from tests.commands.run import newsletter
from tests.readers import a_reader, gets, notices_to, reader_at

pytestmark = pytest.mark.django_db


def test_a_reader_whose_consent_is_held_begins_at_once():
    ran = newsletter(
        "subscribers", "add", "bora@example.com", "--daily", "--weekly", "--confirmed-by-me"
    )
    assert ran.code == 0
    assert gets(reader_at("bora@example.com")) == {"daily", "weekly"}
    assert notices_to("bora@example.com") == []


def test_any_other_reader_is_asked_by_mail():
    assert (
        newsletter("subscribers", "add", "bora@example.com", "--weekly", "--lang", "en").code == 0
    )
    assert gets(reader_at("bora@example.com")) == set()
    assert notices_to("bora@example.com") == ["confirm"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "bora@example.com"], "--daily"),
        (["add", "bora", "--weekly"], "email.invalid"),
        (["add", "bora@example.com", "--weekly", "--lang", "fr"], "--lang"),
        (["remove", "nobody@example.com"], "subscriber.unknown"),
        (["add", "bora@example.com", "--weekly", "--name", "a\nBcc: x"], "name.characters [name]"),
        (["add", "bora@example.com", "--weekly", "--name", "a" * 30_000], "name.length [name]"),
        (
            ["add", "b@example.com", "--weekly", "--confirmed-by-me", "--name", "a" * 101],
            "name.length [name]",
        ),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(arguments, told):
    ran = newsletter("subscribers", *arguments)
    assert ran.code == 2
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not Subscriber.objects.exists()


def test_nobody_is_brought_back_by_a_command():
    a_reader()
    newsletter("subscribers", "remove", "bora@example.com")
    ran = newsletter("subscribers", "add", "bora@example.com", "--weekly", "--confirmed-by-me")
    assert ran.code == 2
    assert "subscriber.known" in ran.err


def test_the_list_is_one_json_object_per_line():
    a_reader("ara@example.com")
    a_reader("bora@example.com")
    rows = [
        json.loads(line) for line in newsletter("subscribers", "list", "--json").out.splitlines()
    ]
    assert [row["email"] for row in rows] == ["ara@example.com", "bora@example.com"]
    assert rows[0]["cadences"] == ["daily", "weekly"]


def test_erasing_by_command_leaves_nothing():
    a_reader()
    assert newsletter("subscribers", "remove", "bora@example.com", "--erase").code == 0
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("command", ["add", "list", "remove"])
def test_every_command_explains_itself_with_an_example(command):
    ran = newsletter("subscribers", command, "--help")
    assert ran.code == 0
    assert "Example:" in ran.out
