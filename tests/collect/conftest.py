"""A web for these tests: one server on the loopback, and the leave to reach it."""

from collections.abc import Iterator

import pytest

from tests.collect.hostile_server import HostileServer


@pytest.fixture
def web(settings) -> Iterator[HostileServer]:
    """A server that answers as the test says; our fetcher may ask it."""
    settings.FETCH_ALLOW_LOOPBACK = True
    server = HostileServer()
    yield server
    server.close()
