"""What the faults happen to: an engine, a broker, the ways out, and a seed for chance."""

import os
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from newsletter.delivery import sending
from newsletter.delivery.inbox_store import InboxStore
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from tests.delivery.fake_sendgrid import KEY, FakeSendGrid, fake_sendgrid
from tests.delivery.given import an_approved_issue
from tests.faults.engine import Engine, test_database_url
from tests.faults.postgres import Postgres
from tests.faults.sizes import sized

READERS = 600
BATCH = 40


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Give tests that wait for real processes the time for more than one long wait."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(sized(540, soak=3_600)))


def sent(issue: Issue) -> bool:
    """Whether an issue is called sent by now, in the database as others see it."""
    connection.close()
    issue.refresh_from_db()
    return issue.state == IssueState.SENT


@pytest.fixture
def chance() -> random.Random:
    """Chance with a seed, so that a failure comes again; ``scripts/soak`` tries many."""
    return random.Random(int(os.environ.get("FAULT_SEED", "20260112")))  # noqa: S311 - see above


@pytest.fixture
def broker(redis_server: str) -> Iterator[redis.Redis]:
    """The Redis of these tests, empty."""
    with redis.Redis(unix_socket_path=str(settings.DATA_DIR / "redis.sock")) as client:
        client.flushall()
        yield client
        client.config_set("maxmemory", 0)
        client.flushall()


@pytest.fixture
def engine(broker: redis.Redis, inbox_server: int, tmp_path: Path) -> Iterator[Engine]:
    """Workers and beat that deliver to the inbox; they still have to be started."""
    engine = Engine(tmp_path / "celery.log", test_database_url())
    yield engine
    engine.stop()
    sys.stderr.write(engine.log.read_text()[-5000:] if engine.log.exists() else "")


@pytest.fixture
def inbox(inbox_server: int) -> InboxStore:
    """What arrived, told by the receiving side."""
    return InboxStore(settings.DATA_DIR / "inbox.sqlite3")


@pytest.fixture
def sendgrid(engine: Engine) -> Iterator[FakeSendGrid]:
    """A SendGrid that the engine delivers to; it keeps its own log."""
    with fake_sendgrid() as fake:
        engine.environment |= {
            "MAIL_BACKEND": "sendgrid",
            "SENDGRID_API_KEY": KEY,
            "SENDGRID_BASE_URL": fake.url,
        }
        yield fake


@pytest.fixture
def issue(settings) -> Issue:
    """An issue that has begun to leave to 600 readers, in 15 batches."""
    settings.DELIVERY_BATCH_SIZE = BATCH
    issue = an_approved_issue(READERS)
    sending.start(issue.pk, "지은")
    issue.refresh_from_db()
    return issue


@pytest.fixture(scope="session")
def prepared_postgres() -> Iterator[Path]:
    """The data of a PostgreSQL server that has all tables and no row."""
    with Postgres.prepared() as data:
        yield data


@pytest.fixture
def postgres(prepared_postgres: Path) -> Iterator[Postgres]:
    """A PostgreSQL server of this test alone, which it may restart in the middle of anything."""
    with Postgres.running(like=prepared_postgres) as server:
        yield server
