"""F09 and F15: what goes wrong between us and an SMTP server, and what each letter becomes.

Every test counts outcomes (exactly one for each letter) and what the server really took.
"""

import socket
import time

import pytest

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    NotHandedOver,
    PermanentSendError,
    SendReceipt,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import parse_server
from tests.delivery.given import a_letter, a_message
from tests.delivery.smtp_servers import Counting, Script, scripted_server, smtp_server


def send(url, count=5):
    """Send letters 1…count; return what became of each, and that each got one outcome."""
    backend = SmtpBackend(parse_server(url, "localhost"))
    outcomes = list(backend.send(a_letter(), [a_message(n) for n in range(1, count + 1)]))
    backend.close()
    assert sorted(o.delivery_id for o in outcomes) == list(range(1, count + 1))
    return {o.delivery_id: o.result for o in outcomes}


def through(script, count=5, connections=1):
    with scripted_server(script) as port:
        return send(f"smtp://127.0.0.1:{port}?tls=none&connections={connections}", count)


def kinds(results):
    return [type(results[number]) for number in sorted(results)]


@pytest.fixture(params=[True, False], ids=["pipelined", "one by one"])
def pipelining(request):
    return request.param


def test_one_refused_reader_does_not_touch_the_others(pipelining):
    script = Script({("rcpt", 2): "550 5.1.1 <reader2@example.com> unknown"}, pipelining=pipelining)
    results = through(script)
    assert kinds(results) == [SendReceipt, PermanentSendError, *[SendReceipt] * 3]
    assert results[2].reason == "rcpt 550 5.1.1", "the server's text may hold an address"
    assert len(script.accepted) == 4


def test_a_refused_reader_whose_data_was_invited_gets_an_empty_body(pipelining):
    script = Script({("rcpt", 2): "550 5.1.1 no", ("data", 2): "354 go on"}, pipelining=pipelining)
    results = through(script)
    assert kinds(results) == [SendReceipt, PermanentSendError, *[SendReceipt] * 3]
    assert len([body for body in script.accepted if body]) == 4
    assert len(script.accepted) == 4


@pytest.mark.parametrize("step", ["rcpt", "data", "end"])
def test_a_four_hundred_is_for_later(step, pipelining):
    script = Script({(step, 3): "451 4.7.1 greylisted"}, pipelining=pipelining)
    results = through(script)
    assert kinds(results) == [
        SendReceipt,
        SendReceipt,
        TransientSendError,
        SendReceipt,
        SendReceipt,
    ]
    assert len(script.accepted) == 4


def test_a_refused_body_is_refused_for_good(pipelining):
    results = through(Script({("end", 1): "554 5.6.0 spam"}, pipelining=pipelining))
    assert kinds(results) == [PermanentSendError, *[SendReceipt] * 4]


def test_a_refused_sender_stops_everything(pipelining):
    script = Script({("mail", 2): "550 5.7.1 not you"}, pipelining=pipelining)
    assert kinds(through(script)) == [SendReceipt, *[HaltSending] * 4]


@pytest.mark.parametrize("step", ["rcpt", "data", "end"])
def test_a_server_that_wants_us_to_log_in_stops_everything(step, pipelining):
    """530 is said of the sender at whatever step (RFC 4954): the next reader would fare no better."""
    script = Script({(step, 2): "530 5.7.0 Authentication required"}, pipelining=pipelining)
    first, refused, _under_way, *others = kinds(through(script))
    assert [first, refused, *others] == [SendReceipt, *[HaltSending] * 3]


@pytest.mark.parametrize("answer", ["500 what?", "501 5.1.3 bad address", "531 x", "529 x"])
def test_every_other_five_hundred_is_for_good_and_for_that_letter(answer, pipelining):
    results = through(Script({("rcpt", 2): answer}, pipelining=pipelining))
    assert kinds(results) == [SendReceipt, PermanentSendError, *[SendReceipt] * 3]


def test_a_cut_before_the_body_is_tried_again_and_loses_nothing(pipelining):
    script = Script({("rcpt", 2): None}, pipelining=pipelining)
    results = through(script)
    assert kinds(results) == [SendReceipt] * 5
    assert (len(script.accepted), script.connections) == (5, 2)


def test_a_cut_instead_of_the_answer_leaves_exactly_that_letter_in_doubt(pipelining):
    script = Script({("end", 2): None}, pipelining=pipelining)
    results = through(script)
    assert kinds(results) == [SendReceipt, AmbiguousSendError, *[SendReceipt] * 3]
    assert len(script.accepted) == 4


def test_a_421_instead_of_the_answer_is_a_plain_no_and_the_letter_goes_again(pipelining):
    script = Script({("end", 2): "421 4.3.2 closing"}, pipelining=pipelining)
    assert kinds(through(script)) == [SendReceipt] * 5
    assert (len(script.accepted), script.connections) == (5, 2)


def test_a_421_before_the_body_is_tried_on_another_connection(pipelining):
    script = Script({("mail", 3): "421 4.4.5 too many letters"}, pipelining=pipelining)
    assert kinds(through(script)) == [SendReceipt] * 5
    assert (len(script.accepted), script.connections) == (5, 2)


def test_f19_a_body_that_was_invited_is_withheld_when_the_time_is_over(pipelining):
    """The server takes longer for its 354 than the lease of the sender lasts."""

    class Slow(Script):
        def say(self, client, step, usual):
            if (step, self.letter) == ("data", 2):
                time.sleep(0.4)
            return super().say(client, step, usual)

    script = Slow(pipelining=pipelining)
    with scripted_server(script) as port:
        url = f"smtp://127.0.0.1:{port}?tls=none&connections=1"
        backend = SmtpBackend(parse_server(url, "localhost"))
        messages = [a_message(n) for n in range(1, 6)]
        outcomes = list(backend.send(a_letter(), messages, until=time.monotonic() + 0.2))
        backend.close()
    results = {outcome.delivery_id: outcome.result for outcome in outcomes}
    assert kinds(results) == [SendReceipt, *[NotHandedOver] * 4]
    assert len(script.received) == 1


def test_a_server_that_is_not_there_puts_everything_off_after_one_try():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        results = send(f"smtp://127.0.0.1:{port}?tls=none&connections=3")
    assert kinds(results) == [Unavailable] * 5
    assert {error.reason for error in results.values()} == {"connect ConnectionRefusedError"}


@pytest.mark.parametrize(
    ("greeting", "kind"), [("554 no service", HaltSending), ("450 later", Unavailable)]
)
def test_an_unfriendly_greeting(greeting, kind):
    class Unfriendly(Script):
        def talk(self, client, lines):
            client.sendall(f"{greeting}\r\n".encode())

    assert kinds(through(Unfriendly())) == [kind] * 5


def test_several_connections_share_the_work_and_nothing_is_sent_twice():
    handler = Counting()
    with smtp_server(handler) as port:
        results = send(f"smtp://127.0.0.1:{port}?tls=none&connections=4", count=200)
    assert kinds(results) == [SendReceipt] * 200
    assert sorted(handler.seen) == sorted(f"reader{n}@example.com" for n in range(1, 201))
    assert 1 < len(handler.sessions) <= 4


def test_a_slow_broken_connection_among_several_loses_and_doubles_nothing():
    script = Script({("end", 7): None, ("rcpt", 11): None, ("end", 20): "421 bye"})
    results = through(script, count=60, connections=3)
    accepted = [n for n, result in results.items() if isinstance(result, SendReceipt)]
    assert len(accepted) == len(script.accepted)
    ids = [body.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for body in script.accepted]
    assert len(set(ids)) == len(ids)
