"""The desk, as an editor who has logged in meets it."""

import io
from collections.abc import Callable
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "a long and quiet morning"


@cache
def hashed_password() -> str:
    """Hashed once: a good hash takes a quarter of a second."""
    return make_password(PASSWORD)


@pytest.fixture
def minji() -> User:
    return User.objects.create(username="minji", password=hashed_password())


@pytest.fixture
def editor(minji: User) -> Client:
    client = Client(headers={"accept-language": "ko-KR,ko;q=0.9"})
    client.force_login(minji)
    return client


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "ko-KR"}


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a command its standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))
