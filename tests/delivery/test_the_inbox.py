"""The built-in inbox as a program of its own: it keeps what it says it keeps."""

import email
import os
import signal
import smtplib
import socket
import subprocess
import sys
from email import policy
from email.message import EmailMessage

import pytest

from newsletter.delivery.inbox_store import InboxStore
from tests.conftest import free_port
from tests.servers import PATIENCE, answers, wait_until


@pytest.fixture
def program(data_dir):
    port = free_port()
    environment = {**os.environ, "NEWSLETTER_DATA_DIR": str(data_dir), "INBOX_PORT": str(port)}
    command = (sys.executable, "-m", "newsletter.delivery.inbox_server")
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    wait_until(lambda: answers(socket.AF_INET, ("127.0.0.1", port)), "the inbox")
    yield process, port, InboxStore(data_dir / "inbox.sqlite3")
    process.kill()
    process.wait()


def a_mail(to="a@example.com", subject="안녕하세요"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "news@example.org", to, subject
    mail["Message-ID"] = f"<{to.partition(chr(64))[0]}.1@example.org>"
    mail.set_content("본문\n.점\n")
    return mail


def test_it_keeps_what_any_mail_program_hands_it(program):
    _, port, store = program
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(a_mail())
        client.send_message(a_mail("b@example.com", "둘"))
    newest, oldest = store.messages()
    assert (newest.subject, oldest.subject) == ("둘", "안녕하세요")
    assert (oldest.mail_from, oldest.rcpt_to) == ("news@example.org", "a@example.com")
    assert oldest.message_id == "a.1@example.org"
    assert oldest.raw == b""
    assert text_of(store.message(oldest.id).raw) == "본문\n.점\n"
    assert [m.rcpt_to for m in store.messages(to="b@example.com")] == ["b@example.com"]
    assert (store.count(), store.count("a@example.com"), store.count("c@x.y")) == (2, 1, 0)
    assert store.message(99) is None


def text_of(raw):
    return email.message_from_bytes(raw, policy=policy.default).get_content().replace("\r\n", "\n")


def test_it_knows_which_letters_it_took(program):
    _, port, store = program
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(a_mail())
    ids = ["a.1@example.org", *[f"{n}@nowhere" for n in range(1500)]]
    assert store.taken(ids) == {"a.1@example.org"}
    assert store.taken([]) == set()


def test_pages_are_cut_from_the_newest(program):
    _, port, store = program
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(5):
            client.send_message(a_mail(subject=f"{number}"))
    assert [m.subject for m in store.messages(2, per_page=2)] == ["2", "1"]


def test_accepted_means_kept_even_if_it_is_killed_at_once(program):
    process, port, store = program
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(a_mail())
        process.send_signal(signal.SIGKILL)
    process.wait()
    assert store.count() == 1


def test_it_ends_cleanly_when_asked(program):
    process, port, _ = program
    client = smtplib.SMTP("127.0.0.1", port)
    process.terminate()
    assert process.wait(PATIENCE) == 0
    client.close()


def test_an_inbox_that_never_ran_is_empty_and_not_an_error(tmp_path):
    store = InboxStore(tmp_path / "inbox.sqlite3")
    assert (store.messages(), store.count(), store.message(1)) == ([], 0, None)
