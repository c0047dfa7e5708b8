"""The built-in inbox, real and running, as the way out of these tests."""

import pytest
from django.conf import settings

from newsletter.delivery.backends.inbox import InboxBackend
from newsletter.delivery.inbox_store import InboxStore
from tests.delivery.smtp_calls import WAYS


@pytest.fixture
def inbox(inbox_server):
    """The store of the running inbox."""
    return InboxStore(settings.DATA_DIR / "inbox.sqlite3")


@pytest.fixture
def backend(inbox_server):
    """The backend that hands letters to the running inbox."""
    way = InboxBackend(inbox_server, settings.DATA_DIR / "inbox.sqlite3")
    yield way
    way.close()


@pytest.fixture(params=WAYS)
def features(request):
    """What a server offers that takes letters one by one, pipelined or in chunks."""
    return WAYS[request.param]
