"""Given: a broker at another address than the tests' own, such as one where nobody is."""

import contextlib
from collections.abc import Iterator

from newsletter.celery import app


@contextlib.contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Publish to this address until the block ends."""
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = url
    try:
        yield
    finally:
        app.conf.broker_url, app.conf.broker_write_url = before
