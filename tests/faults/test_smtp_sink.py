"""F15 against Postfix's own ``smtp-sink``, which rejects and hangs up where it is told to."""

import contextlib
import shutil
import socket

import pytest

from newsletter.delivery.backends.base import (
    AmbiguousSendError,
    PermanentSendError,
    SendReceipt,
    TransientSendError,
)
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.smtp_server import parse_server
from tests.delivery.given import a_letter, a_message
from tests.ports import free_port
from tests.servers import answers, running, unprivileged_account, wait_until

COUNT = 5
# Debian keeps it where users do not look.
PLACES = "/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin"


@contextlib.contextmanager
def smtp_sink(folder, *options):
    """Run a sink that keeps each letter it took in a file; yield its port and that folder."""
    program = shutil.which("smtp-sink", path=PLACES)
    assert program, "smtp-sink is missing: run scripts/test, or install the package postfix"
    taken, port = folder / "taken", free_port()
    taken.mkdir()
    taken.chmod(0o777)
    account = unprivileged_account()
    # It refuses to be root, and keeps letters in the folder where it was started.
    user = ("-u", account) if account else ()
    words = (*user, *options, "-d", "%M%S.", f"127.0.0.1:{port}", "100")
    with running(program, *words, log=folder / "log", cwd=taken):
        wait_until(lambda: answers(socket.AF_INET, ("127.0.0.1", port)), "smtp-sink")
        yield port, taken


def sent_through(folder, *options):
    """Send five letters; return what they became, and how many the sink kept."""
    with smtp_sink(folder, *options) as (port, taken):
        url = f"smtp://127.0.0.1:{port}?tls=none&connections=1"
        backend = SmtpBackend(parse_server(url, "localhost"))
        messages = [a_message(number) for number in range(1, COUNT + 1)]
        outcomes = list(backend.send(a_letter(), messages))
        backend.close()
        assert sorted(outcome.delivery_id for outcome in outcomes) == list(range(1, COUNT + 1))
        with socket.create_connection(("127.0.0.1", port)) as next_one:
            next_one.recv(100)  # one after the other: what was broken off is thrown away by now
        return [type(outcome.result) for outcome in outcomes], len(list(taken.iterdir()))


@pytest.mark.parametrize("options", [(), ("-p",), ("-8",)], ids=str)
def test_f15_what_the_sink_takes_is_accepted_and_there_once(tmp_path, options):
    """Pipelined, without pipelining, without 8BITMIME."""
    assert sent_through(tmp_path, *options) == ([SendReceipt] * COUNT, COUNT)


def test_f15_a_reader_who_is_put_off_is_for_later(tmp_path):
    kinds, taken = sent_through(tmp_path, "-r", "RCPT")
    assert [issubclass(kind, TransientSendError) for kind in kinds] == [True] * COUNT
    assert taken == 0


def test_f15_a_reader_who_is_refused_is_refused_for_good(tmp_path):
    assert sent_through(tmp_path, "-f", "RCPT") == ([PermanentSendError] * COUNT, 0)


def test_f15_a_connection_that_ends_before_the_body_leaves_nothing_in_doubt(tmp_path):
    kinds, taken = sent_through(tmp_path, "-q", "RCPT")
    assert [issubclass(kind, TransientSendError) for kind in kinds] == [True] * COUNT
    assert taken == 0


def test_f15_a_connection_that_ends_after_the_final_dot_leaves_that_letter_in_doubt(tmp_path):
    kinds, _ = sent_through(tmp_path, "-q", ".")
    assert AmbiguousSendError in kinds
    assert SendReceipt not in kinds
