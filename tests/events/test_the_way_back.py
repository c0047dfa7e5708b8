"""From a letter on the wire to its bounce: the envelope names the letter that comes back."""

import re

import pytest

from newsletter.delivery import send
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.smtp_server import parse_server
from newsletter.events import bounce_mailbox
from newsletter.subscribers.models import Suppression
from tests.delivery.given import an_issue_being_sent
from tests.delivery.smtp_servers import Script, scripted_server
from tests.events.notifications import a_dsn

pytestmark = pytest.mark.django_db


def deliver(count):
    """Send an issue; return the envelope senders as the server heard them."""
    an_issue_being_sent(count)
    script = Script()
    with scripted_server(script) as port:
        backend = SmtpBackend(
            parse_server(f"smtp://127.0.0.1:{port}?tls=none&connections=1", "localhost")
        )
        send.deliver_batch(Batch.objects.get().pk, backend)
        backend.close()
    return [found[1] for command in script.commands if (found := MAIL_FROM.match(command))]


MAIL_FROM = re.compile(r"MAIL FROM:<([^>]*)>")


def test_each_letter_has_a_way_back_of_its_own(settings):
    settings.BOUNCE_ADDRESS = "bounce@news.example.com"
    senders = deliver(3)
    assert len(set(senders)) == 3
    assert all(re.fullmatch(r"bounce\+[0-9a-z.]+@news\.example\.com", one) for one in senders)
    second = Delivery.objects.select_related("subscriber").order_by("pk")[1]
    assert bounce_mailbox.take(a_dsn(second.subscriber.email, to=senders[1]))
    assert Suppression.objects.get().address_hash == second.subscriber.address_hash


def test_without_a_bounce_address_the_sender_is_the_letters_own(settings):
    assert set(deliver(2)) == {settings.MAIL_FROM}


def test_a_way_back_under_a_retired_key_still_leads_home(settings):
    settings.BOUNCE_ADDRESS = "bounce@news.example.com"
    (sender,) = deliver(1)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of at least forty characters, as asked for"
    assert bounce_mailbox.take(a_dsn("reader0@example.com", to=sender))
    assert Suppression.objects.count() == 1
