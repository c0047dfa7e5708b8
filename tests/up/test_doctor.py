import json
import socket
import sqlite3
import threading

import psycopg
import pytest

from tests.servers import postgresql

# Not public, so that the program starts, and open to everybody in the same network.
OTHERS = {"BASE_URL": "http://10.0.0.5:8000"}
CARELESS = {
    "SECRET_KEY": "short",
    "SECRET_KEY_FALLBACKS": "change-me",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def test_what_does_not_run_fails_with_the_way_to_mend_it(system):
    code, parts = system.doctor()
    assert code == 1
    for name in ("database", "broker", "beat", "web", "mail"):
        assert parts[name]["level"] == "FAIL", name
        assert "newsletter up" in parts[name]["remedy_ko"]
        assert "newsletter up" in parts[name]["remedy_en"]


def test_a_file_of_beat_that_goes_while_it_is_looked_at_is_no_error(system):
    (system.data_dir / "beat").mkdir()
    (system.data_dir / "beat" / "schedule-wal").symlink_to(system.data_dir / "gone")
    _, parts = system.doctor()
    assert parts["beat"]["level"] == "FAIL"


def test_it_changes_nothing(system):
    system.command("doctor")
    database = sqlite3.connect(system.data_dir / "newsletter.sqlite3")
    assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    database.close()


def test_people_read_one_line_for_each_part_in_both_languages(system):
    answer = system.command("doctor")
    assert answer.returncode == 1
    assert "FAIL  broker" in answer.stdout
    assert "Redis가 응답하지 않습니다" in answer.stdout
    assert "→ newsletter up을 실행해 주세요. / Run newsletter up." in answer.stdout


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"BASE_URL": "http://news.example.com"}, ["settings FAIL RFC 8058"]),
        ({"BASE_URL": "https://news.example.com"}, ["settings WARN TRUSTED_PROXIES"]),
        (
            CARELESS | {"DEBUG": "1"},
            [
                "settings WARN SECRET_KEY is short",
                "settings WARN SECRET_KEY_FALLBACKS",
                "settings WARN no password",
                "settings WARN DEBUG",
                "broker FAIL does not answer",
            ],
        ),
        (
            OTHERS | CARELESS,
            [
                "settings FAIL SECRET_KEY is short",
                "settings FAIL SECRET_KEY_FALLBACKS",
                "settings FAIL no password",
            ],
        ),
        (
            {"MAIL_BACKEND": "sendgrid", "SENDGRID_API_KEY": "x", "SENDGRID_SANDBOX": "1"},
            ["settings WARN sandbox"],
        ),
        ({"MAIL_BACKEND": "sendgrid"}, ["mail FAIL SENDGRID_API_KEY is missing"]),
        ({"MAIL_BACKEND": "smtp", "SMTP_URL": "ftp://x"}, ["mail FAIL SMTP_URL"]),
        (
            {
                "MAIL_BACKEND": "smtp",
                "SMTP_URL": "smtp://127.0.0.1:9?tls=none",
                "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            },
            ["mail FAIL cannot be reached", "database FAIL does not answer"],
        ),
    ],
)
def test_it_says_what_is_wrong(system, settings, wrong):
    answer = system.command("doctor", "--json", **settings)
    checks = json.loads(answer.stdout)["checks"]
    for one in wrong:
        part, level, says = one.split(maxsplit=2)
        found = [check for check in checks if check["part"] == part and says in check["en"]]
        assert [check["level"] for check in found] == [level], (one, answer.stdout)
        assert found[0]["ko"]
        assert found[0]["remedy_ko"]


def test_a_mail_server_that_takes_connections_and_says_nothing_fails(system):
    with socket.create_server(("127.0.0.1", int(system.settings["INBOX_PORT"]))):
        assert system.doctor()[1]["mail"]["level"] == "FAIL"


def test_a_mail_server_that_hangs_up_without_a_word_fails(system):
    with socket.create_server(("127.0.0.1", int(system.settings["INBOX_PORT"]))) as server:

        def hang_up():
            server.accept()[0].close()

        threading.Thread(target=hang_up).start()
        assert system.doctor()[1]["mail"]["level"] == "FAIL"


def test_it_warns_of_a_broker_that_forgets(system, redis_server):
    code, parts = system.doctor(REDIS_URL=redis_server)
    assert parts["broker"]["level"] == "WARN"
    assert "appendonly yes" in parts["broker"]["remedy_en"]
    assert parts["workers"]["level"] == "FAIL"
    assert "mail.bulk" in parts["workers"]["en"]
    assert code == 1


def test_it_names_the_version_of_postgresql(system, postgres_server):
    system.settings["DATABASE_URL"] = postgres_server
    assert system.command("status").returncode == 0
    _, parts = system.doctor()
    assert parts["database"]["level"] == "OK"
    assert parts["database"]["en"].startswith("PostgreSQL 1")


def test_commits_of_the_embedded_default_survive_a_power_cut(system):
    assert system.command("status").returncode == 0
    _, parts = system.doctor()
    assert parts["durability"]["level"] == "OK"


def test_it_warns_of_a_server_whose_commits_a_power_cut_takes_back(system):
    with postgresql(durable=True) as url:
        system.settings["DATABASE_URL"] = url
        assert system.command("status").returncode == 0
        assert system.doctor()[1]["durability"]["level"] == "OK"
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("ALTER ROLE newsletter SET synchronous_commit = off")
        warned = system.doctor()[1]["durability"]
    assert warned["level"] == "WARN"
    assert warned["en"].startswith("synchronous_commit = off:")
    assert "ALTER ROLE" in warned["remedy_ko"]
