"""The readers' pages as somebody with a browser in Korean meets them."""

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "ko-KR,ko;q=0.9,en;q=0.5"}, enforce_csrf_checks=False)


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "ko-KR"}
