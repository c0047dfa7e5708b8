"""A setting of nonsense stops the program where it starts, in one line that names the setting."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter import settings as read_settings
from newsletter.common.errors import ConfigurationError

SETTINGS = Path(read_settings.__file__)
NONSENSE = [
    ("SOFT_BOUNCE_LETTERS", "0"),
    ("DELIVERY_BATCH_SIZE", "0"),
    ("DELIVERY_LEASE_SECONDS", "5"),
    ("DELIVERY_LEASE_SECONDS", "120"),
    ("RECONCILE_SECONDS", "0"),
    ("RECONCILE_SECONDS", "31"),
    ("SENDGRID_RECALL_MINUTES", "5"),
    ("SENDGRID_RECALL_MINUTES", "99999"),
    ("WEB_PORT", "99999"),
    ("WEB_PORT", "0"),
    ("INBOX_PORT", "70000"),
    ("BASE_URL", "notaurl"),
    ("BASE_URL", "https://news.example.com:port"),
    ("BASE_URL", "https://news.example.com/?from=here"),
    ("ARXIV_API_URL", "export.arxiv.org"),
    ("TRUSTED_PROXIES", "proxy.example.com"),
    ("TRUSTED_PROXIES", "127.0.0.1,10.0.0.5:80"),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("DAILY_STYLE", "nonsense"),
    ("WEEKLY_STYLE", "_credit"),
    ("LOG_LEVEL", "LOUD"),
    ("FEED_TIME_ZONE", "Asia/Pyeongchang"),
    ("WORKER_PROCESSES", "0"),
    ("DAILY_PAPERS", "many"),
    ("SEND_LATE_HOURS", "99999999999999999999"),
    ("EVENT_DETAIL_DAYS", "-1"),
    ("MAX_SEND_ERRORS", "٣"),
    ("UNCERTAIN_POLICY", "guess"),
    ("SENDGRID_SANDBOX", "perhaps"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "postgresql://localhost:port/x"),
    ("DATABASE_URL", "postgresql://[localhost/x"),
    ("DATABASE_URL", "postgresql://localhost"),
    ("DATABASE_URL", "postgresql://localhost/x?ssl=true"),
    ("DATABASE_URL", "postgresql://localhost/x?sslmode"),
    ("DATABASE_URL", "postgresql://localhost/x?sslmode=require&sslmode=disable"),
    ("DATABASE_URL", "postgresql://me:12#34@localhost/x"),
    ("DATABASE_URL", "sqlite://srv/newsletter.sqlite3"),
    ("DATABASE_URL", "sqlite:////srv/newsletter.sqlite3?mode=ro"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "amqp://localhost"),
    ("REDIS_URL", "redis://localhost:port/0"),
    ("REDIS_URL", "redis://[localhost/0"),
    ("REDIS_URL", "redis://:pass#word@localhost/0"),
    ("REDIS_URL", "redis://localhost/0?ssl_ca_certs=/etc/ca.pem"),
    ("REDIS_URL", "redis+socket:///run/redis.sock?db=3"),
    ("REDIS_URL", "rediss://localhost/0?ssl_cert_reqs=perhaps"),
    ("NEWSLETTER_DATA_DIR", "/dev/null/here"),
]


def run(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "newsletter", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_with_a_sentence_in_both_languages(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        runpy.run_path(str(SETTINGS))
    assert refused.value.place == name
    assert name in refused.value.ko
    assert name in refused.value.en
    assert re.search("[가-힣]", refused.value.ko)


@pytest.mark.parametrize("command", ["up", "status", "doctor"])
def test_it_is_refused_at_start_in_one_line_with_exit_code_2(command):
    done = run(command, WEB_PORT="99999")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "WEB_PORT" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOUNCE_IMAP_URL", "imaps://a:b@mail.example.com?tls=nothing"), ("MAIL_LIMITS", "14")],
)
def test_what_a_room_has_to_read_is_refused_at_start_as_well(name, value):
    done = run("doctor", **{name: value})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr


def test_the_ends_of_a_range_are_taken(monkeypatch):
    for name, value in {
        "DELIVERY_LEASE_SECONDS": "65",
        "RECONCILE_SECONDS": "1",
        "SENDGRID_RECALL_MINUTES": "11",
        "WEB_PORT": "65535",
        "BASE_URL": "https://news.example.com/",
    }.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_path(str(SETTINGS))
    assert found["BASE_URL"] == "https://news.example.com"
    assert (found["DELIVERY_LEASE_SECONDS"], found["SENDGRID_RECALL_MINUTES"]) == (65, 11)


def test_a_relative_data_folder_is_the_same_one_wherever_a_command_is_started(
    monkeypatch, tmp_path, data_dir
):
    relative = os.path.relpath(data_dir, SETTINGS.parent.parent)
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", relative)
    monkeypatch.chdir(tmp_path)
    assert runpy.run_path(str(SETTINGS))["DATA_DIR"].resolve() == data_dir.resolve()
    assert list(tmp_path.iterdir()) == []


def test_a_port_file_that_somebody_broke_stops_nothing(monkeypatch, data_dir):
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(data_dir))
    monkeypatch.delenv("WEB_PORT")
    (data_dir / "web-port").write_text("eighty\n")
    assert runpy.run_path(str(SETTINGS))["WEB_PORT"] == 8000


def test_the_documents_name_each_setting_once():
    rows = re.findall(r"^\| `([A-Z_]+)` \|", _documented(), re.MULTILINE)
    assert sorted(rows) == sorted(set(rows))


# How a number is read in the settings, and how its row states the range.
_NUMBERS = re.compile(r'env\.number\("([A-Z_]+)", [\d_]+(?:, least=(\d+))?(?:, most=([\d_]+))?\)')
_OR_ZERO = re.compile(r'env\.number_or_zero\("([A-Z_]+)", least=(\d+), most=([\d_]+)\)')


def test_the_documents_state_the_range_that_is_kept_to():
    written = SETTINGS.read_text()
    numbers, or_zero = _NUMBERS.findall(written), _OR_ZERO.findall(written)
    assert len(numbers) + len(or_zero) == len(re.findall(r"env\.number(?:_or_zero)?\(", written))
    for name, least, most in numbers:
        assert _states(name, rf"{least or 0} to {(most or '1000000').replace('_', '')}"), name
    for name, least, most in or_zero:
        assert _states(name, rf"{least} at least"), name
        assert _states(name, rf"At most {most.replace('_', '')}"), name


def _states(name, words):
    row = next(row for row in _documented().splitlines() if row.startswith(f"| `{name}` |"))
    return re.search(rf"(?<!\d){words}(?!\d)", row)


def _documented():
    return (SETTINGS.parent.parent / "docs" / "settings.md").read_text()
