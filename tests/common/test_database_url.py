"""The address of the database: what it says is what the connection does."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from newsletter.common.database_url import parse_database


def connection_to(url):
    """What psycopg is told when Django connects to this address."""
    defaults = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "TEST": {}}
    return DatabaseWrapper(defaults | parse_database(url, 20)).get_connection_params()


def test_every_part_of_the_address_reaches_the_driver():
    told = connection_to("postgresql://me:p%40ss@db.example.com:6432/news%20letter")
    assert told["host"] == "db.example.com"
    assert told["port"] == "6432"
    assert (told["user"], told["password"], told["dbname"]) == ("me", "p@ss", "news letter")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("sslmode", "verify-full"),
        ("sslrootcert", "/etc/ca.pem"),
        ("sslcert", "/etc/client.pem"),
        ("sslkey", "/etc/client.key"),
        ("channel_binding", "require"),
        ("connect_timeout", "5"),
        ("application_name", "newsletter"),
        ("target_session_attrs", "read-write"),
    ],
)
def test_what_is_asked_of_the_connection_is_handed_on(option, value):
    told = connection_to(f"postgresql://db.example.com/news?{option}={value}")
    assert told[option] == value


def test_several_options_and_a_socket_stand_side_by_side():
    told = connection_to(
        "postgresql:///news?host=%2Frun%2Fpostgresql&sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )
    assert told["host"] == "/run/postgresql"
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "/etc/ca.pem")


def test_a_silent_process_loses_its_transaction_whatever_else_is_asked():
    told = connection_to("postgresql://db.example.com/news?sslmode=require")
    assert told["options"] == "-c idle_in_transaction_session_timeout=20s"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////srv/news%20letter.sqlite3", "/srv/news letter.sqlite3"),
        ("sqlite://", ":memory:"),
    ],
)
def test_a_file_is_named_by_its_path(url, name):
    assert parse_database(url, 20)["NAME"] == name
