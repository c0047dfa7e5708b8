"""F15: several SMTP connections in one thread, where one waits, breaks, stalls or is given up."""

import contextlib
import threading
import time
from itertools import takewhile

import pytest

from newsletter.delivery.backends.base import SendReceipt
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_connection import ConnectionLost, Reply
from newsletter.delivery.smtp_server import SmtpServer, Tls
from newsletter.delivery.smtp_session import PreparedLetter, Session
from tests.delivery.given import HTML, a_letter
from tests.delivery.smtp_calls import arrived, backend_for, kinds, letters, results_of
from tests.delivery.smtp_servers import Counting, Cut, Script, smtp_server


def a_large_letter(lines):
    """Return a letter with so many times two kilobytes on the wire."""
    return a_letter(html=HTML + f"<p>{'가나다라 ' * 100}</p>\n" * lines)


class Kilobytes:
    """What came from a client, read a kilobyte at a time."""

    def __init__(self, client):
        self.client, self.held = client, b""

    def __iter__(self):
        return iter(self.line, b"")

    def line(self):
        while b"\n" not in self.held:
            self.fill()
        line, end, self.held = self.held.partition(b"\n")
        return line + end

    def read(self, size):
        pieces = []
        while size:
            if not self.held:
                self.fill()
            piece, self.held = self.held[:size], self.held[size:]
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def fill(self):
        octets = self.client.recv(1024)
        if not octets:
            raise Cut
        self.held += octets


class Slow(Script):
    """Reads a kilobyte at a time, behind TLS where it has a context."""

    context = None

    def hold(self, client):
        with client, contextlib.suppress(Cut, OSError):
            if self.context is None:
                self.talk(client, Kilobytes(client))
                return
            with self.context.wrap_socket(client, server_side=True) as encrypted:
                self.talk(encrypted, Kilobytes(encrypted))


@pytest.mark.parametrize("tls", [Tls.NONE, Tls.IMPLICIT])
def test_a_slow_reader_gets_every_letter_whole(features, tls, certificate):
    ca, context = certificate
    script = Slow(**features)
    script.context = context if tls is Tls.IMPLICIT else None
    with backend_for(script, tls=tls, ca_file=str(ca), connections=2) as backend:
        results = results_of(backend.send(a_large_letter(500), letters(4)))
    assert kinds(results) == [SendReceipt] * 4
    assert arrived(script.accepted) == [1, 2, 3, 4]
    assert all(body.endswith(b"\r\n--=_alternative--\r\n") for body in script.accepted)
    assert len(set(map(len, script.accepted))) == 1


class Stalling(Script):
    """Reads nothing of the first body that it invited or was sent."""

    def __init__(self, **options):
        super().__init__(**options)
        self.stalls, self.over = [True], threading.Event()

    def take_body(self, client, lines):
        self.stall()
        body = b"".join(takewhile(lambda line: line != b".\r\n", lines))
        super().take_body(client, [body, b".\r\n"])

    def talk(self, client, lines):
        super().talk(client, Until(lines, b"BDAT", self.stall))

    def stall(self):
        if self.stalls:
            self.stalls.clear()
            self.over.wait(30)
            raise Cut


class Until:
    """Lines of a client, with something to do before what follows the first of them."""

    def __init__(self, lines, word, act):
        self.lines, self.word, self.act = lines, word, act

    def __iter__(self):
        for line in self.lines:
            if line.startswith(self.word):
                self.act()
            yield line

    def read(self, size):
        return self.lines.read(size)


def test_f15_a_letter_that_stalls_half_way_goes_by_another_connection_and_arrives_once(features):
    script = Stalling(**features)
    # More than the buffers of a socket can grow to.
    letter = a_large_letter(5_000)
    with backend_for(script, connections=1, patience=5) as backend:
        results = results_of(backend.send(letter, letters(1)))
        script.over.set()
    assert kinds(results) == [SendReceipt]
    assert arrived(script.accepted) == [1]


class Breaking:
    """A connection that takes the first envelope, and loses the next write but for its end."""

    def __init__(self, unsent):
        self.unsent, self.replies = unsent, [Reply(250, ""), Reply(250, ""), Reply(354, "")]
        self.writes = 0

    def offers(self, feature):
        return feature == "PIPELINING"

    def write(self, octets):
        self.writes += 1
        if self.writes > 1:
            raise ConnectionLost("broken", unsent=self.unsent)

    def reply(self):
        return self.replies.pop(0)


ENVELOPE = (b"MAIL FROM:<a@b>\r\n", b"RCPT TO:<c@d>\r\n")
LENGTH = len(b"".join(ENVELOPE) + b"DATA\r\n")


@pytest.mark.parametrize(("unsent", "doubtful"), [(0, 1), (LENGTH, 1), (LENGTH + 1, 0)])
def test_f15_the_last_octet_of_the_final_dot_puts_a_letter_in_doubt(unsent, doubtful):
    prepared = [PreparedLetter(message, ENVELOPE, [b"body\r\n"], 6) for message in letters(2)]
    session = Session(Breaking(unsent))
    with pytest.raises(ConnectionLost) as lost:
        list(session.deliver(prepared))
    told = [outcome.delivery_id for outcome in session.lost(lost.value)]
    safe = {letter.message.delivery_id for letter in session.safe}
    assert (told, safe) == (([1], {2}) if doubtful else ([], {1, 2}))


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_many_letters_over_several_encrypted_connections(tls, certificate):
    (ca, context), handler = certificate, Counting()
    options = {"implicit_tls": context} if tls is Tls.IMPLICIT else {"tls_context": context}
    with smtp_server(handler, **options) as port:
        backend = SmtpBackend(SmtpServer("127.0.0.1", port, tls, ca_file=str(ca)))
        results = results_of(backend.send(a_letter(), letters(200)))
        backend.close()
    assert kinds(results) == [SendReceipt] * 200
    assert sorted(handler.seen) == sorted(message.address for message in letters(200))
    assert 1 < len(handler.sessions) <= 4


def test_f15_a_handshake_that_drips_is_waited_for_no_longer_than_a_silent_one(certificate):
    class Dripping(Script):
        """Promises a long record, and sends it for ten seconds."""

        def hold(self, client):
            with client, contextlib.suppress(OSError):
                client.recv(4096)
                client.sendall(b"\x16\x03\x03\x40\x00")
                for _ in range(100):
                    time.sleep(0.1)
                    client.sendall(b"\x02")

    with backend_for(Dripping(), tls=Tls.IMPLICIT, connections=1, patience=0.5) as backend:
        results = results_of(backend.send(a_letter(), letters(1)))
    assert {error.reason for error in results.values()} == {"greeting TimeoutError"}
