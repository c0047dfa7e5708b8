"""A site that takes signed events."""

import pytest

from tests.events.given import PUBLIC_KEY


@pytest.fixture(autouse=True)
def _signed_events(settings):
    settings.SENDGRID_WEBHOOK_KEY = [PUBLIC_KEY]
