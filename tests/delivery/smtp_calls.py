"""Calls of the SMTP backend on servers that are told what to do, and what came of them."""

import contextlib
import re

from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import SmtpServer, Tls
from tests.delivery.given import a_message
from tests.delivery.smtp_servers import scripted_server

WAYS = {
    "one by one": {"features": ("8BITMIME",), "pipelining": False},
    "pipelined": {"features": ("8BITMIME",)},
    "chunked": {"features": ("CHUNKING",)},
}


def letters(count, first=1):
    return [a_message(number) for number in range(first, first + count)]


@contextlib.contextmanager
def backend_for(script, **options):
    with scripted_server(script) as port:
        backend = SmtpBackend(SmtpServer("127.0.0.1", port, **{"tls": Tls.NONE, **options}))
        yield backend
        backend.close()


def results_of(outcomes):
    told = list(outcomes)
    results = {outcome.delivery_id: outcome.result for outcome in told}
    assert len(results) == len(told), "one outcome for each letter"
    return results


def kinds(results):
    return [type(results[number]) for number in sorted(results)]


def arrived(bodies):
    return sorted(int(re.search(rb"Message-ID: <d(\d+)\.", body)[1]) for body in bodies)
