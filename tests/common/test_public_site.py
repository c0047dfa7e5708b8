"""A site that others can reach does not start with what forgers could use; a trial does."""

import re
import runpy
import secrets
import shlex
from pathlib import Path

import pytest

from newsletter import settings as read_settings
from newsletter.common import public_site
from newsletter.common.errors import ConfigurationError

SETTINGS = Path(read_settings.__file__)
ROOT = SETTINGS.parent.parent
PUBLIC = "https://news.example.com"
GUESSABLE = [
    "sh0rt",
    "k7Qz" * 7 + "k7Q",
    "x" * 60,
    "0123456789" * 5,
    "abcabcabcabcabcabcabcabcabcabcabcabcab",
    "django-insecure-" + "q8v2nx0w7rjz4hcm5t1ykd6bfgp3ls9a",
    "change-me-change-me-please-q8v2nx0w7rjz4hcm5t1y",
    "CHANGE_ME_q8v2nx0w7rjz4hcm5t1ykd6bfgp3ls9a",
    "your-secret-key-goes-here-q8v2nx0w7rjz4hcm",
    "50 random characters, 50 random characters",
]


def start(monkeypatch, **environment):
    """Read the settings as a program does that starts with this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
@pytest.mark.parametrize("key", GUESSABLE)
def test_a_guessable_key_refuses_to_start_in_public(name, key, monkeypatch):
    with pytest.raises(ConfigurationError) as refused:
        start(monkeypatch, BASE_URL=PUBLIC, **{name: key})
    assert (refused.value.code, refused.value.place) == ("config.weak_key", name)
    assert key not in str(refused.value)
    assert re.search("[가-힣]", refused.value.ko)


def test_one_guessable_retired_key_among_good_ones_is_found(monkeypatch):
    retired = f"{secrets.token_urlsafe(50)},old-key"
    with pytest.raises(ConfigurationError, match="SECRET_KEY_FALLBACKS"):
        start(monkeypatch, BASE_URL=PUBLIC, SECRET_KEY_FALLBACKS=retired)


@pytest.mark.parametrize(
    "base_url",
    [PUBLIC, "http://news.example.com", "https://newsletter", "http://8.8.8.8", "https://10.0.0.5"],
)
def test_what_others_can_reach_is_public(base_url, monkeypatch):
    with pytest.raises(ConfigurationError):
        start(monkeypatch, BASE_URL=base_url, SECRET_KEY="short")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "http://newsletter",
        "http://10.0.0.5", "http://news.internal", "http://desk.local:8000",
    ],
)  # fmt: skip
def test_a_trial_starts_with_any_key_and_any_broker(base_url, monkeypatch):
    redis = "redis://localhost:6379/0"
    found = start(monkeypatch, BASE_URL=base_url, SECRET_KEY="short", REDIS_URL=redis)
    assert found["SECRET_KEY"] == "short"


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost:6379/0",
        "redis://127.0.0.1",
        "redis://redis.example.com/0",
        "redis://user@redis.example.com/0",
        "redis://user:@redis.example.com/0",
        "rediss://redis.example.com:6379/0",
        "rediss://redis.example.com/0?ssl_certfile=/etc/a.pem&ssl_keyfile=/etc/b.pem",
    ],
)
def test_a_redis_without_a_password_refuses_to_start_in_public(url, monkeypatch):
    with pytest.raises(ConfigurationError) as refused:
        start(monkeypatch, BASE_URL=PUBLIC, REDIS_URL=url)
    assert (refused.value.code, refused.value.place) == ("config.open_broker", "REDIS_URL")


@pytest.mark.parametrize(
    "url",
    [
        "redis://:secret@localhost:6379/0",
        "rediss://user:secret@redis.example.com/0",
        "redis+socket:///run/redis.sock",
        "",
    ],
)
def test_a_password_or_a_socket_of_this_machine_is_enough(url, monkeypatch):
    assert start(monkeypatch, BASE_URL=PUBLIC, REDIS_URL=url)["BASE_URL"] == PUBLIC


@pytest.mark.parametrize("make", [secrets.token_urlsafe, secrets.token_hex])
def test_no_key_that_was_made_at_random_is_taken_for_a_guessable_one(make):
    lengths = (24, 32, 50) if make is secrets.token_urlsafe else (16, 32)
    keys = [make(length) for length in lengths for _ in range(500)]
    assert [key for key in keys if public_site.is_guessable(key)] == []


def examples(page):
    """Yield each block of settings that a page shows for production."""
    for block in re.split(r"\n\s*\n|```", (ROOT / page).read_text()):
        lines = re.findall(r"^\s*([A-Z_]+)=(.*)$", block, re.MULTILINE)
        values = {name: " ".join(shlex.split(value, comments=True)) for name, value in lines}
        if "BASE_URL" in values:
            yield values


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
def test_the_settings_that_the_documents_show_for_production_start(page, monkeypatch, data_dir):
    shown = list(examples(page))
    assert shown
    for values in shown:
        found = start(monkeypatch, **{**values, "NEWSLETTER_DATA_DIR": str(data_dir)})
        assert found["BASE_URL"].startswith("https://")
        assert found["TRUSTED_PROXIES"] == ["127.0.0.1"]


@pytest.mark.parametrize(("base_url", "seconds"), [(PUBLIC, 2_592_000), ("http://10.0.0.5", 0)])
def test_https_is_promised_for_a_month_and_for_this_host_alone(base_url, seconds, monkeypatch):
    found = start(monkeypatch, BASE_URL=base_url)
    assert found["SECURE_HSTS_SECONDS"] == seconds
    for more in ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_SSL_REDIRECT"):
        assert not found.get(more)


def test_forms_come_from_the_host_of_the_site_and_not_from_a_path_of_it(monkeypatch):
    found = start(monkeypatch, BASE_URL="https://example.com:8443/news")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://example.com:8443"]


@pytest.mark.parametrize(
    ("base_url", "reach"),
    [
        ("http://127.0.0.1:8000", "machine"), ("http://127.8.8.8", "machine"),
        ("http://localhost:8000", "machine"), ("http://desk.localhost", "machine"),
        ("http://[::1]:8000", "machine"), ("http://newsletter", "network"),
        ("http://10.0.0.5", "network"), ("http://0.0.0.0:8000", "network"),
        ("http://news.internal", "network"), ("http://localhost.example.com", "public"),
        ("https://localhost", "public"), ("http://8.8.8.8", "public"),
    ],
)  # fmt: skip
def test_an_address_says_who_can_open_the_site(base_url, reach):
    assert public_site.reach(base_url) == reach
