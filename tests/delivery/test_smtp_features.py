"""What a server offers is used, and only that: chunks, size, international addresses, limits."""

import contextlib
import email
import itertools
import socket
import time
from email import policy

import pytest

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    HaltSending,
    NeverOffered,
    PermanentSendError,
    SendReceipt,
    TransientSendError,
    Unavailable,
)
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import SmtpServer, Tls, parse_server
from newsletter.delivery.smtp_session import WINDOW
from tests.delivery.given import a_letter, a_message
from tests.delivery.smtp_servers import Cut, Script, scripted_server

CHUNKING = ("CHUNKING", "SIZE 1000000")


def through(script, messages, options="connections=1"):
    with scripted_server(script) as port:
        backend = SmtpBackend(parse_server(f"smtp://127.0.0.1:{port}?tls=none&{options}", "x"))
        outcomes = list(backend.send(a_letter(), messages))
        backend.close()
    assert sorted(o.delivery_id for o in outcomes) == sorted(m.delivery_id for m in messages)
    return {outcome.delivery_id: outcome.result for outcome in outcomes}


def letters(count):
    return [a_message(number) for number in range(1, count + 1)]


def message_id(raw):
    return raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0]


def kinds(results):
    return [type(results[number]) for number in sorted(results)]


def chunked(answers, count=5):
    script = Script(answers, features=CHUNKING)
    return script, through(script, letters(count))


def test_letters_leave_in_chunks_without_waiting_for_each_answer():
    class Hesitant(Script):
        """Answers nothing before a whole window of letters is there."""

        def say(self, client, step, usual):
            if step == "end" and self.letter == 1:
                while len(self.received) < 1:
                    time.sleep(0.01)
                time.sleep(0.2)
            return super().say(client, step, usual)

    script = Hesitant(features=CHUNKING)
    began = time.monotonic()
    results = through(script, letters(40))
    assert kinds(results) == [SendReceipt] * 40
    assert time.monotonic() - began < 5
    assert not [line for line in script.commands if line.startswith("DATA")]
    message = email.message_from_bytes(script.accepted[0], policy=policy.default)
    assert message["To"].addresses[0].addr_spec == "reader1@example.com"


def test_chunks_are_not_used_where_only_they_are_offered_without_pipelining():
    script = Script(pipelining=False, features=CHUNKING)
    assert kinds(through(script, letters(3))) == [SendReceipt] * 3
    assert not [line for line in script.commands if line.startswith("BDAT")]


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("rcpt", "550 5.1.1 <reader2@example.com> unknown", PermanentSendError),
        ("rcpt", "451 4.7.1 greylisted", TransientSendError),
        ("end", "554 5.6.0 spam", PermanentSendError),
        ("end", "452 4.2.2 mailbox full", TransientSendError),
    ],
)
def test_one_refused_letter_among_chunks_does_not_touch_the_others(step, answer, kind):
    script, results = chunked({(step, 2): answer})
    assert kinds(results) == [SendReceipt, kind, *[SendReceipt] * 3]
    assert len(script.accepted) == 4
    assert results[2].reason.startswith("rcpt" if step == "rcpt" else "end of data")


def test_f15_a_cut_among_chunks_leaves_in_doubt_what_had_left_and_nothing_else():
    script, results = chunked({("end", 3): None}, count=60)
    taken = [number for number in results if isinstance(results[number], SendReceipt)]
    doubtful = [number for number in results if isinstance(results[number], AmbiguousSendError)]
    assert set(results) == {*taken, *doubtful}
    assert 1 <= len(doubtful) <= WINDOW
    # The end of a connection may swallow the last answers; no letter is offered twice for that.
    assert len(taken) <= len(script.accepted) <= len(taken) + len(doubtful)
    assert len(set(map(message_id, script.accepted))) == len(script.accepted)


def test_f15_after_a_421_among_chunks_all_of_them_go_elsewhere():
    class Polite(Script):
        """Lets its last word arrive before it hangs up."""

        def hold(self, client):
            with client, client.makefile("rb") as lines, contextlib.suppress(OSError):
                with contextlib.suppress(Cut):
                    self.talk(client, lines)
                client.shutdown(socket.SHUT_WR)
                lines.read()

    script = Polite({("end", 3): "421 4.3.2 closing"}, features=CHUNKING)
    results = through(script, letters(60))
    assert kinds(results) == [SendReceipt] * 60
    assert len(script.accepted) == 60
    assert len(set(map(message_id, script.accepted))) == 60
    assert script.connections == 2


