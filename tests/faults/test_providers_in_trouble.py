"""F12 and F09 over ten minutes: an outage of the provider, with the clock in our hands."""

import contextlib
import itertools
import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.delivery.backends.guard import GuardedBackend
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.reconcile import reconcile
from newsletter.delivery.send import deliver_batch
from newsletter.delivery.smtp_server import parse_server
from newsletter.issues.states import IssueState
from tests.delivery.fake_sendgrid import KEY, answer, fake_sendgrid
from tests.delivery.given import an_issue_being_sent
from tests.delivery.smtp_servers import smtp_server
from tests.delivery.test_sendgrid import tls_server
from tests.faults import invariants

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
READERS = 400
A_FEW = 60
OUTAGE = 600
# The first pause is of five seconds, and a fifth less by chance.
SHORTEST_STEP = timedelta(seconds=4)


@pytest.fixture
def sendgrid():
    with fake_sendgrid() as fake:
        yield fake


@pytest.fixture
def way(sendgrid):
    return GuardedBackend(SendGridBackend(KEY, sendgrid.url))


@pytest.fixture
def issue(settings, request):
    settings.DELIVERY_BATCH_SIZE = 20
    return an_issue_being_sent(getattr(request, "param", READERS))


class Time:
    """Seconds that pass at once, with what beat and the workers do in each of them."""

    def __init__(self, travel, issue, way):
        self.travel, self.issue, self.way = travel, issue, way
        self.passed = 0

    def goes_on(self, seconds, *, step=5):
        for _ in range(0, seconds, step):
            for batch_id in reconcile(self.way):
                deliver_batch(batch_id, self.way)
            self.issue.refresh_from_db()
            if self.issue.state == IssueState.SENT:
                return
            self.travel.shift(timedelta(seconds=step))
            self.passed += step


@pytest.fixture
def passing(issue, way):
    with time_machine.travel(clock.now(), tick=False) as travel:
        yield Time(travel, issue, way)


def unavailable(handler):
    answer(handler, 503, {"errors": [{"message": "try later", "field": None}]})


def check(issue, sendgrid):
    told = invariants.check(invariants.books(issue.pk), sendgrid.taken())
    assert told == {"accepted": READERS}
    assert issue.state == IssueState.SENT


def test_f12_an_outage_of_ten_minutes_is_asked_thirty_times_and_over_within_one(
    sendgrid, issue, passing
):
    sendgrid.always = unavailable
    passing.goes_on(OUTAGE)
    assert 3 <= len(sendgrid.requests) <= 30
    assert sendgrid.mails == []
    sendgrid.always = None
    before = passing.passed
    passing.goes_on(600)
    assert passing.passed - before <= 60
    check(issue, sendgrid)


def test_f12_when_every_second_request_fails_nothing_is_lost_or_doubled(
    sendgrid, issue, passing, chance
):
    sendgrid.always = lambda handler: (
        unavailable(handler)
        if chance.random() < 0.5
        else handler.decide(lambda: sendgrid.take(sendgrid.requests[-1]), 202)
    )
    passing.goes_on(3600)
    check(issue, sendgrid)


class Watched:
    """Passes letters on to another backend, and keeps when it was asked."""

    def __init__(self, backend):
        self.name, self.slice_size = backend.name, backend.slice_size
        self.backend, self.asked = backend, []

    def send(self, letter, messages, *, until):
        self.asked.append(clock.now())
        return self.backend.send(letter, messages, until=until)

    def settle(self, message_ids):
        return self.backend.settle(message_ids)

    def close(self):
        self.backend.close()


class Taking:
    """An SMTP server that takes everything, and how often it took each delivery."""

    def __init__(self):
        self.taken = Counter()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd finds it by this name
        self.taken[re.search(rb"(?mi)^message-id:\s*<d(\d+)\.", envelope.content)[1].decode()] += 1
        return "250 ok"


@pytest.fixture(params=["refuses", "has no address", "has a certificate of nobody"])
def nowhere(request, tmp_path):
    """A host that no letter can reach, with its port."""
    with tls_server(tmp_path) as port:
        hosts = {"refuses": "127.0.0.1:9", "has no address": "mail.invalid:465"}
        yield hosts.get(request.param, f"127.0.0.1:{port}")


@contextlib.contextmanager
def by_sendgrid(nowhere):
    """The way that fails, the same one mended, and what came in by it."""
    with fake_sendgrid() as fake:
        failing, mended = (SendGridBackend(KEY, url) for url in (f"https://{nowhere}", fake.url))
        yield failing, mended, fake.taken


@contextlib.contextmanager
def by_smtp(nowhere):
    """The same by SMTP."""
    server = Taking()
    with smtp_server(server) as port:
        urls = (f"smtps://{nowhere}", f"smtp://127.0.0.1:{port}?tls=none")
        failing, mended = (SmtpBackend(parse_server(url, "localhost")) for url in urls)
        with contextlib.closing(mended):
            yield failing, mended, lambda: server.taken


@pytest.fixture(params=[by_sendgrid, by_smtp])
def ways(request, nowhere):
    with request.param(nowhere) as ways:
        yield ways


@pytest.mark.parametrize("issue", [A_FEW], indirect=True)
def test_f09_a_provider_that_cannot_be_reached_is_asked_once_in_each_step(ways, issue, passing):
    """Refused, DNS and TLS alike: nothing was handed over, so nothing goes twice or is used up."""
    failing, mended, taken = ways
    watched = Watched(failing)
    passing.way = GuardedBackend(watched)
    passing.goes_on(OUTAGE)
    assert 3 <= len(watched.asked) <= 30
    steps = [later - earlier for earlier, later in itertools.pairwise(watched.asked)]
    assert min(steps) >= SHORTEST_STEP
    assert not taken()
    passing.way = GuardedBackend(mended)
    before = passing.passed
    passing.goes_on(600)
    assert passing.passed - before <= 60
    told = invariants.check(invariants.books(issue.pk), taken())
    assert (told, issue.state) == ({"accepted": A_FEW}, IssueState.SENT)
    assert max(row.attempts for row in invariants.books(issue.pk).rows) == 1, "none was used up"
