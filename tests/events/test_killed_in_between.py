"""F20: a web process that is killed between storing an event and answering, or before it stored."""

import json
import os
import signal
import subprocess
import sys

import pytest

from newsletter.events.kinds import EventKind, knows
from newsletter.events.models import MessageEvent
from tests.events.given import (
    PUBLIC_KEY,
    an_event,
    an_issue_that_left,
    facts_of,
    post,
    signed,
    suppressed,
)
from tests.faults.engine import test_database_url

pytestmark = pytest.mark.django_db(transaction=True)

# The web process of this test: it takes a post from its standard input, and dies where the
# database is asked for what it was told to die at; at the latest where it would say 200.
PROCESS = """
import os, signal, sys
from wsgiref.util import setup_testing_defaults
from newsletter.wsgi import application
from django.conf import settings
from django.db import connection

_, where, octets, moment, mark = sys.argv

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def die_there(execute, sql, *rest):
    if where in sql and sql.lstrip().startswith("INSERT"):
        die()
    return execute(sql, *rest)

def answer(status, headers, error=None):
    if status.startswith("200"):
        die()
    sys.exit(status)

environment = {
    "HTTP_HOST": settings.ALLOWED_HOSTS[0],
    "REQUEST_METHOD": "POST",
    "PATH_INFO": "/webhooks/sendgrid",
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": octets,
    "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP": moment,
    "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_SIGNATURE": mark,
    "wsgi.input": sys.stdin.buffer,
}
setup_testing_defaults(environment)
with connection.execute_wrapper(die_there):
    application(environment, answer)
"""


def killed(where, events):
    """Post events to a web process that does not live to say that it took them."""
    body = json.dumps(events).encode()
    words = (where, str(len(body)), *signed(body).values())
    ended = subprocess.run(
        [sys.executable, "-c", PROCESS, *words],
        env={
            **os.environ,
            "DATABASE_URL": test_database_url(),
            "SENDGRID_WEBHOOK_KEY": PUBLIC_KEY,
        },
        input=body,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("between the store and the answer", 1),
        ("events_messageevent", 0),
        ("events_deliveryfate", 0),
        ("subscribers_suppression", 0),
    ],
)
def test_f20_the_post_that_comes_again_makes_it_one_event_with_its_effect(where, rows):
    letter = an_issue_that_left("bora@example.com")["bora@example.com"]
    event = an_event(letter, "bounce", status="5.1.1")
    killed(where, [event])
    assert MessageEvent.objects.count() == rows
    assert post([event]).json() == {"stored": 1 - rows, "known": rows, "skipped": {}}
    assert MessageEvent.objects.count() == 1
    assert knows(facts_of(letter), EventKind.HARD_BOUNCED)
    assert suppressed("bora@example.com")
