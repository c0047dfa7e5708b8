"""F15 and F02 against a real Postfix: what it said it took is in a mailbox, once, whatever happens."""

from collections import Counter

import pytest

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    PermanentSendError,
    SendReceipt,
    TransientSendError,
)
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import parse_server
from newsletter.delivery.smtp_session import WINDOW
from tests.delivery.given import a_letter, a_message
from tests.faults.postfix import postfix
from tests.servers import wait_until
from tests.skips import needs_root_for_postfix

pytestmark = needs_root_for_postfix

COUNT = 120
CONNECTIONS = 3
WITHOUT = "smtpd_discard_ehlo_keywords = "


def backend_to(server):
    url = f"smtp://127.0.0.1:{server.port}?tls=none&connections={CONNECTIONS}"
    return SmtpBackend(parse_server(url, "localhost"))


def letters(count=COUNT):
    return [a_message(number) for number in range(1, count + 1)]


def ids(messages):
    return Counter(message.message_id for message in messages)


@pytest.mark.parametrize(
    "settings",
    ["", WITHOUT + "chunking\n", WITHOUT + "chunking, pipelining\n"],
    ids=["chunked", "pipelined", "plain"],
)
def test_f15_what_postfix_takes_is_in_its_mailbox_once(settings):
    """Chunked, pipelined, and one command after the other."""
    with postfix(settings) as server:
        backend = backend_to(server)
        outcomes = list(backend.send(a_letter(), letters()))
        backend.close()
        wait_until(lambda: server.arrived().total() >= COUNT, "the letters")
        assert [type(outcome.result) for outcome in outcomes] == [SendReceipt] * COUNT
        assert server.arrived() == ids(letters())


def test_f15_whom_postfix_refuses_or_puts_off_costs_nobody_else_a_letter():
    access = "inline:{{reader3@example.com=REJECT}, {reader5@example.com=DEFER}}"
    rules = f"smtpd_recipient_restrictions = check_recipient_access {access}, permit_mynetworks\n"
    with postfix(rules) as server:
        backend = backend_to(server)
        told = {one.delivery_id: one.result for one in backend.send(a_letter(), letters(9))}
        backend.close()
        wait_until(lambda: server.arrived().total() >= 7, "the letters")
        assert isinstance(told.pop(3), PermanentSendError)
        assert isinstance(told.pop(5), TransientSendError)
        assert all(isinstance(result, SendReceipt) for result in told.values())
        assert server.arrived() == ids(
            letter for letter in letters(9) if letter.delivery_id in told
        )


def test_f02_what_postfix_took_before_it_was_killed_arrives_and_is_handed_over_once():
    """The server's machine dies in the middle; ours is told of each letter what it can know."""
    with postfix() as server:
        backend = backend_to(server)
        outcomes = []
        for outcome in backend.send(a_letter(), letters(600)):
            outcomes.append(outcome)
            if len(outcomes) == COUNT:
                server.kill()
        backend.close()
        server.start()
        wait_until(lambda: not server.queued(), "an empty queue")
        by_id = {one.message_id: one.delivery_id for one in letters(600)}
        arrived = Counter({by_id[name]: times for name, times in server.arrived().items()})
        kinds = {kind: named(outcomes, kind) for kind in (SendReceipt, AmbiguousSendError)}
        assert len(outcomes) == 600
        assert kinds[SendReceipt] <= set(arrived)
        assert set(arrived) <= kinds[SendReceipt] | kinds[AmbiguousSendError]
        assert max(arrived.values()) == 1
        assert len(kinds[AmbiguousSendError]) <= CONNECTIONS * WINDOW
        assert COUNT <= len(kinds[SendReceipt]) < 600


def named(outcomes, kind):
    return {outcome.delivery_id for outcome in outcomes if isinstance(outcome.result, kind)}
