"""What every backend promises: one class of tests, run against each of them."""

import email
import time
from contextlib import contextmanager
from email import policy

import pytest
from django.conf import settings

from newsletter.delivery.backends.base import (
    HaltSending,
    NotHandedOver,
    PermanentSendError,
    SendReceipt,
)
from newsletter.delivery.backends.inbox import InboxBackend
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.inbox_store import InboxStore
from newsletter.delivery.smtp_server import parse_server
from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
from tests.delivery.given import a_letter, a_message
from tests.delivery.smtp_servers import Script, scripted_server


class Arrived:
    """A mail at the far side, however it travelled."""

    def __init__(self, to, message_or_fake):
        self.to = to
        if isinstance(message_or_fake, bytes):
            mail = email.message_from_bytes(message_or_fake, policy=policy.default)
            self.subject, self.headers = mail["Subject"], dict(mail.items())
            parts = [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]
            self.text, self.html = parts
        else:
            self.subject, self.headers = message_or_fake["subject"], message_or_fake["headers"]
            self.text, self.html = message_or_fake["text"], message_or_fake["html"]


@contextmanager
def by_inbox(port):
    path = settings.DATA_DIR / "inbox.sqlite3"
    store, backend = InboxStore(path), InboxBackend(port, path)
    before = store.count()
    yield (
        backend,
        lambda: [
            Arrived(m.rcpt_to, store.message(m.id).raw)
            for m in reversed(store.messages(per_page=10_000))
            if m.id > before
        ],
    )
    backend.close()


@contextmanager
def by_smtp(_port, *, pipelining=True):
    script = Script(pipelining=pipelining)
    with scripted_server(script) as port:
        server = parse_server(f"smtp://127.0.0.1:{port}?tls=none&connections=1", "localhost")
        backend = SmtpBackend(server)
        yield backend, lambda: [Arrived(_to(raw), raw) for raw in script.accepted]
        backend.close()


@contextmanager
def by_plain_smtp(_port):
    with by_smtp(_port, pipelining=False) as way:
        yield way


@contextmanager
def by_sendgrid(_port):
    with fake_sendgrid() as fake:
        yield SendGridBackend(KEY, fake.url), lambda: [Arrived(m["to"], m) for m in fake.mails]


def _to(raw):
    return email.message_from_bytes(raw, policy=policy.default)["To"].addresses[0].addr_spec


@pytest.fixture(params=[by_inbox, by_smtp, by_plain_smtp, by_sendgrid])
def way(request, inbox_server):
    with request.param(inbox_server) as (backend, arrived):
        yield backend, arrived


class TestEveryBackend:
    def test_each_message_is_accepted_once_and_arrives_once(self, way):
        backend, arrived = way
        messages = [a_message(number) for number in range(1, 8)]
        outcomes = list(backend.send(a_letter(), messages))
        assert sorted(o.delivery_id for o in outcomes) == list(range(1, 8))
        assert all(isinstance(o.result, SendReceipt) for o in outcomes)
        assert sorted(m.to for m in arrived()) == [f"reader{n}@example.com" for n in range(1, 8)]

    def test_each_reader_gets_their_own_values_escaped_where_they_must_be(self, way):
        backend, arrived = way
        messages = [a_message(1, "<b>가</b> & 나", unsubscribe="one.tag"), a_message(2, "둘")]
        list(backend.send(a_letter(), messages))
        first, second = sorted(arrived(), key=lambda mail: mail.to)
        assert "<b>가</b> & 나 님" in first.text
        assert "&lt;b&gt;가&lt;/b&gt; &amp; 나 님" in first.html
        assert "/u/one.tag" in first.html
        assert first.headers["List-Unsubscribe"] == "<https://news.example.org/u/one.tag>"
        assert first.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "둘 님" in second.text
        assert "가" not in second.text.partition("님")[0]

    def test_a_notice_carries_no_list_headers(self, way):
        backend, arrived = way
        list(backend.send(a_letter(bulk=False), [a_message()]))
        (mail,) = arrived()
        assert mail.headers["Auto-Submitted"] == "auto-generated"
        assert not [name for name in mail.headers if name.startswith("List-")]

    def test_an_impossible_address_is_refused_and_the_others_leave(self, way):
        backend, arrived = way
        messages = [a_message(1), a_message(2, address="a@b>\r\nRCPT TO:<c@d.e"), a_message(3)]
        results = {o.delivery_id: o.result for o in backend.send(a_letter(), messages)}
        assert isinstance(results[2], PermanentSendError)
        assert isinstance(results[1], SendReceipt)
        assert isinstance(results[3], SendReceipt)
        assert len(arrived()) == 2

    def test_nothing_is_handed_over_when_there_is_nothing(self, way):
        backend, arrived = way
        assert list(backend.send(a_letter(), [])) == []
        assert arrived() == []

    def test_f19_nothing_is_handed_over_once_the_callers_time_is_over(self, way):
        backend, arrived = way
        late = backend.send(a_letter(), [a_message(1), a_message(2)], until=time.monotonic() - 1)
        assert [type(outcome.result) for outcome in late] == [NotHandedOver] * 2
        assert arrived() == []
        (outcome,) = backend.send(a_letter(), [a_message(3)], until=time.monotonic() + 60)
        assert isinstance(outcome.result, SendReceipt)

    def test_it_can_be_used_again_and_again(self, way):
        backend, arrived = way
        for number in range(1, 4):
            list(backend.send(a_letter(), [a_message(number)]))
        assert len(arrived()) == 3

    def test_the_prefix_of_a_preview_stands_before_the_subject(self, way):
        backend, arrived = way
        list(backend.send(a_letter("주제", prefix="[미리보기] "), [a_message()]))
        assert arrived()[0].subject == "[미리보기] 주제"

    def test_it_says_what_it_knows_of_letters_in_doubt(self, way):
        backend, _ = way
        message = a_message()
        list(backend.send(a_letter(), [message]))
        known = backend.settle([message.message_id, "never@sent"])
        assert known in (None, {message.message_id: True, "never@sent": False})
        assert (known is not None) == isinstance(backend, InboxBackend)


def test_a_halt_is_the_outcome_of_every_message_that_is_left():
    script = Script({("mail", 2): "550 5.7.1 not you"})
    with scripted_server(script) as port:
        backend = SmtpBackend(
            parse_server(f"smtp://127.0.0.1:{port}?tls=none&connections=1", "localhost")
        )
        results = {
            o.delivery_id: o.result
            for o in backend.send(a_letter(), [a_message(n) for n in range(1, 6)])
        }
        backend.close()
    assert isinstance(results[1], SendReceipt)
    assert [type(results[n]) for n in range(2, 6)] == [HaltSending] * 4
    assert len(script.accepted) == 1