def test_a_connection_carries_no_more_letters_than_the_operator_allows():
    script = Script()
    results = through(script, letters(25), "connections=1&letters=10")
    assert kinds(results) == [SendReceipt] * 25
    assert script.connections == 3


def test_a_server_that_takes_fewer_connections_than_we_have_gets_its_letters_over_those():
    class Small(Script):
        """Takes two connections in all."""

        open = itertools.count()

        def talk(self, client, lines):
            if next(self.open) < 2:
                super().talk(client, lines)
            client.sendall(b"421 4.7.0 too many connections from you\r\n")

    script = Small()
    results = through(script, letters(100), "connections=4")
    assert kinds(results) == [SendReceipt] * 100
    assert len(script.accepted) == 100


def test_the_size_is_told_in_advance():
    script = Script()
    through(script, letters(1))
    (mail,) = [line for line in script.commands if line.startswith("MAIL")]
    assert mail.endswith(f"SIZE={len(script.accepted[0])}")


def test_a_letter_that_is_too_large_for_the_server_stops_the_issue_and_is_not_offered():
    script = Script(features=("SIZE 1000",))
    results = through(script, letters(5))
    assert kinds(results) == [HaltSending] * 5
    assert "1000" in results[1].reason
    assert not [line for line in script.commands if line.startswith("MAIL")]


def test_a_server_without_a_limit_says_so_with_zero():
    assert kinds(through(Script(features=("SIZE 0",)), letters(2))) == [SendReceipt] * 2


def test_an_international_address_goes_to_a_server_that_takes_it():
    script = Script(features=("SMTPUTF8", "8BITMIME"))
    results = through(script, [a_message(1, address="김하늘@예시.한국"), a_message(2)])
    assert kinds(results) == [SendReceipt] * 2
    international, plain = [line for line in script.commands if line.startswith("MAIL")]
    assert international.endswith("BODY=8BITMIME SMTPUTF8")
    assert "SMTPUTF8" not in plain
    assert "RCPT TO:<김하늘@예시.한국>" in script.commands
    assert "김하늘@예시.한국".encode() in script.accepted[0]


def test_an_international_address_is_refused_where_the_server_does_not():
    results = through(Script(), [a_message(1, address="김하늘@예시.한국"), a_message(2)])
    assert kinds(results) == [PermanentSendError, SendReceipt]
    assert results[1].reason == "smtputf8 not offered"


@pytest.mark.parametrize(
    "address", ["김\r\nRCPT TO:<x@y>@예시.한국", "<김@b.c>", "김 @b.c", "김@@b"]
)
def test_an_address_that_is_none_in_any_language_is_refused(address):
    script = Script(features=("SMTPUTF8",))
    assert kinds(through(script, [a_message(1, address=address)])) == [NeverOffered]
    assert not [line for line in script.commands if line.startswith("RCPT")]


def test_a_server_may_call_a_letter_whatever_it_likes():
    strange = "250 2.0.0 \0ok\x1b[31m " + "queued " * 50
    script = Script({("end", 1): strange})
    results = through(script, letters(2))
    assert kinds(results) == [SendReceipt] * 2
    told = results[1].provider_id
    assert (len(told), told[:14]) == (200, "2.0.0  ok [31m")
    assert told.isprintable()


def test_a_server_that_never_stops_talking_is_not_listened_to():
    class Endless(Script):
        def talk(self, client, lines):
            while True:
                client.sendall(b"220-hello\r\n" * 100)

    results = through(Endless(), letters(3))
    assert kinds(results) == [Unavailable] * 3
    assert {error.reason for error in results.values()} == {"greeting garbage"}


@pytest.mark.parametrize("dripped", [b"2", b"220-hello\r\n"], ids=["octets", "lines"])
def test_a_server_that_drips_is_waited_for_no_longer_than_a_silent_one(dripped):
    class Dripping(Script):
        def talk(self, client, lines):
            while True:
                client.sendall(dripped)
                time.sleep(0.1)

    with scripted_server(Dripping()) as port:
        server = SmtpServer("127.0.0.1", port, Tls.NONE, connections=1, patience=0.2)
        backend, began = SmtpBackend(server), time.monotonic()
        (outcome,) = backend.send(a_letter(), letters(1))
        backend.close()
    assert isinstance(outcome.result, Unavailable)
    assert time.monotonic() - began < 8, "a hundred lines would take ten seconds"
