"""F15: SMTP connections that are given up, closed by the server, refused, or shared by threads."""

import gc
import os
import resource
import socket
import threading
from pathlib import Path

import pytest

from newsletter.delivery.backends.base import AmbiguousSendError, SendReceipt
from tests.delivery.given import a_letter
from tests.delivery.smtp_calls import arrived, backend_for, kinds, letters, results_of
from tests.delivery.smtp_servers import Cut, Script
from tests.servers import wait_until


def descriptors():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def give_up(outcomes, after, told):
    for outcome in outcomes:
        told.append(outcome)
        if len(told) == after:
            raise KeyError


def test_f15_an_error_of_the_caller_in_the_middle_of_a_slice_ends_all_connections(features):
    script, told = Script(**features), []
    with backend_for(script, connections=3) as backend:
        before = descriptors()
        with pytest.raises(KeyError):
            give_up(backend.send(a_letter(), letters(100)), 10, told)
        wait_until(lambda: descriptors() <= before, "all descriptors are closed")
        results = results_of(backend.send(a_letter(), letters(20, first=101)))
    assert kinds(results) == [SendReceipt] * 20
    came = arrived(script.accepted)
    assert len(came) == len(set(came)), "none twice"
    assert {outcome.delivery_id for outcome in told} <= set(came)


def test_f15_letters_that_cannot_be_read_on_end_the_call_and_not_the_backend(features):
    def broken():
        yield from letters(20)
        raise KeyError

    script = Script(**features)
    with backend_for(script, connections=3) as backend:
        with pytest.raises(KeyError):
            list(backend.send(a_letter(), broken()))
        assert kinds(results_of(backend.send(a_letter(), letters(9, 101)))) == [SendReceipt] * 9
    assert len(set(arrived(script.accepted))) == len(script.accepted)


def test_f15_no_descriptor_is_left_by_sixty_calls_of_which_many_are_given_up():
    """Two ends of each connection are in this process: neither may stay."""
    cut = {("end", number): None for number in range(3, 300, 7)}
    script = Script(cut | {("rcpt", number): "421 bye" for number in range(5, 300, 11)})
    before = descriptors()
    with backend_for(script, connections=3, letters=5) as backend:
        for call in range(60):
            for _ in backend.send(a_letter(), letters(5)):
                if call % 3 == 0:
                    break
    wait_until(lambda: descriptors() <= before, "all descriptors are closed")


def test_f15_a_call_given_up_while_it_connects_leaves_no_socket_open():
    class Silent(Script):
        def talk(self, client, lines):
            if self.connections > 1:
                lines.read()
            super().talk(client, lines)

    with backend_for(Silent(), connections=3) as backend:
        before = descriptors()
        outcomes = backend.send(a_letter(), letters(50))
        next(outcomes)
        outcomes.close()
        wait_until(lambda: descriptors() <= before, "all descriptors are closed")


def test_a_descriptor_may_have_any_number():
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, min(most, 2048)), most))
    held = [os.dup(0) for _ in range(1100)]
    try:
        with backend_for(Script(), connections=3) as backend:
            assert kinds(results_of(backend.send(a_letter(), letters(9)))) == [SendReceipt] * 9
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, most))


def test_f15_a_connection_that_the_server_has_closed_meanwhile_gets_no_letter(features):
    class Terse(Script):
        """Hangs up behind the answer to each letter."""

        def say(self, client, step, usual):
            answer = super().say(client, step, usual)
            if step == "end":
                client.shutdown(socket.SHUT_RDWR)
                raise Cut
            return answer

    script = Terse(**features)
    with backend_for(script, connections=1) as backend:
        for number in (1, 2, 3):
            (outcome,) = backend.send(a_letter(), letters(1, first=number))
            assert isinstance(outcome.result, SendReceipt), outcome.result
            (connection,) = backend._idle  # noqa: SLF001 - nothing else tells when the end arrives
            wait_until(connection.has_more_to_say, "the end of the connection arrives")
    assert arrived(script.accepted) == [1, 2, 3]


@pytest.mark.parametrize("answer", ["2", "25", "150 wait", "354 go on", "999 ok", "2x0 ok"])
def test_f15_an_answer_that_is_neither_yes_nor_no_leaves_a_letter_in_doubt(features, answer):
    with backend_for(Script({("end", 1): answer}, **features), connections=1) as backend:
        results = results_of(backend.send(a_letter(), letters(1)))
    assert kinds(results) == [AmbiguousSendError]


def test_f15_the_next_address_is_tried_where_one_refuses_or_is_of_no_known_kind(monkeypatch):
    def both(host, port, **_):
        kind = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        refusing = ("127.0.0.1", 1)
        return [
            (socket.AF_INET, *kind, refusing),
            (99, *kind, ("::1", port, 0, 0)),
            (socket.AF_INET, *kind, ("127.0.0.1", port)),
        ]

    script = Script()
    with backend_for(script, connections=2) as backend:
        monkeypatch.setattr(socket, "getaddrinfo", both)
        assert kinds(results_of(backend.send(a_letter(), letters(5)))) == [SendReceipt] * 5


def test_f15_letters_of_a_connection_that_is_never_greeted_leave_by_the_others():
    class Small(Script):
        """Greets one connection, and lets the others wait."""

        def __init__(self):
            super().__init__()
            self.greeted = threading.Lock()

        def __copy__(self):
            return self

        def talk(self, client, lines):
            if self.greeted.acquire(blocking=False):
                super().talk(client, lines)
            else:
                lines.read()

    with backend_for(Small(), connections=3, patience=2) as backend:
        assert kinds(results_of(backend.send(a_letter(), letters(9)))) == [SendReceipt] * 9


def test_threads_share_the_connections_of_one_backend():
    script, trouble = Script(), []

    def send(first):
        try:
            for call in range(20):
                results = results_of(backend.send(a_letter(), letters(5, first + 5 * call)))
                assert kinds(results) == [SendReceipt] * 5
        except BaseException as error:
            trouble.append(error)
            raise

    with backend_for(script, connections=3, letters=4) as backend:
        threads = [threading.Thread(target=send, args=(100 * n + 1,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert trouble == []
    assert arrived(script.accepted) == list(range(1, 401))


def test_f15_a_call_that_was_forgotten_ends_without_touching_another():
    """It is in a cycle, and the collector comes by chance while another call writes a letter."""

    def forget(backend):
        outcomes = backend.send(a_letter(), letters(30))
        next(outcomes)
        cycle = [outcomes]
        cycle.append(cycle)

    def collecting():
        yield from letters(5, first=101)
        gc.collect()
        yield from letters(25, first=106)

    script = Script()
    gc.disable()
    try:
        with backend_for(script, connections=3) as first:
            forget(first)
            with backend_for(script, connections=3) as second:
                results = results_of(second.send(a_letter(), collecting()))
    finally:
        gc.enable()
    assert kinds(results) == [SendReceipt] * 30
